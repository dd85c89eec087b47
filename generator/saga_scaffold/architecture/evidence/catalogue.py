"""Which messages travel on which topic, and whose they are, where a document lists messages: `A`, `B` on **t**; **t**: `A`, `B`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, tokens
from saga_scaffold.spec import naming

_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,2}[.)])\s+(.+)$")
_ON = re.compile(
    r"^(?P<names>[^:]+?)\s*(?:\b(?:is|are|go|goes|sent|published|travels?)\s+)*(?:\b(?:on|via|to|over)|→|@|:)\s*(?:the\s+)?(?:topic\s+)?"
    r"[*`]+(?P<topic>[\w.-]+)[*`]+\W*$",
    re.IGNORECASE,
)
_OF_TOPIC = re.compile(
    r"^[*`]+(?P<topic>[\w.-]+)[*`]+\s*(?:\([^()]*\)\s*)?(?::\**|→|[-–—]|carries|holds)\s*(?P<names>.+)$"
)


@dataclass(frozen=True)
class Listed:
    """Messages that a document lists for a topic; the owner is empty where none is named."""

    names: frozenset[str]
    topic: str
    owner: str


def with_catalogue(found: Sequence[Found], lines: Sequence[str]) -> None:
    """Says to each step on which topics its messages travel, and whose they are."""
    listed = {name: one for one in reversed(list(catalogue(lines))) for name in one.names}
    for step in found:
        for name in _said(step, "command") & listed.keys():
            step.say("command topic", f"`{listed[name].topic}`")
            if step.service is None:
                step.say("service", listed[name].owner)
        for roles, onto in ((("success", "events", "failure"), "event topic"), (("undo",), "undo topic")):
            for name in sorted(_said(step, *roles) & listed.keys()):
                step.say(onto, f"`{listed[name].topic}`")


def catalogue(lines: Sequence[str]) -> Iterator[Listed]:
    """Every list of messages with their topic."""
    owner, depth = "", 0
    for _, _, line in in_sections(lines):
        item = _ITEM.match(line)
        text = item[2] if item else line.strip()
        listed = _listed(text)
        if listed:
            names, topic = listed
            deeper = item is not None and len(item[1]) > depth
            yield Listed(names, topic, owner if deeper else "")
        elif item:
            owner, depth = plain(item[2]).rstrip(":"), len(item[1])
        elif line.strip():
            owner = ""


def _listed(text: str) -> tuple[frozenset[str], str] | None:
    for told in (_ON.match(text), _OF_TOPIC.match(text)):
        if told and Token(told["topic"], True).is_topic and all(map(_is_message, _parts(told["names"]))):
            return frozenset(map(naming.same_words, _parts(told["names"]))), told["topic"]
    return None


def _parts(text: str) -> list[str]:
    bare = re.sub(r"\([^()]*\)", " ", text)
    return [part for one in re.split(r"[,;/|&]|\band\b|\bor\b|\bund\b", bare) if (part := plain(one).strip(" ."))]


def _is_message(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][\w.-]*", name)) and (len(naming.words(name)) > 1 or is_event(name))


def _said(step: Found, *roles: str) -> set[str]:
    told = {naming.same_words(token.text) for role in roles for token in tokens(step.said.get(role, ""))}
    return told | {naming.same_words(plain(step.said[role])) for role in roles if role in step.said}
