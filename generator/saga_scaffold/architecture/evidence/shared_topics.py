"""Topics that carry all commands or all events: `**orders.commands**: every command`, `all events go to **orders.events**`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, StepDraft
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tokens import tokens

_ALL = (
    r"\b(?:all|every|each|any|alle|alles|jede[rs]?|jeden|tou(?:s|te|tes|t)|chaque|tod[oa]s?|cada|sämtliche)\b"
    r"(?:\s+(?:of\s+)?(?:the|les|los|las|os|as|der|die|den))?"
)
_WHAT = r"(?:\s+[\w-]+){0,2}?\s+(?P<what>[^\W\d_]+)"
_SHARED = re.compile(_ALL + _WHAT, re.IGNORECASE)
_ANSWER = re.compile(
    _ALL
    + r"(?:\s+[\w-]+){0,2}?\s+(?:repl(?:y|ies)|answers?|responds?|publish(?:es)?|reports?|antworte[nt]|veröffentlich(?:t|en)"
    r"|répond(?:ent)?|publie(?:nt)?|responden?|publican?|respondem?|publicam?)\b",
    re.IGNORECASE,
)
_ROLES = {"command": "command", "events": "event", "success": "event"}
_UNDOING = re.compile(r"compensat|undo|kompens|rollback|dead|dlq|audit|metric", re.IGNORECASE)


def with_shared_topics(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps, messages without a topic of their own on the one that carries all of their kind."""
    told = dict(reversed(list(_shared(lines))))
    return [_on(draft, told.get("command"), told.get("event")) for draft in drafts]


def _shared(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The kinds of messages that a line puts on one topic."""
    for line in lines:
        topics = [token.text for token in tokens(line) if token.is_topic and token.marked]
        if len(topics) != 1:
            continue
        said = line.replace(topics[0], "")
        if _ANSWER.search(said):
            yield "event", topics[0]
        for found in _SHARED.finditer(said):
            kind = _ROLES.get(role_of(found["what"]) or "")
            if kind and not _UNDOING.search(found[0]):
                yield kind, topics[0]
                if kind == "event" or "event" not in said.lower():
                    continue
                yield "event", topics[0]


def _on(draft: StepDraft, commands: str | None, events: str | None) -> StepDraft:
    command = _moved(draft.command, commands)
    success = _moved(draft.success, events)
    failures = tuple(one for failure in draft.failures if (one := _moved(failure, events)))
    return replace(draft, command=command, success=success, failures=failures)


def _moved(message: MessageDraft | None, topic: str | None) -> MessageDraft | None:
    """The message on the topic, if its own is not more than its name."""
    if message is None or topic is None or (message.topic is not None and message.topic != message.name):
        return message
    return MessageDraft(message.name, topic)
