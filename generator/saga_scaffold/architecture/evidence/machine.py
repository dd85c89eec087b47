"""The steps of a state machine: forward along what succeeds, with what leads back as refusals and undos."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.evidence.edges import END, Edge, drawn, machines
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.state_names import phrase_of
from saga_scaffold.architecture.evidence.stems import about_the_same
from saga_scaffold.architecture.evidence.tokens import is_event, says_failure
from saga_scaffold.spec import naming

_INITIAL = re.compile(
    r"^(?:\[\*\]|idle|new|none|init\w*|start\w*|begin|created|pending|open|requested|received|saga_\w+)$", re.IGNORECASE
)
_BACKWARD = re.compile(
    r"compensat|undo|revers|refund|releas|cancel|roll|unblock|void|fail|reject|abort|revok|kompens|storn", re.IGNORECASE
)


def machine_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the machine that tells most of those that the document has."""
    return max((_steps(edges) for edges in machines(lines)), key=_told, default=[])


def _told(steps: list[Found]) -> int:
    return sum(len(step.said) for step in steps) if len(steps) > 1 else 0


def ends_drawn(lines: Sequence[str]) -> list[str]:
    """The states from which a state diagram goes to its end, in their order."""
    return [edge.source for edge in drawn(lines) if edge.target == END]


def _steps(edges: list[Edge]) -> list[Found]:
    """Forward along what succeeds, from the first state; what leads back tells the failures and the undos."""
    if not edges or not any(edge.event for edge in edges):
        return []
    path = _forward(edges)
    steps: list[Found] = []
    for before, here, onward in zip([None, *path], path, [*path[1:], None], strict=False):
        entered = here
        if onward is None or entered.target == END:
            break
        found = _step(entered, onward, edges)
        if found and (before is not None or entered.command or _INITIAL.search(entered.source)):
            steps.append(found)
    _undone(steps, edges)
    return steps


def _forward(edges: list[Edge]) -> list[Edge]:
    """The transitions of the run in which nothing fails."""
    targets = {edge.target for edge in edges}
    first = next((edge for edge in edges if edge.source == END), None) or next(
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
    title = phrase_of(entered.command or state) or _spoken(entered.command)
    if not title:
        return None
    found = Found(title, entered.line, said={"state": state})
    if entered.command:
        found.say("command", f"`{entered.command}`")
    if entered.topic:
        found.say("command topic", f"`{entered.topic}`")
    if onward.event:
        found.say("success", f"`{onward.event}`")
    found.say("service", entered.service)
    refused = [edge.event for edge in edges if edge.source == state and edge.target != onward.target and edge.event]
    refused.sort(key=lambda event: not is_event(event))
    if refused:
        found.say("failure", f"`{refused[0]}`")
    return found


def _fails(edge: Edge) -> bool:
    return says_failure(edge.event) or bool(_BACKWARD.search(edge.target) or _BACKWARD.search(edge.source))


def _behind_failures(edges: Sequence[Edge]) -> set[str]:
    """The states that are reached when something has failed."""
    behind = {edge.target for edge in edges if _fails(edge)}
    while more := {edge.target for edge in edges if edge.source in behind} - behind:
        behind |= more
    return behind


def _spoken(command: str) -> str:
    return " ".join(word.lower() for word in naming.words(command))


def _undone(steps: list[Found], edges: list[Edge]) -> None:
    """Each command that is sent on the way back undoes the step that is about the same."""
    forward = {step.said.get("command", "").strip("`") for step in steps}
    behind = _behind_failures(edges)
    sent = [edge for edge in edges if edge.command and (edge.source in behind or _fails(edge))]
    back = dict.fromkeys(edge.command for edge in sent if edge.command not in forward)
    for name in back:
        topic = next(edge.topic for edge in edges if edge.command == name)
        meant = [step for step in steps if "undo" not in step.said and about_the_same(name, step.title)]
        if meant:
            meant[0].say("undo", f"`{name}`")
            meant[0].say("undo topic", topic and f"`{topic}`")
