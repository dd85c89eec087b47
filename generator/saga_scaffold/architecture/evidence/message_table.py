"""A table with a row for each message: commands are steps, events answer them, compensations undo them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.stems import about_the_same
from saga_scaffold.architecture.evidence.tables import Table, tables
from saga_scaffold.architecture.evidence.tokens import is_event, plain, tokens
from saga_scaffold.language.verb_table import UNDONE_BY
from saga_scaffold.spec import naming

_UNDOES = frozenset(undo.split()[0] for undo in UNDONE_BY.values())
_COLUMNS = {
    "name": r"message|message name|name|type name|payload|event ?/ ?command|command ?/ ?event",
    "kind": r"kind|type|category|class|direction",
    "topic": r"topic|channel|queue|destination|kafka topic",
    "producer": r"producer|publisher|from|sender|published by|produced by|source",
    "owner": r"(?:bounded )?context|service|owner|handled by|participant",
    "number": r"#|no\.?|nr\.?|step|step no\.?",
    "consumer": r"consumers?|subscribers?|to|receiver|recipient|consumed by|target",
}


_SAYS_FAILURE = re.compile(r"fail|reject|refus|error", re.IGNORECASE)


@dataclass(frozen=True)
class _Row:
    name: str
    kind: str
    topic: str
    producer: str
    consumer: str
    line: int
    number: str = ""


def message_table_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the first table of messages."""
    return next((steps for table in tables(lines) if len(steps := _steps(list(_rows(table)))) > 1), [])


def _named_in(text: str, steps: list[Found]) -> Found | None:
    """The step whose command a text names: `event (success of `ReserveStock`)`."""
    told = {token.text for token in tokens(text)}
    return next(
        (step for step in steps if told & {step.said["command"].strip("`"), step.said.get("undo", "").strip("`")}), None
    )


def _numbered(row: _Row, steps: list[Found]) -> Found | None:
    """The only step that has the number of the row."""
    same = [step for step in steps if row.number and step.said.get("number") == row.number]
    return same[0] if len(same) == 1 else None


def _rows(table: Table) -> Iterator[_Row]:
    places: dict[str, int] = {}
    for index, heading in enumerate(table.headings):
        column = next(
            (name for name, words in _COLUMNS.items() if re.fullmatch(words, plain(heading), re.IGNORECASE)), ""
        )
        places.setdefault(column, index)
    if "name" not in places or not ({"producer", "consumer"} & set(places) or {"owner", "kind"} <= set(places)):
        return
    for number, row in enumerate(table.rows, table.line + 2):
        cell = {name: plain(row[place]) if place < len(row) else "" for name, place in places.items()}
        if re.fullmatch(r"[A-Za-z][\w.-]*", cell["name"]):
            kind, topic, producer, consumer = (cell.get(key, "") for key in ("kind", "topic", "producer", "consumer"))
            kind = row[places["kind"]] if places.get("kind", len(row)) < len(row) else kind
            owner = cell.get("owner", "")
            yield _Row(cell["name"], kind, topic, producer or owner, consumer or owner, number, cell.get("number", ""))


def _steps(rows: list[_Row]) -> list[Found]:
    steps: list[Found] = []
    for row in rows:
        if _is_undo(row, steps):
            meant = (
                _named_in(row.kind, steps)
                or _numbered(row, steps)
                or next(
                    (step for step in steps if "undo" not in step.said and about_the_same(row.name, step.title)), None
                )
            )
            if meant:
                meant.say("undo", f"`{row.name}`")
                meant.say("undo topic", row.topic and f"`{row.topic}`")
        elif _is_command(row):
            found = Found(" ".join(naming.words(row.name)).lower(), row.line)
            found.say("command", f"`{row.name}`")
            found.say("number", row.number)
            found.say("service", row.consumer)
            found.say("command topic", row.topic and f"`{row.topic}`")
            steps.append(found)
    for row in rows:
        if not _is_command(row) and is_event(row.name):
            _answered(steps, row)
    return [step for step in steps if "events" in step.said or "undo" in step.said]


def _is_command(row: _Row) -> bool:
    return not re.search(r"event|reply|response", row.kind, re.IGNORECASE) and not is_event(row.name)


def _is_undo(row: _Row, steps: list[Found]) -> bool:
    if re.search(r"compensat|undo|rollback", row.kind, re.IGNORECASE):
        return not is_event(row.name)
    verb = naming.words(row.name)[0].lower() if naming.words(row.name) else ""
    return _is_command(row) and verb in _UNDOES and any(about_the_same(row.name, step.title) for step in steps)


def _answered(steps: list[Found], row: _Row) -> None:
    """An event answers the command that it shares most with, of the service that publishes it."""
    counted = _numbered(row, steps)
    if counted:
        counted.say("failure" if _SAYS_FAILURE.search(row.kind) else "events", f"`{row.name}`")
        counted.say("event topic", row.topic and f"`{row.topic}`")
        return
    named = _named_in(row.kind, steps)
    if named:
        is_of_undo = named.said["command"].strip("`") not in row.kind
        role = "undo event" if is_of_undo else "failure" if _SAYS_FAILURE.search(row.kind) else "events"
        named.say(role, f"`{row.name}`")
        if not is_of_undo:
            named.say("event topic", row.topic and f"`{row.topic}`")
        return
    beside = [
        step for step in steps if row.producer and row.producer.lower() == step.said.get("service", "").lower()
    ] or steps
    about = [step for step in beside if about_the_same(row.name, step.title)] or (beside if len(beside) == 1 else [])
    if about:
        about[-1 if len(about) == 1 else 0].say("events", f"`{row.name}`")
        about[0].say("event topic", row.topic and f"`{row.topic}`")
