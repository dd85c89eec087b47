"""Kinds and order: the safer reading where what is stated cannot be."""

from collections.abc import Sequence

from saga_scaffold.architecture.completion.notes import Notes
from saga_scaffold.architecture.draft import StepDraft

Order = list[tuple[int, ...]]


def order_of(drafts: Sequence[StepDraft], notes: Notes) -> Order:
    """By step, the indexes of the steps it comes after; without a statement, the step before."""
    order = [_stated(draft, index, len(drafts)) for index, draft in enumerate(drafts)]
    if _has_circle(order):
        problem = "the order that is stated is a circle"
        notes.warn("cycle", "steps", problem, "the steps run in the order of the text; change `after` in saga.yaml")
        return [(index - 1,) if index else () for index in range(len(drafts))]
    return order


def kinds_of(drafts: Sequence[StepDraft], order: Order, ids: Sequence[str], notes: Notes) -> list[str]:
    """Compensatable, then at most one pivot, then retriable steps."""
    stated = [draft.kind if draft.kind in {"pivot", "retriable", "compensatable"} else None for draft in drafts]
    before = _before(order)
    pivot = next((index for index, kind in enumerate(stated) if kind == "pivot"), None)
    kinds = [kind or "compensatable" for kind in stated]
    if pivot is not None:
        kinds = _around(pivot, before)
    else:
        _last_only(kinds, before)
    for index, (want, got) in enumerate(zip(stated, kinds, strict=True)):
        if want is not None and want != got:
            problem = f"step {index + 1} cannot be {want} where it stands"
            hint = f"it is taken as {got}; change `kind` and `after` in saga.yaml"
            notes.warn("kind", f"steps.{ids[index]}.kind", problem, hint)
    return kinds


def _around(pivot: int, before: list[set[int]]) -> list[str]:
    """What follows the pivot is retriable; with anything beside it there is no pivot at all."""
    steps = range(len(before))
    if any(one != pivot and one not in before[pivot] and pivot not in before[one] for one in steps):
        return ["compensatable"] * len(before)
    return ["pivot" if one == pivot else "retriable" if pivot in before[one] else "compensatable" for one in steps]


def _last_only(kinds: list[str], before: list[set[int]]) -> None:
    """Retriable steps stay so as long as everything compensatable comes before them."""
    for index in reversed(range(len(kinds))):
        open_ = [one for one, kind in enumerate(kinds) if kind == "compensatable" and one not in before[index]]
        if kinds[index] == "retriable" and open_:
            kinds[index] = "compensatable"


def _stated(draft: StepDraft, index: int, count: int) -> tuple[int, ...]:
    if draft.after is None:
        return (index - 1,) if index else ()
    return tuple(dict.fromkeys(one for one in draft.after if 0 <= one < count and one != index))


def _has_circle(order: Order) -> bool:
    settled: set[int] = set()
    while len(settled) < len(order):
        ready = {one for one in range(len(order)) if one not in settled and settled >= set(order[one])}
        if not ready:
            return True
        settled |= ready
    return False


def _before(order: Order) -> list[set[int]]:
    found: list[set[int]] = [set() for _ in order]
    for _ in order:
        for index, direct in enumerate(order):
            found[index] |= set(direct).union(*(found[one] for one in direct))
    return found


def sure_before(order: Order, guarded: Sequence[bool]) -> list[set[int]]:
    """By step, the indexes of the steps that are surely done, not skipped, before it starts."""
    return [{one for one in before if not guarded[one]} for before in _before(order)]
