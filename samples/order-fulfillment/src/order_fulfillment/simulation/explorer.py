"""Every order of events of one saga within a budget of faults, or as many of them as fit into a bound."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from ..orchestrator.definitions import Condition, Policy
from ..orchestrator.fsm import initial
from ..orchestrator.states import Start
from .invariants import broken
from .moves import Moved, happened, moves, timers
from .world import Machine, World

SAGA = "0.simulated"
FAULTS = 2
MOST_STATES = 200_000
NEVER = (Condition("never", "==", True),)


@dataclass(frozen=True)
class Violation:
    """What is wrong, and everything that led to it, in order."""

    problem: str
    trace: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{number:>3}. {told}" for number, told in enumerate(self.trace, 1)]
        return "\n".join([self.problem, *lines])


@dataclass(frozen=True)
class Explored:
    """How much was looked at. `complete` is false where the bound was reached first."""

    states: int
    complete: bool
    violation: Violation | None


Path = tuple[tuple[object, ...] | None, str]


def explore(
    machine: Machine, faults: int = FAULTS, most: int = MOST_STATES, people: bool = False, deep: bool = False
) -> Explored:
    """All worlds that can be reached, breadth first, so that a counterexample is as short as can be.

    With `people`, who may use every verb at any time, there are several times as many. With `deep`, those in which
    most has happened come first: what goes wrong late shows within a bound, though not in the shortest way.
    """
    states, complete = 0, True
    for variant in guarded_variants(replace(machine, policy=hasty(machine.policy), left_alone=not people)):
        found = _explore(variant, faults, most - states, deep)
        states, complete = states + found.states, complete and found.complete
        if found.violation is not None:
            return Explored(states, False, found.violation)
    return Explored(states, complete, None)


def begun(machine: Machine, faults: int) -> World:
    """A saga that has just been started."""
    definition = machine.definition
    nothing = World(initial(definition, SAGA), faults)
    started = machine.decide(definition, machine.policy, None, Start(SAGA, {}), 0.0)
    return happened(machine, nothing, getattr(started, "events", ()))


def guarded_variants(machine: Machine) -> Iterator[Machine]:
    """The saga once with every guard true and once with every guard false, and once with each alone false."""
    guarded = [step.id for step in machine.definition.steps if step.when]
    chosen = {frozenset[str](), frozenset(guarded), *(frozenset({id}) for id in guarded)}
    for skipped in sorted(chosen, key=sorted):
        steps = tuple(replace(s, when=NEVER if s.id in skipped else ()) for s in machine.definition.steps)
        yield replace(machine, definition=replace(machine.definition, steps=steps))


def _explore(machine: Machine, faults: int, most: int, deep: bool) -> Explored:
    first = begun(machine, faults)
    paths: dict[tuple[object, ...], Path] = {first.key(): (None, "the saga is started")}
    waiting = [(0, 0, first)]
    while waiting:
        *_, world = heappop(waiting)
        key = world.key()
        goes_on = False
        for told, after in _next(machine, world):
            reached = after.key()
            if reached == key:
                continue
            goes_on = True
            if reached in paths:
                continue
            paths[reached] = (key, told)
            if (problem := broken(machine, after)) is not None:
                return Explored(len(paths), False, Violation(problem, _trace(paths, reached)))
            if len(paths) >= most:
                return Explored(len(paths), False, None)
            heappush(waiting, (-len(after.effects) if deep else 0, len(paths), after))
        if not goes_on and world.saga.is_open:
            problem = "nothing can happen any more, but the saga has not ended"
            return Explored(len(paths), False, Violation(problem, _trace(paths, key)))
    return Explored(len(paths), True, None)


def _next(machine: Machine, world: World) -> Iterator[Moved]:
    """What can happen; where nothing else goes on, time does."""
    key, moved = world.key(), False
    for one in moves(machine, world):
        moved = moved or one.world.key() != key
        yield one
    if not moved:
        yield from timers(machine, world)


def _trace(paths: dict[tuple[object, ...], Path], key: tuple[object, ...]) -> tuple[str, ...]:
    told: list[str] = []
    at: tuple[object, ...] | None = key
    while at is not None:
        at, words = paths[at]
        told.append(words)
    return tuple(reversed(told))


def hasty(policy: Policy, attempts: int = 1) -> Policy:
    """The policy with so few attempts that what follows the last of them is within the budget."""
    return replace(policy, steps={id: replace(rule, attempts=attempts) for id, rule in policy.steps.items()})
