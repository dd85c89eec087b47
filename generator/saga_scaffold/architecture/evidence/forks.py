"""Steps that a machine starts together, on its way into one state, and the step that waits for all of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.edges import Edge, machines
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.known import Known
from saga_scaffold.spec import naming

After = dict[int, tuple[int, ...]]


def forked(found: Sequence[Found], lines: Sequence[str]) -> After:
    """What each step comes after by the machine that starts every one of them, where it starts several at once."""
    known = Known(found)
    for edges in _forking(lines):
        started = _started(edges, known)
        if len({place for places in started.values() for place in places}) == len(found) != len(started):
            return {
                place: tuple(sorted(started.get(source, ())))
                for state, places in started.items()
                for source in [_before(state, edges, started)]
                for place in places
            }
    return {}


def states_of(found: Sequence[Found], lines: Sequence[str]) -> None:
    """Notes the state in which a step runs, where a machine starts several steps on its way into one."""
    known = Known(found)
    for edges in _forking(lines):
        for state, places in _started(edges, known).items():
            for place in places:
                found[place].said["state"] = f"`{state}`"


def _forking(lines: Sequence[str]) -> Iterator[list[Edge]]:
    """The machines of which one transition at least starts several steps at once."""
    for edges in machines(lines):
        sent = [edge.line for edge in edges if edge.command]
        if len(set(sent)) < len(sent):
            yield edges


def _started(edges: Sequence[Edge], known: Known) -> dict[str, set[int]]:
    """By state, the places of the steps that are started on the way into it."""
    started: dict[str, set[int]] = defaultdict(set)
    for edge in edges:
        if edge.command and edge.target:
            started[edge.target] |= set(known.named("step", [naming.same_words(edge.command)]))
    return {state: places for state, places in started.items() if places}


def _before(state: str, edges: Sequence[Edge], started: dict[str, set[int]]) -> str:
    """The state that is left into this one when steps are started."""
    return next((one.source for one in edges if one.target == state and one.command and one.source in started), "")
