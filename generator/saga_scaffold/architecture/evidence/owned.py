"""A command with who carries it out, in one item: `Desk, topic **desk.in**: `Register``, ``Register` to Desk on **desk.in**`."""

import re
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_NAME = r"[A-ZÀ-ÖØ-Þ][\w&/-]*(?:\s+[\w&/-]+){0,4}?"
_OWNER = re.compile(
    rf"(?:\*\*)?(?P<owner>{_NAME})(?:\*\*)?\s*"
    r"(?:[,:;(–—|@]|\s-\s|→|(?=[*`])|(?:on|via|receives?|takes|handles|executes|runs)\s)"
)
_ARTICLE = r"(?:the\s+|l[ae]\s+|el\s+|den\s+|die\s+)?"
_TO = re.compile(
    r"(?:[*`]+\s*(?:,\s*)?(?:\(|→|(?:to|by|in|at|an|von|à|par|a|por)\s)|\b(?i:sent|goes|directed|addressed|handled|executed|performed|carried out"
    rf"|enviado|envoyée?|gesendet)\s+(?i:to|by|a|à|an)\s)\s*{_ARTICLE}(?:\*\*)?"
    r"(?P<owner>[A-ZÀ-ÖØ-Þ][\w&/-]*(?:\s+(?:[A-ZÀ-ÖØ-Þ&][\w&/-]*|of|and|service|context)\b)*)"
)


@dataclass(frozen=True)
class Owned:
    """A command with its service and its topic; the topic is empty where none is told."""

    name: str
    service: str
    topic: str


def owned_command(text: str) -> Owned | None:
    """The only command of an item and whose it is; None where the item does not tell both."""
    ways = (found for found in (_OWNER.match(text), _TO.search(text)) if found)
    owner = next((found for found in ways if not _is_no_owner(plain(found["owner"]))), None)
    if owner is None:
        return None
    rest = text if owner.re is _TO else text[owner.end("owner") :].removeprefix("**")
    names = [one.text for one in tokens(rest) if one.is_name and not one.is_topic]
    if len(names) != 1 or is_event(names[0]):
        return None
    topic = next((one.text for one in tokens(text) if one.is_topic), "")
    return Owned(names[0], plain(owner["owner"]), topic)


def _is_no_owner(text: str) -> bool:
    """Whether a text is a label, or itself a command: `ReserveStock`."""
    asks = base_form("".join(naming.words(text)[:1])) is not None
    return role_of(text) is not None or (asks and Token(text, False).is_name)
