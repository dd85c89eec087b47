"""Steps under headings or in numbered items, with what belongs to them in label bullets."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from saga_scaffold.architecture.draft import MessageDraft, SagaDraft, StepDraft, UndoDraft
from saga_scaffold.spec.duration import parse_duration

_LABELS = {
    "context": r"(bounded )?context|service|participant|owner",
    "command": r"(forward )?command( name)?",
    "command topic": r"command (topic|channel|queue)",
    "event topic": r"event topics?|event channels?",
    "success": r"success( event)?|(resulting |state[- ]transition )?event( on success)?|on success",
    "failure": r"failure( event)?|on failure|rejection( event)?",
    "undo": r"compensat\w*( (action|transaction|command))?|undo|rollback( action)?",
    "timeout": r"time-?out",
    "retries": r"retr\w*( policy)?",
    "kind": r"kind|type",
    "state": r"(fsm )?state",
}
_LINE = re.compile(r"^\s*(?:[-*+]|\d+[.)])?\s*\**\s*([A-Za-z][A-Za-z -]{1,40}?)\s*\**\s*:\s*\**\s*(.+?)\s*$")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+|\*\*)(?:(?:step|phase)\s*)?\d+\s*[.:)-]+\s*(.+?)[\s:*#]*$", re.IGNORECASE)
_OTHER = re.compile(r"compensation|event store|idempoten|overview|orchestrator", re.IGNORECASE)
_NONE = re.compile(r"^\W*(none|n/?a|not (needed|required|applicable)|nothing|no compensation)\b", re.IGNORECASE)


@dataclass
class _Found:
    """One step's labels."""

    title: str
    line: int
    labels: dict[str, str] = field(default_factory=dict)


def label_of(line: str) -> str | None:
    """Which label a line carries; None where it carries none."""
    found = _LINE.match(line[:300])
    said = found[1].strip().lower() if found else ""
    return next((name for name, pattern in _LABELS.items() if re.fullmatch(pattern, said)), None)


def draft_of(text: str) -> SagaDraft:
    """What the headings and labels of a document state."""
    title, steps = None, list[_Found]()
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line[:300])
        if heading and not _OTHER.search(heading[1]):
            steps.append(_Found(_plain(heading[1]), number))
        elif line.startswith("# ") and title is None:
            title = _plain(line[2:])
        elif steps and (label := label_of(line)) is not None:
            steps[-1].labels.setdefault(label, _value(line))
    return SagaDraft(title=title, steps=tuple(_step(one) for one in steps if "command" in one.labels))


def _step(found: _Found) -> StepDraft:
    said = found.labels
    return StepDraft(
        action=found.title,
        service=said.get("context"),
        command=_message(said.get("command"), said.get("command topic")),
        success=_message(said.get("success"), said.get("event topic")),
        failures=tuple(one for one in [_message(said.get("failure"), None)] if one),
        undo=_undo(said.get("undo")),
        kind=next((kind for kind in ("pivot", "retriable") if kind in said.get("kind", "").lower()), None),
        state=said.get("state"),
        timeout=_duration(said.get("timeout", "")),
        attempts=int(count[0]) if (count := re.findall(r"\b(\d{1,3})\b", said.get("retries", ""))) else None,
        line=found.line,
    )


def _message(name: str | None, topic: str | None) -> MessageDraft | None:
    if not name or _NONE.match(name):
        return None
    return MessageDraft(name.split()[0].rstrip(",;"), topic.split()[0] if topic else None)


def _undo(text: str | None) -> UndoDraft | None:
    if text is None:
        return None
    if _NONE.match(text):
        return UndoDraft(none_because=text)
    return UndoDraft(command=MessageDraft(text.split()[0].rstrip(",;")))


def _duration(text: str) -> timedelta | None:
    found = re.search(r"\d+\s*(?:ms|s|m|h|d)\b", text)
    return parse_duration(found[0].replace(" ", "")) if found else None


def _value(line: str) -> str:
    found = _LINE.match(line[:300])
    return _plain(found[2]) if found else ""


def _plain(text: str) -> str:
    return re.sub(r"[*`_]{1,3}(?=\S)|(?<=\S)[*`]{1,3}", "", text).strip(" *`")
