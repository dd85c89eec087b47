"""The steps of a state machine: a Mermaid state diagram, or a table with a row for each transition."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.rollback import about_the_same
from saga_scaffold.architecture.evidence.state_names import phrase_of
from saga_scaffold.architecture.evidence.tables import Table, tables
from saga_scaffold.architecture.evidence.tokens import is_event, is_nothing, plain, says_failure

_EDGE = re.compile(
    r"^\s*(?P<source>\[\*\]|[\w.-]+)\s*→\s*(?P<target>\[\*\]|[\w.-]+)\s*(?::\s*(?P<label>.*?))?\s*;?\s*$"
)
_END = "[*]"
_BACKWARD = re.compile(
    r"compensat|undo|revers|refund|releas|cancel|roll|unblock|void|fail|reject|abort|revok|kompens|storn", re.IGNORECASE
)
_OPENS = re.compile(r"^\s*stateDiagram(?:-v2)?\s*$")


@dataclass(frozen=True)
class Edge:
    """A transition: what happened, and which command is sent then."""

    source: str
    target: str
    event: str
    command: str
    topic: str
    line: int


def machine_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the first machine that the document draws or tabulates."""
    machines = [list(_drawn(lines)), *(list(_tabled(one)) for one in tables(lines))]
    return next((steps for edges in machines if len(steps := _steps(edges)) > 1), [])


def ends_drawn(lines: Sequence[str]) -> list[str]:
    """The states from which a state diagram goes to its end, in their order."""
    return [edge.source for edge in _drawn(lines) if edge.target == _END]


def _drawn(lines: Sequence[str]) -> Iterator[Edge]:
    inside = False
    for number, line in enumerate(lines, 1):
        inside = bool(_OPENS.match(line)) or (inside and not line.lstrip().startswith("```"))
        edge = _EDGE.match(line) if inside else None
        if edge:
            event, _, command = (edge["label"] or "").partition("/")
            yield Edge(edge["source"], edge["target"], _name(event), _name(command), "", number)


def _tabled(table: Table) -> Iterator[Edge]:
    """The transitions of a table with a column for the state before, the event, and the state after."""
    roles = table.roles
    if (
        "next" not in roles
        or not {"trigger", "events", "success"} & set(roles)
        or not {"state", "trigger"} & set(roles)
    ):
        return
    for number, row in enumerate(table.rows, table.line + 2):
        cells = table.cells(row)
        event = cells.get("trigger") if "state" in cells else cells.get("events") or cells.get("success")
        source = cells.get("state") or cells.get("trigger", "")
        topic = plain(cells.get("command topic") or cells.get("topic", ""))
        yield Edge(
            _name(source),
            _name(cells.get("next", "")),
            _name(event or ""),
            _name(cells.get("command", "")),
            topic,
            number,
        )


def _name(text: str) -> str:
    """The name in a label or a cell: its only word, or its first marked one."""
    bare = plain(text)
    word = re.match(r"[A-Za-z][\w.-]*", bare)
    return "" if word is None or is_nothing(bare) else word[0]


def _steps(edges: list[Edge]) -> list[Found]:
    """Forward along what succeeds, from the first state; what leads back tells the failures and the undos."""
    if not edges or not any(edge.event for edge in edges):
        return []
    path = _forward(edges)
    steps: list[Found] = []
    for before, here, onward in zip([None, *path], path, [*path[1:], None], strict=False):
        entered = here
        if onward is None or entered.target == _END:
            break
        found = _step(entered, onward, edges)
        if found and (before is not None or entered.command or entered.source == _END):
            steps.append(found)
    _undone(steps, edges)
    return steps


def _forward(edges: list[Edge]) -> list[Edge]:
    """The transitions of the run in which nothing fails."""
    targets = {edge.target for edge in edges}
    first = next((edge for edge in edges if edge.source == _END), None) or next(
        (edge for edge in edges if edge.source not in targets), edges[0]
    )
    path, seen = [first], {first.source, first.target}
    while True:
        onward = [edge for edge in edges if edge.source == path[-1].target and edge.target not in seen]
        asked = path[-1].command or phrase_of(path[-1].target)
        good = [edge for edge in onward if not says_failure(edge.event, asked) and not _BACKWARD.search(edge.target)]
        if not good:
            return path
        path.append(good[0])
        seen.add(good[0].target)


def _step(entered: Edge, onward: Edge, edges: list[Edge]) -> Found | None:
    state = entered.target
    title = phrase_of(entered.command or state)
    if not title:
        return None
    found = Found(title, entered.line, said={"state": state})
    if entered.command:
        found.say("command", f"`{entered.command}`")
    if entered.topic:
        found.say("command topic", f"`{entered.topic}`")
    if is_event(onward.event):
        found.say("success", f"`{onward.event}`")
    refused = [edge.event for edge in edges if edge.source == state and edge != onward and is_event(edge.event)]
    if refused:
        found.say("failure", f"`{refused[0]}`")
    return found


def _undone(steps: list[Found], edges: list[Edge]) -> None:
    """Each command that is sent on the way back undoes the step that is about the same."""
    forward = {step.said.get("command", "").strip("`") for step in steps}
    back = dict.fromkeys(edge.command for edge in edges if edge.command and edge.command not in forward)
    for name in back:
        topic = next(edge.topic for edge in edges if edge.command == name)
        meant = [step for step in steps if "undo" not in step.said and about_the_same(name, step.title)]
        if meant:
            meant[0].say("undo", f"`{name}`")
            meant[0].say("undo topic", topic and f"`{topic}`")
