"""Rows of facts, wherever a document has them: in tables, under titles, below a bullet, behind a name with a colon."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.counted import counted_services
from saga_scaffold.architecture.evidence.groups import titled
from saga_scaffold.architecture.evidence.listed_rows import UNDOES, Row, listed_rows
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.state_mentions import state_mentions
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import plain, tokens

UNDOES_WHAT = re.compile(
    r"^[\d.\s]*\W*(?:compensat\w+|kompens\w+|rollback|undo|undoing)(?:\s+(?:actions?|transactions?|commands?|steps?))?"
    r"(?:\s+(?:for|of|to|von|für|de|du|pour|para|do|da))?\b",
    re.IGNORECASE,
)
# A column that says what a row is about, the most telling first; a state or an event only where nothing else does.
_SUBJECTS = ("of", "number", "command", "action", "state", "trigger", "events", "undo", "topic", "service")
_NAMING = {"command", "action", "of", "number", "topic", "events", "success", "trigger"}
_OF_A_STATE = ("state", "timeout", "attempts", "retries", "service")
_KIND = re.compile(r"\bpivot\b|\bretriable\b|\bretryable\b", re.IGNORECASE)


def rows(lines: Sequence[str]) -> Iterator[Row]:
    """Every row of facts of a document."""
    yield from _of_tables(lines)
    yield from _of_titles(lines)
    yield from listed_rows(lines)
    yield from (Row(line, (number,), {"service": name}) for number, name, line in counted_services(lines))
    yield from (Row(line, (steps,), {"state": f"`{state}`"}) for state, steps, line in state_mentions(lines))


def tables_of_undos(lines: Sequence[str]) -> Iterator[int]:
    """The lines of the tables whose title says that each row is about an undo, of a step that is told elsewhere."""
    above = {number: titles for number, titles, _ in in_sections(lines)}
    for table in tables(lines):
        titled = any(map(UNDOES_WHAT.search, above.get(table.line, ())[-1:]))
        roles = set(table.roles)
        beside_its_undo = {"action", "undo"} <= roles and bool({"command topic", "event topic"} & roles)
        if titled and not {"failure", "events"} & roles and ("undo" not in roles or beside_its_undo):
            yield table.line


def _of_tables(lines: Sequence[str]) -> Iterator[Row]:
    above = {number: titles for number, titles, _ in in_sections(lines)}
    for table in tables(lines):
        asked = Counter(table.cells(row).get("command") for row in table.rows if "next" in table.roles)
        undoes = any(map(UNDOES.search, above.get(table.line, ())[-1:])) or {"of", "undo"} <= set(table.roles)
        for number, row in enumerate(table.rows, table.line + 2):
            cells = table.cells(row)
            if "command" in cells and asked[cells["command"]] > 1:
                cells.pop("condition", None)  # A transition that waits for the other ones into its state.
            remarks = [cell for role, cell in zip(table.roles, row, strict=False) if role is None]
            kind = next((found[0] for found in map(_KIND.search, remarks) if found), None)
            if kind and "kind" not in cells:
                cells["kind"] = kind
            named = [cells[role] for role in _SUBJECTS if role in cells]
            first = [row[0]] if row and table.roles[0] is None else []
            yield Row(number, (*named, *first), _undoing(cells) if undoes else cells)
            beside = " ".join(f"`{one.text}`" for cell in remarks for one in tokens(cell) if one.is_name)
            if beside and "state" in cells and not _NAMING & cells.keys():
                yield Row(number, (beside,), {role: cells[role] for role in _OF_A_STATE if role in cells})


def _of_titles(lines: Sequence[str]) -> Iterator[Row]:
    """Of a group under `Compensation for X` what it says is about the undo; under a bare `Compensation`, of the step above."""
    last = ""
    for found in titled(lines):
        undoes = UNDOES.search(found.note)
        about = UNDOES_WHAT.sub("", found.note).strip(" :-–—.0123456789") if undoes else found.title
        last = about or last
        if found.said:
            yield Row(found.line, (last, found.service or ""), _undoing(found.said) if undoes else found.said)


def _undoing(said: dict[str, str]) -> dict[str, str]:
    """What is said of an undo under the roles that these facts have for the step."""
    onto = {
        "topic": "undo topic",
        "command topic": "undo topic",
        "event topic": "undo event topic",
        "success": "undo event",
    }
    onto |= {"events": "undo event"} | (
        {"command": "undo"} if "undo" not in said and {"of", "number"} & said.keys() else {}
    )
    return {
        onto.get(role, role): text
        for role, text in reversed(said.items())
        if role not in {"timeout", "retries", "attempts"}
    }


def names_in(text: str) -> list[str]:
    """The names of a subject: what is marked or spelled as a name, else the whole text."""
    named = [token.text for token in tokens(text)]
    return [*named, *(plain(part) for part in re.split(r",|/|&|\band\b|\bund\b|\bet\b|\by\b|\be\b", text))]
