"""Steps under titles: a heading, a bold line or a numbered item, with the labels that follow it."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.labels import labels_in, sheet_of
from saga_scaffold.architecture.evidence.nesting import Nesting
from saga_scaffold.architecture.evidence.state_names import phrase_of
from saga_scaffold.architecture.evidence.tables import labels_of, tables
from saga_scaffold.architecture.evidence.titles import condition_in, divided, kind_in, service_in, state_in, title_of
from saga_scaffold.architecture.evidence.tokens import Token, plain

_UNDOES = re.compile(r"compensat|rollback|undo|kompens|补偿", re.IGNORECASE)
_LETTERED = re.compile(r"([A-Z]{1,2}-?\d{1,2})(?=\s|[.:)])")
_NOT_STEPS = re.compile(
    r"^steps\b|event.?store|idempoten|snapshot|schema|orchestrator|overview|failure strateg|ordering|split.?brain|retr(y|ies)|terminal( |-|$)"
    r"|topics?$|states?$|fsm|summary|compensation (order|matrix|flow|sequence)|backward|rollback|conclusion|ereignisspeicher",
    re.IGNORECASE,
)


def groups(lines: Sequence[str]) -> Iterator[Found]:
    """Every titled group that says enough to be a step, in order."""
    return (
        found
        for found in titled(lines)
        if found.is_step and not _is_undo(found) and (_is_told(found) or not _NOT_STEPS.search(found.title))
    )


def _is_told(found: Found) -> bool:
    """Whether what the labels say outweighs a title such as `Snapshot the configuration`."""
    return "state" in found.said or {"success", "failure"} <= found.said.keys()


def _is_undo(found: Found) -> bool:
    return not found.title and bool(_UNDOES.search(found.note)) and not found.said.keys() & {"success", "events"}


def titled(lines: Sequence[str]) -> Iterator[Found]:
    """Every title with what the labels below it say, whether that makes a step or not."""
    current, nesting = Found("", 0), Nesting()
    sheet: list[str] | None = None
    tabled = {table.line: table for table in tables(lines)}
    rows = {line for table in tabled.values() for line in range(table.line - 1, table.line + 1 + len(table.rows))}
    for index, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            current.take(sheet_of(sheet or ()))
            sheet = [] if sheet is None else None
        elif sheet is not None:
            sheet.append(line)
        elif (title := title_of(line)) is not None:
            yield current
            current, nesting = _titled(title, index + 1), Nesting()
        elif index + 1 in tabled and tabled[index + 1].holds_labels:
            current.take(labels_of(tabled[index + 1]).items())
        elif index not in rows and line.strip():
            if nesting.ends(line):
                yield current
                current, nesting = Found("", index + 1), Nesting()
            current.take(nesting.told(line, labels_in(line)))
    yield current


def _titled(title: str, line: int) -> Found:
    """The group that begins with the title, and what the title says of it."""
    state = state_in(title)
    action, owner = divided(title)
    name = "" if _UNDOES.search(title) else phrase_of(state) if state else action
    aside = [part.strip() for part in (service_in(title) or "").split(",")]
    topics = [part for part in aside if Token(part, True).is_topic and "." in part]
    service = next((part for part in aside if part and part not in topics), None)
    found = Found(name, line, service or owner, note=title)
    found.say("command topic", f"**{topics[0]}**" if topics else "")
    found.say("state", state and f"`{state}`")
    lettered = _LETTERED.match(plain(title))
    found.say("number", lettered[1] if lettered else "")
    found.say("kind", kind_in(title))
    found.say("condition", condition_in(title))
    return found
