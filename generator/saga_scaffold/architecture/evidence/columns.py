"""What the columns of a table hold, by their headings and by what stands in their cells."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tokens import Token, is_event, is_nothing, names_a_receiver, plain, tokens
from saga_scaffold.architecture.evidence.topic_sides import side_of

_OF_TOPICS = {"command": "command topic", "events": "event topic", "success": "event topic"}
_OF_A_MACHINE = {"state", "trigger", "events", "success", "service"}
_ANSWERS = {"success", "failure", "events"}
_OF_A_STEP = {"number", "service", "action", "command topic", "event topic", "undo"}
_OF_AN_AUTOMATON = {"source": "state", "input": "trigger", "target": "next", "output": "command"}
_OUTCOMES = {"success", "failure", "undo event", "undo"}
_NUMBERS = re.compile(r"^\W*[A-Z]{1,2}-?\d{1,2}(?:\s*(?:,|-|–|to|and)\s*[A-Z]{1,2}-?\d{1,2})*\W*$")
NUMBER = re.compile(r"^\W*([A-Za-z]{0,2}-?\d{1,2})\W*$")


def roles_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str | None, ...]:
    """The role of each column; one called `Step` that holds nothing but numbers only counts."""
    columns = [[row[index] for row in rows if index < len(row)] for index in range(len(headings))]
    words = [plain(heading).lower() for heading in headings]
    of_an_automaton = _OF_AN_AUTOMATON if {"source", "target"} <= set(words) else {}
    told = [
        of_an_automaton.get(word) or _role_of_heading(one, cells)
        for word, one, cells in zip(words, headings, columns, strict=True)
    ]
    states = {name for role, cells in zip(told, columns, strict=True) if role == "state" for name in _names_in(cells)}
    roles = [
        "service" if _names_receivers(role, heading, cells, told) else _by_cells(role, cells, states)
        for role, heading, cells in zip(told, headings, columns, strict=True)
    ]
    _swap_sides(roles, columns)
    roles = [_topic_of(roles, at, columns[at]) if role == "topic" else role for at, role in enumerate(roles)]
    several = roles.count("events") > 1
    return tuple(
        "of" if several and role == "events" and _ask(cells) else role
        for role, cells in zip(roles, columns, strict=True)
    )


def _side(cells: Sequence[str]) -> str | None:
    """Of which messages all cells of a column name a topic, by what the topics are called."""
    said = [tokens(cell) for cell in cells if not is_nothing(cell)]
    sides = {side_of(told[0].text) if len(told) == 1 and told[0].is_topic else None for told in said}
    return sides.pop() if len(sides) == 1 else None


def _swap_sides(roles: list[str | None], columns: Sequence[Sequence[str]]) -> None:
    """Columns such as `Inbound` and `Outbound` of a service, by what the topics in them are called."""
    for at, cells in enumerate(columns):
        beside_services = "service" in roles and "undo" not in roles
        if roles[at] in {None, "command topic", "event topic"} and beside_services and (side := _side(cells)):
            roles[at] = side


def _topic_of(roles: Sequence[str | None], at: int, cells: Sequence[str]) -> str:
    """Of which messages a column has the topics: of those that the topics name, else of the events right before it."""
    side = _side(cells)
    if side and side not in roles and "undo" not in roles:
        return side
    of_events = bool(_ANSWERS & set(roles[:at][-1:])) and not _OF_A_STEP & set(roles)
    return "event topic" if of_events else "topic"


def _names_receivers(role: str | None, heading: str, cells: Sequence[str], told: Sequence[str | None]) -> bool:
    """Whether a column such as `Sent to`, or `Goes to` beside a command and its topic, holds services."""
    goes_to = role == "next" and {"command"} <= set(told) and {"command topic", "topic"} & set(told)
    sent_to = role == "command topic" or (goes_to and not _OF_A_MACHINE & set(told))
    return bool(sent_to) and names_a_receiver(heading, cells)


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
    if role in {"action", "of", "command"} and cells and all(NUMBER.match(cell) for cell in cells):
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
