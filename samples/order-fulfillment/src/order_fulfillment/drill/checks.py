"""What must hold after a drill, from histories and ledgers. Each check says what is wrong with one saga, or nothing."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..event_store.store import SagaRow, StoredEvent
from ..orchestrator.definitions import Definition
from ..orchestrator.events import SagaCompensated, SagaCompleted, StepSkipped
from .ledger import Effect


@dataclass(frozen=True)
class Found:
    """A saga as it was found. `row` is None where it is not even there; `effects` are in the order of their times."""

    definition: Definition
    row: SagaRow | None
    history: Sequence[StoredEvent]
    effects: Sequence[Effect]

    @cached_property
    def done(self) -> list[str]:
        """The steps that took effect."""
        return [effect.step for effect in self.effects if effect.what == "do"]

    @cached_property
    def undone(self) -> list[str]:
        """The steps whose undo took effect."""
        return [effect.step for effect in self.effects if effect.what == "undo"]

    def ended(self, how: type) -> bool:
        """Whether that is how it ended."""
        return bool(self.history) and self.history[-1].type == how.__name__


Check = Callable[[Found], str | None]


def is_closed(found: Found) -> str | None:
    """Whatever happened, it came to its end."""
    if found.row is None:
        return "it is not there"
    return f"it is still {found.row.label}" if found.row.closed_at is None else None


def has_no_gap(found: Found) -> str | None:
    """Its events are numbered from 1 on, up to what its row says."""
    numbers = [event.seq for event in found.history]
    last = found.row.seq if found.row else 0
    return None if numbers == list(range(1, last + 1)) else f"its events are {numbers}, its row is at {last}"


def took_effect_once(found: Found) -> str | None:
    """No step was done twice, and none undone twice."""
    twice = [what for what, count in Counter((one.what, one.step) for one in found.effects).items() if count > 1]
    return f"{twice[0][0]} of {twice[0][1]} took effect twice" if twice else None


def is_done_when_completed(found: Found) -> str | None:
    """A completed saga has done all that its guards let it do, and has undone nothing."""
    if not found.ended(SagaCompleted):
        return None
    skipped = {json.loads(event.data)["step"] for event in found.history if event.type == StepSkipped.__name__}
    missing = {step.id for step in found.definition.steps} - skipped - set(found.done)
    if missing:
        return f"it is completed, but {', '.join(sorted(missing))} never took effect"
    return f"it is completed, but {found.undone[0]} was undone" if found.undone else None


def is_undone_when_compensated(found: Found) -> str | None:
    """In a compensated saga all that was done and can be undone is undone, and nothing else."""
    if not found.ended(SagaCompensated):
        return None
    due = {step for step in found.done if found.definition.step(step).undo}
    wrong = due ^ set(found.undone)
    return f"it is compensated, but {', '.join(sorted(wrong))} was not done and undone" if wrong else None


def kept_the_order(found: Found) -> str | None:
    """A step takes effect after those before it, and is undone before them."""
    for early in found.definition.steps:
        for late in found.definition.descendants[early.id]:
            if _comes_first(late, early.id, found.done):
                return f"{late} took effect before {early.id}"
            if _comes_first(early.id, late, found.undone):
                return f"{early.id} was undone before {late}"
    return None


CHECKS: Mapping[str, Check] = {
    "every saga has ended": is_closed,
    "no history has a gap": has_no_gap,
    "nothing took effect twice": took_effect_once,
    "completed: all done, nothing undone": is_done_when_completed,
    "compensated: all that was done is undone": is_undone_when_compensated,
    "done in order, undone in reverse": kept_the_order,
}


def violations(sagas: Mapping[str, Found]) -> dict[str, list[str]]:
    """For each check what is wrong, with the saga it is about."""
    return {
        name: [f"{saga_id}: {said}" for saga_id, found in sagas.items() if (said := check(found)) is not None]
        for name, check in CHECKS.items()
    }


def _comes_first(one: str, other: str, order: Sequence[str]) -> bool:
    return one in order and other in order and order.index(one) < order.index(other)
