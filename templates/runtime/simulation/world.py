"""One saga and all that happens to it, as a value.

Nothing that was ever sent is taken off the network: it may arrive late, twice, never, or after what was sent later.
A crash of the orchestrator, and an owner that wakes up late, add nothing to that, since all they do is send again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..orchestrator.definitions import Definition, Policy
from ..orchestrator.fsm import decide
from ..orchestrator.states import Decision, Input, Open, Phase, SagaState
from ..participant.matrix import Move, next_move

Decide = Callable[[Definition, Policy, SagaState | None, Input, float], Decision]
NextMove = Callable[[str | None, str], Move]


class Command(NamedTuple):
    """A command on the network."""

    step: str
    phase: Phase
    attempt: int


class Reply(NamedTuple):
    """An answer on the network."""

    step: str
    phase: Phase
    attempt: int
    outcome: Any


class Effect(NamedTuple):
    """What a handler has done to the world: `do` or `undo` of a step."""

    what: str
    step: str


class World(NamedTuple):
    """Everything that can be told from outside, and how many faults may still happen.

    `rows` are the states of the participants' barrier rows, `asked` calls to the outside that are under way,
    `outside` what the outside has decided under a step's key. `touched` are steps that somebody skipped or said the
    outcome of, `stood_in` those whose result somebody gave, `ended` how many effects there were when the saga ended.
    """

    saga: SagaState
    faults: int
    cancelled: bool = False
    sent: frozenset[Command] = frozenset()
    answers: frozenset[Reply] = frozenset()
    rows: frozenset[tuple[str, str]] = frozenset()
    asked: frozenset[Command] = frozenset()
    outside: frozenset[tuple[str, str]] = frozenset()
    effects: tuple[Effect, ...] = ()
    touched: frozenset[str] = frozenset()
    stood_in: frozenset[str] = frozenset()
    ended: int | None = None

    def row(self, step: str) -> str | None:
        """The state of the step's barrier row; None where there is none."""
        return next((state for name, state in self.rows if name == step), None)

    def known_outside(self, step: str) -> str | None:
        """What the outside has decided: `ok` or `refused`."""
        return next((outcome for name, outcome in self.outside if name == step), None)

    def with_row(self, step: str, state: str | None) -> "World":
        """The same with another row; None leaves the rows alone."""
        if state is None:
            return self
        others = frozenset(row for row in self.rows if row[0] != step)
        return self._replace(rows=others | {(step, state)})

    def with_effect(self, what: str, step: str) -> "World":
        """The same after one more effect."""
        return self._replace(effects=(*self.effects, Effect(what, step)))

    def key(self) -> tuple[object, ...]:
        """What tells two worlds apart: times, which anything may happen at, do not."""
        saga, steps = self.saga, self.saga.steps.items()
        told = frozenset((id, type(step).__name__, *_counts(step)) for id, step in steps)
        network = (self.sent, self.answers, self.asked)
        people = (saga.forced, self.cancelled, self.touched, self.stood_in)
        return (saga.status, told, self.faults, people, network, self.rows, self.outside, self.effects, self.ended)


def _counts(step: Any) -> tuple[object, ...]:
    if not isinstance(step, Open):
        return ()
    return (step.n, step.parked, *(getattr(step, name, None) is not None for name in ("given", "stated")))


@dataclass(frozen=True)
class Machine:
    """What is put to the test: the orchestrator's decisions, the barrier's, and two ways to get a participant wrong.

    Nobody steps in where it is `left_alone`, which leaves far fewer ways for everything else.
    """

    definition: Definition
    policy: Policy
    decide: Decide = decide
    next_move: NextMove = next_move
    refusal_keeps_its_writes: bool = False
    late_outcome_overwrites: bool = False
    left_alone: bool = False
