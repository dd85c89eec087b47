"""Tables: rows that are steps, rows that are one step's labels, and rows that say more of steps known otherwise."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from saga_scaffold.architecture.evidence.columns import NUMBER, roles_of
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.titles import service_in
from saga_scaffold.architecture.evidence.tokens import is_event, is_nothing, plain, says_failure, tokens
from saga_scaffold.architecture.evidence.topic_sides import side_of
from saga_scaffold.architecture.evidence.units import with_unit

_RULE = re.compile(r"^\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
_FEWEST_LABELS = 3
_Row = tuple[str, ...]


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
    def maps_topics(self) -> bool:
        """Whether each row tells the topics of a service, rather than of a step."""
        return set(self.roles) - {None} == {"service", "command topic", "event topic"} and any(
            side_of(token.text) for row in self.rows for cell in row for token in tokens(cell)
        )

    @property
    def _is_machine(self) -> bool:
        """Whether each row is a transition: a state is left in several ways."""
        told = map(self.cells, self.rows)
        sources = [cell for cells in told if (cell := cells.get("state") or cells.get("trigger"))]
        return "next" in self.roles and len(set(sources)) < len(sources)

    @property
    def holds_steps(self) -> bool:
        """Whether each row is a step."""
        roles = set(self.roles)
        if "of" in roles and "command" not in roles and "success" not in roles:
            return False
        if any(len(_commands_in(cell)) > 1 for row in self.rows if (cell := self.cells(row).get("command"))):
            return False
        if self._is_machine or self.maps_topics:
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
                yield Table(index, roles_of(headings, rows), headings, tuple(rows))


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
    """Each column such as `Producer → Consumer`, or `Command → Topic`, as two."""
    for at in reversed([place for place, heading in enumerate(headings) if heading.count("→") == 1]):
        headings, rows = _of_whose_topic(_split(headings, at), at), [_split(row, at) for row in rows]
    return headings, rows


def _of_whose_topic(headings: _Row, at: int) -> _Row:
    """The headings, with `Topic` behind `Undo` as `Undo topic`."""
    left, right = headings[at : at + 2]
    return (*headings[: at + 1], f"{left} {right}", *headings[at + 2 :]) if role_of(right) == "topic" else headings


def _split(cells: _Row, at: int) -> _Row:
    left, _, right = cells[at].partition("→") if at < len(cells) else ("", "", "")
    return (*cells[:at], left.strip(), right.strip(), *cells[at + 1 :])


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
    if not title or NUMBER.match(title):
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
