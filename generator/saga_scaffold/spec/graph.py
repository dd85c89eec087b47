"""The order of the steps: what comes before what, what runs beside what, and cycles."""

from collections.abc import Mapping
from functools import lru_cache

from saga_scaffold.spec.model import SagaSpec, Step

Ancestors = Mapping[str, frozenset[str]]


def find_cycle(spec: SagaSpec) -> tuple[str, ...]:
    """Ids of steps that wait for each other in a circle, the first repeated at the end; empty where there is none."""
    after = {step.id: step.after for step in spec.steps}
    settled: set[str] = set()
    for start in after:
        trail = [start]
        branches = [iter(after[start])]
        while branches:
            following = next(branches[-1], None)
            if following is None:
                branches.pop()
                settled.add(trail.pop())
            elif following in trail:
                return tuple(reversed([*trail[trail.index(following) :], following]))
            elif following in after and following not in settled:
                trail.append(following)
                branches.append(iter(after[following]))
    return ()


def in_order(spec: SagaSpec) -> tuple[Step, ...]:
    """The steps, each behind all that it comes after, else in the order of the file; the graph must be acyclic."""
    if _is_ordered(spec.steps):
        return spec.steps
    ordered: dict[str, Step] = {}
    waiting = list(spec.steps)
    while waiting:
        ready = next(step for step in waiting if ordered.keys() >= set(step.after))
        ordered[ready.id] = ready
        waiting.remove(ready)
    return tuple(ordered.values())


def _is_ordered(steps: tuple[Step, ...]) -> bool:
    seen: set[str] = set()
    for step in steps:
        if not seen.issuperset(step.after):
            return False
        seen.add(step.id)
    return True


def ancestors(spec: SagaSpec) -> Ancestors:
    """By step id, the ids of all steps that are settled before it starts; the graph must be acyclic."""
    return _ancestors(tuple((step.id, step.after) for step in in_order(spec)))


@lru_cache(maxsize=8)
def _ancestors(ordered: tuple[tuple[str, tuple[str, ...]], ...]) -> Ancestors:
    """Asked for at every field of every step, so it is worked out once for each order of steps."""
    found: dict[str, frozenset[str]] = {}
    for id, after in ordered:
        found[id] = frozenset(after).union(*(found[before] for before in after))
    return found


def ordered(before: Ancestors, one: str, other: str) -> bool:
    """Whether one of two steps is settled before the other starts."""
    return one in before[other] or other in before[one]
