"""The order of the steps: what comes before what, what runs beside what, and cycles."""

from collections.abc import Mapping

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
    ordered: dict[str, Step] = {}
    waiting = list(spec.steps)
    while waiting:
        ready = next(step for step in waiting if ordered.keys() >= set(step.after))
        ordered[ready.id] = ready
        waiting.remove(ready)
    return tuple(ordered.values())


def ancestors(spec: SagaSpec) -> Ancestors:
    """By step id, the ids of all steps that are settled before it starts; the graph must be acyclic."""
    found: dict[str, frozenset[str]] = {}
    for step in in_order(spec):
        found[step.id] = frozenset(step.after).union(*(found[before] for before in step.after))
    return found


def ordered(before: Ancestors, one: str, other: str) -> bool:
    """Whether one of two steps is settled before the other starts."""
    return one in before[other] or other in before[one]
