"""Random schedules: ways through the same world with more faults than can be explored."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from .explorer import Violation, begun, guarded_variants, hasty
from .invariants import a_snapshot_is_the_state, broken
from .moves import Moved, moves, timers
from .world import Machine, World

Choose = Callable[[int], int]
FAULTS = 6
MOST_ATTEMPTS = 2
LONGEST = 2_000


def simulate(machine: Machine, seed: int, faults: int = FAULTS) -> Violation | None:
    """One schedule from a seed: what went wrong in it, or None."""
    random = Random(seed)
    policy = hasty(machine.policy, random.randint(1, MOST_ATTEMPTS))
    variants = list(guarded_variants(replace(machine, policy=policy)))
    return run(variants[random.randrange(len(variants))], random.randrange, faults)


def run(machine: Machine, choose: Choose, faults: int = FAULTS) -> Violation | None:
    """One schedule: `choose(n)` says which of n things happens next."""
    world, trace = begun(machine, faults), ["the saga is started"]
    for _ in range(LONGEST):
        possible = _possible(machine, world)
        if not possible:
            break
        told, world = possible[choose(len(possible))]
        trace.append(told)
        problem = broken(machine, world) or a_snapshot_is_the_state(machine, world)
        if problem is not None:
            return Violation(problem, tuple(trace))
    if world.saga.is_open:
        return Violation("the saga does not come to an end", tuple(trace))
    return None


def _possible(machine: Machine, world: World) -> Sequence[Moved]:
    key = world.key()
    changing = [one for one in moves(machine, world) if one.world.key() != key]
    return changing or [one for one in timers(machine, world) if one.world.key() != key]
