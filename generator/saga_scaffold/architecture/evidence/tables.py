"""Tables: rows that are steps, rows that are one step's labels, and rows that say more of steps known otherwise."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.titles import service_in
from saga_scaffold.architecture.evidence.tokens import (
    Token,
    is_event,
    is_nothing,
    names_a_receiver,
    plain,
    says_failure,
    tokens,
)
from saga_scaffold.architecture.evidence.units import with_unit

_RULE = re.compile(r"^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
_OF_TOPICS = {"command": "command topic", "events": "event topic", "success": "event topic"}
_OUTCOMES = {"success", "failure", "undo event", "undo"}
_OF_A_MACHINE = {"state", "trigger", "events", "success", "service"}
_FEWEST_LABELS = 3
_Row = tuple[str, ...]
_NUMBER = re.compile(r"^\W*([A-Za-z]{0,2}-?\d{1,2})\W*$")
_NUMBERS = re.compile(r"^\W*[A-Z]{1,2}-?\d{1,2}(?:\s*(?:,|-|–|to|and)\s*[A-Z]{1,2}-?\d{1,2})*\W*$")


@dataclass(frozen=True)
class Table:
    """A table: its line, the role of each column, the headings, and the cells."""

    line: int
    roles: tuple[str | None, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """The cells of a row by role; of two columns with one role the first."""
        found: dict[str, str] = {}
        for role, heading, cell in zip(self.roles, self.headings, row, strict=False):
            if role:
                found.setdefault(role, with_unit(heading, cell))
        return _by_outcome(found)

    @property
    def holds_labels(self) -> bool:
        """Whether each row is a label with its value."""
        return len(self.headings) == 2 and sum(role_of(row[0]) is not None for row in self.rows if row) >= 2

    @property
    def _is_machine(self) -> bool:
        """Whether each row is a transition: a state is left in several ways."""
        sources = [cell for row in self.rows if (cell := self.cells(row).get("state"))]
        return "next" in self.roles and len(set(sources)) < len(sources)

    @property
    def holds_steps(self) -> bool:
        """Whether each row is a step."""
        roles = set(self.roles)
        if "of" in roles and "command" not in roles and "success" not in roles:
            return False
        if any(len(_commands_in(cell)) > 1 for row in self.rows if (cell := self.cells(row).get("command"))):
            return False
        if self._is_machine:
            return False
        names = {"command", "action", "command topic"} & roles
        tells = {"success", "events", "failure", "undo", "command topic", "service"} & roles
        return bool(names) and bool(tells) and not ({"next"} & roles and not {"command", "command topic"} & roles)


def _by_outcome(cells: dict[str, str]) -> dict[str, str]:
    """The cells of a row about one event, with the event and its topic under what the row says that it means."""
    meant = role_of(cells["outcome"]) if "outcome" in cells and "events" in cells else None
    if meant is None:
        return cells
    topic = {"event topic": cells["topic"]} if "topic" in cells else {}
    return (
        {role: cell for role, cell in cells.items() if role not in {"events", "topic"}}
        | {meant: cells["events"]}
        | topic
    )


def _commands_in(cell: str) -> list[str]:
    return [
        one.text for one in tokens(cell) if one.marked and one.is_name and not one.is_topic and not is_event(one.text)
    ]


def tables(lines: Sequence[str]) -> Sequence[Table]:
    """Every table of the lines."""
    return _tables(tuple(lines))


@lru_cache(maxsize=2)
def _tables(lines: tuple[str, ...]) -> tuple[Table, ...]:
    return tuple(_read(lines))


def _read(lines: Sequence[str]) -> Iterator[Table]:
    for index in range(1, len(lines)):
        if _RULE.match(lines[index]) and "|" in lines[index] + lines[index - 1] and "|" in lines[index - 1]:
            headings = _cells(lines[index - 1])
            rows = list(map(_cells, takewhile(lambda line: "|" in line, lines[index + 1 :])))
            headings, rows = _divided(*_upright(headings, rows))
            if rows and len(headings) > 1:
                yield Table(index, _roles(headings, rows), headings, tuple(rows))


def _upright(headings: _Row, rows: list[_Row]) -> tuple[_Row, list[_Row]]:
    """A table that has a step in each column and what is said of it in the rows, with a row for each step."""
    labels = [role_of(row[0]) for row in rows if row]
    lies = len(headings) > 2 and len(set(labels) - {None}) >= _FEWEST_LABELS and not any(map(role_of, headings[1:]))
    if not lies or labels.count(None) > len(labels) // 2:
        return headings, rows
    sides = [*(row[0] for row in rows), ""]
    columns = [(*(row[at] if at < len(row) else "" for row in rows), headings[at]) for at in range(1, len(headings))]
    return tuple(sides), columns


def _divided(headings: _Row, rows: list[_Row]) -> tuple[_Row, list[_Row]]:
    """A column such as `Producer → Consumer` as two."""
    at = next((place for place, heading in enumerate(headings) if heading.count("→") == 1), None)
    if at is None:
        return headings, rows
    return _split(headings, at), [_split(row, at) for row in rows]


def _split(cells: _Row, at: int) -> _Row:
    left, _, right = cells[at].partition("→") if at < len(cells) else ("", "", "")
    return (*cells[:at], left.strip(), right.strip(), *cells[at + 1 :])


def _roles(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str | None, ...]:
    """The role of each column; one called `Step` that holds nothing but numbers only counts."""
    columns = [[row[index] for row in rows if index < len(row)] for index in range(len(headings))]
    told = [_role_of_heading(one, cells) for one, cells in zip(headings, columns, strict=True)]
    states = {name for role, cells in zip(told, columns, strict=True) if role == "state" for name in _names_in(cells)}
    roles = [
        "service" if role == "command topic" and names_a_receiver(heading, cells) else _by_cells(role, cells, states)
        for role, heading, cells in zip(told, headings, columns, strict=True)
    ]
    if "command" in roles and {"command topic", "topic"} & set(roles) and not _OF_A_MACHINE & set(roles):
        roles = [
            "service" if role == "next" and names_a_receiver(heading, cells) else role
            for role, heading, cells in zip(roles, headings, columns, strict=True)
        ]
    several = roles.count("events") > 1
    return tuple(
        "of" if several and role == "events" and _ask(cells) else role
        for role, cells in zip(roles, columns, strict=True)
    )


def _ask(cells: Sequence[str]) -> bool:
    """Whether most names in the cells are those of commands."""
    names = _names_in(cells)
    return bool(names) and 2 * sum(map(is_event, names)) < len(names)


def _role_of_heading(heading: str, cells: Sequence[str]) -> str | None:
    """The role of a heading; of `Entry action (command topic)` what stands in parentheses, where the cells are topics."""
    aside = re.search(r"\(([^()]*)\)\s*$", heading)
    within = role_of(aside[1]) if aside else None
    said = [tokens(cell) for cell in cells if not is_nothing(cell)]
    topics = within and within.endswith("topic") and all(len(told) == 1 and told[0].is_topic for told in said)
    return within if topics else role_of(heading)


def _by_cells(role: str | None, cells: Sequence[str], states: set[str]) -> str | None:
    """The role of a column by what stands in it: numbers, topics where messages were expected, or states."""
    said = [cell for cell in cells if not is_nothing(cell)]
    if role is None and cells and all(_NUMBERS.match(cell) for cell in cells):
        return "number"
    if role is None and said and all(role_of(cell) in _OUTCOMES for cell in said):
        return "outcome"
    if role in {"action", "of", "command"} and cells and all(_NUMBER.match(cell) for cell in cells):
        return "number"
    if role in _OF_TOPICS and said and all(_is_topic(cell) for cell in said):
        return _OF_TOPICS[role]
    names = _names_in(said)
    if role in {"success", "failure", "events"} and names and len(names & states) * 2 > len(names):
        return None if role == "failure" else "next"
    return role


def _is_topic(cell: str) -> bool:
    told = tokens(cell) or [Token(plain(cell), False)]
    return len(told) == 1 and told[0].is_topic and told[0].says_topic


def _names_in(cells: Sequence[str]) -> set[str]:
    return {token.text for cell in cells for token in tokens(cell) if token.is_name and not token.is_topic}


def steps_of(table: Table) -> Iterator[Found]:
    """The steps of a table with a row for each."""
    for number, row in enumerate(table.rows):
        cells = table.cells(row)
        if "command" in cells and "action" not in cells and is_nothing(cells["command"]):
            continue
        named = cells.get("action") or cells.get("command") or cells.get("command topic", "")
        found = Found(plain(named), table.line + 2 + number, service_in(plain(cells.get("action", ""))))
        for role, cell in cells.items():
            found.say(role, cell)
        if _names_a_step(found):
            yield found


def _names_a_step(found: Found) -> bool:
    title = found.title
    if not title or _NUMBER.match(title):
        return False
    names = [token.text for token in tokens(found.said.get("command", "")) if token.is_name]
    return not (names and all(says_failure(name) for name in names) and "action" not in found.said)


def labels_of(table: Table) -> Mapping[str, str]:
    """The labels of a table that is all about one step, by role."""
    pairs = ((role_of(row[0]), with_unit(row[0], row[1])) for row in table.rows if len(row) > 1)
    found: dict[str, str] = {}
    for role, value in pairs:
        if role:
            found.setdefault(role, value)
    return found


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row; a bar inside a code span or behind a backslash does not divide."""
    bare = line.strip().removeprefix("|")
    bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
    cells, cell, in_code = [], "", False
    for index, letter in enumerate(bare):
        if letter == "`":
            in_code = not in_code and "`" in bare[index + 1 :]
        if letter == "|" and not in_code and not cell.endswith("\\"):
            cells.append(cell.strip())
            cell = ""
        else:
            cell += letter
    return (*cells, cell.strip())
