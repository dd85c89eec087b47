"""A saga under test, without a world around it."""

from typing import Any

from kernel.definitions import policy

from runtime.orchestrator.definitions import Definition
from runtime.orchestrator.events import Event
from runtime.orchestrator.fsm import decide, evolve, initial, react, wake_at
from runtime.orchestrator.states import Answer, Decided, Denied, Ignored, Input, Outgoing, SagaState, Start, Tick


class Saga:
    """One saga that is given inputs; keeps what happened and what was sent."""

    def __init__(self, definition: Definition, **values: Any) -> None:
        self.definition = definition
        self.state: SagaState = initial(definition, "0.test")
        self.events: list[Event] = []
        self.sent: list[tuple[str, str, int]] = []
        self.last: Outgoing | None = None
        self.now = 0.0
        self._take(decide(definition, policy(definition), None, Start("0.test", {"id": "1", **values}), 0.0))

    def hear(self, step: str, outcome: Any, phase: Any = "do", attempt: int = 1, **more: Any) -> "Saga":
        return self.give(answer(step, outcome, phase, attempt, **more))

    def wait(self) -> "Saga":
        """Until the next timer rings."""
        due = wake_at(self.definition, self.state)
        assert due is not None
        self.now = due
        return self.give(Tick())

    def give(self, given: Input) -> "Saga":
        self._take(decide(self.definition, policy(self.definition), self.state, given, self.now))
        return self

    def refused(self, given: Input) -> str:
        """Why an input changes nothing."""
        decision = decide(self.definition, policy(self.definition), self.state, given, self.now)
        assert isinstance(decision, Ignored | Denied)
        return decision.reason

    def _take(self, decision: Any) -> None:
        assert isinstance(decision, Decided), decision
        for event in decision.events:
            self.state = evolve(self.definition, self.state, event)
            self.events.append(event)
            assert self.state.seq == len(self.events)
            for one in react(self.definition, self.state, event):
                self.sent.append((one.step, one.phase, one.attempt))
                self.last = one

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def stated(self) -> Any:
        """What the last command says of the outside."""
        return self.last and self.last.stated


def answer(step: str, outcome: Any, phase: Any = "do", attempt: int = 1, **more: Any) -> Answer:
    """What a participant says."""
    return Answer(step, phase, attempt, outcome, **more)
