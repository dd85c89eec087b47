"""Twins of the machine, each with one mistake that people make. Looking for violations must find every one of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ..orchestrator import fsm
from ..orchestrator.definitions import Definition, Policy, StepDefinition
from ..orchestrator.events import CancelRequested, Event, SkipRequested, StepFailed, StepSucceeded, UndoStarted
from ..orchestrator.states import (
    Backoff,
    Cancel,
    Decided,
    Decision,
    Denied,
    Ignored,
    Input,
    Run,
    SagaState,
    Skip,
    Skipped,
    Undo,
)
from ..participant.matrix import Call, Move, Reply, next_move
from .world import Machine

Change = Callable[[Machine], Machine]


@dataclass(frozen=True)
class Twin:
    """A mistake: in which sagas it can show at all, and the machine that makes it. `people` must step in for some."""

    name: str
    applies: Callable[[Definition], bool]
    of: Change
    people: bool = False


def _barrier(row: str | None, phase: str, move: Move) -> Change:
    """The barrier that makes another move in one case."""

    def wrong(state: str | None, asked: str) -> Move:
        return move if (state, asked) == (row, phase) else next_move(state, asked)

    return lambda machine: replace(machine, next_move=wrong)


def _kernel(mistake: Callable[[Definition, Policy, SagaState | None, Input, float, Decision], Decision]) -> Change:
    """The kernel whose decisions are changed afterwards."""

    def wrong(definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float) -> Decision:
        return mistake(definition, policy, state, given, now, fsm.decide(definition, policy, state, given, now))

    return lambda machine: replace(machine, decide=wrong)


def _in_doubt_ignored(
    definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float, right: Decision
) -> Decision:
    """A step whose answer is missing counts as one that did nothing."""
    if state is None or not isinstance(right, Decided):
        return right
    return Decided(tuple(fsm.fold(definition, state, _without_doubt(definition, state, right.events))))


def _without_doubt(definition: Definition, state: SagaState, events: tuple[Event, ...]) -> Iterator[Event]:
    for event in events:
        doubted = isinstance(event, UndoStarted) and isinstance(state.step(event.step), Run | Backoff)
        chosen = StepFailed(event.step, "", "no answer") if doubted and isinstance(event, UndoStarted) else event
        state = fsm.evolve(definition, state, chosen)
        yield chosen


def _forced(when: str) -> Change:
    """A cancellation that is obeyed although it must not be."""

    def mistake(
        definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float, right: Decision
    ) -> Decision:
        refused = isinstance(right, Denied | Ignored) and when in right.reason
        if state is None or not isinstance(given, Cancel) or not refused:
            return right
        return _obeyed(definition, policy, state, now)

    return _kernel(mistake)


def _pivot_not_asked(
    definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float, right: Decision
) -> Decision:
    """A pivot under way is given up without asking how it ended."""
    asks = isinstance(right, Decided) and any(isinstance(e, CancelRequested) and e.resolve for e in right.events)
    return _obeyed(definition, policy, state, now) if state is not None and asks else right


def _not_fenced(
    definition: Definition, policy: Policy, state: SagaState | None, given: Input, now: float, right: Decision
) -> Decision:
    """A step under way is skipped without telling its participant."""
    asks = isinstance(right, Decided) and isinstance(right.events[0], SkipRequested)
    if state is None or not isinstance(given, Skip) or not asks or isinstance(state.step(given.step), Undo):
        return right
    return Decided(tuple(fsm.to_rest(definition, policy, state, [StepSucceeded(given.step, given.result)], now)))


def _obeyed(definition: Definition, policy: Policy, state: SagaState, now: float) -> Decision:
    """Everything that can be undone is undone at once; what cannot is forgotten."""
    forgotten = {
        id: step
        for id, step in state.steps.items()
        if definition.step(id).kind == "compensatable" or isinstance(step, Skipped)
    }
    event = CancelRequested("operator", "somebody", "", resolve=None, timer_at=now)
    lost: list[Event] = [StepFailed(id, "", "given up") for id in state.steps if id not in forgotten]
    return Decided(tuple(fsm.to_rest(definition, policy, state, [*lost, event], now)))


@dataclass(frozen=True)
class Disordered(Definition):
    """A definition that knows only its direct successors, or none at all."""

    direct: bool = False

    @cached_property
    def descendants(self) -> Mapping[str, frozenset[str]]:
        """What an undo waits for, wrongly."""
        if not self.direct:
            return {step.id: frozenset() for step in self.steps}
        return {step.id: frozenset(s.id for s in self.steps if step.id in s.after) for step in self.steps}


def _order(direct: bool) -> Change:
    def twin(machine: Machine) -> Machine:
        values = {name: getattr(machine.definition, name) for name in Definition.__dataclass_fields__}
        return replace(machine, definition=Disordered(**values, direct=direct))

    return twin


def _can_be_undone(definition: Definition, effect: str = "") -> list[StepDefinition]:
    steps = (step for step in definition.steps if step.kind == "compensatable" and step.undo)
    return [step for step in steps if not effect or step.effect == effect]


def _firsts(definition: Definition) -> list[StepDefinition]:
    return [step for step in definition.steps if not step.after]


def _undone_in_order(definition: Definition) -> bool:
    steps = _can_be_undone(definition)
    return any(later.id in definition.descendants[earlier.id] for earlier in steps for later in steps)


def _undone_across_a_gap(definition: Definition) -> bool:
    """A step that can be undone behind a single one that may be skipped, behind another."""
    steps = _can_be_undone(definition)
    return any(_only_follower_may_be_skipped(definition, first, steps) for first in steps)


def _only_follower_may_be_skipped(definition: Definition, first: StepDefinition, steps: list[StepDefinition]) -> bool:
    followers = [step for step in definition.steps if first.id in step.after]
    return len(followers) == 1 and bool(followers[0].when) and any(followers[0].id in step.after for step in steps)


def _undone_before_the_pivot(definition: Definition) -> bool:
    pivots = [step.id for step in definition.steps if step.kind == "pivot"]
    return any(pivot in definition.descendants[step.id] for pivot in pivots for step in _can_be_undone(definition))


def _goes_on_behind_the_pivot(definition: Definition) -> bool:
    follows = any(definition.descendants[step.id] for step in definition.steps if step.kind == "pivot")
    return follows and _undone_before_the_pivot(definition)


def _undone_after_a_refusal(definition: Definition) -> bool:
    return any(step.do.failures for step in _can_be_undone(definition, "local"))


TWINS = (
    Twin("no tombstone", lambda d: bool(_can_be_undone(d, "local")), _barrier(None, "undo", Reply("undone"))),
    Twin("no dedup", lambda d: any(s.effect == "local" for s in _firsts(d)), _barrier("ok", "do", Call.DO)),
    Twin(
        "tombstone over started",
        lambda d: bool(_can_be_undone(d, "external")),
        _barrier("started", "undo", Reply("undone", becomes="tombstone")),
    ),
    Twin("unordered undo", _undone_in_order, _order(direct=False)),
    Twin("undo after direct successors only", _undone_across_a_gap, _order(direct=True)),
    Twin("in-doubt ignored", lambda d: bool(_can_be_undone(d)), _kernel(_in_doubt_ignored)),
    Twin("pivot aborted without being asked", _undone_before_the_pivot, _kernel(_pivot_not_asked)),
    Twin("cancel after the pivot", _goes_on_behind_the_pivot, _forced("point of no return")),
    Twin("cancel while the pivot is asked", _undone_before_the_pivot, _forced("pivot-being-resolved")),
    Twin(
        "refusal keeps its writes",
        _undone_after_a_refusal,
        lambda machine: replace(machine, refusal_keeps_its_writes=True),
    ),
    Twin(
        "late outcome overwrites the row",
        lambda d: bool(_can_be_undone(d, "external")),
        lambda machine: replace(machine, late_outcome_overwrites=True),
    ),
    Twin("verb without fence", lambda _: True, _kernel(_not_fenced), people=True),
)


def twins_of(definition: Definition) -> tuple[Twin, ...]:
    """The twins whose mistake can show in a saga of this structure."""
    return tuple(twin for twin in TWINS if twin.applies(definition))
