"""The tables of `docs/fsm.md` against the code: no step and no saga moves in a way that is not written there."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from order_fulfillment.app import application
from order_fulfillment.orchestrator import fsm
from order_fulfillment.orchestrator.definitions import Definition
from order_fulfillment.orchestrator.events import Event
from order_fulfillment.orchestrator.states import SagaState
from order_fulfillment.simulation import moves
from order_fulfillment.simulation.schedules import simulate
from order_fulfillment.simulation.world import Machine

TEXT = (Path(__file__).parents[1] / "docs" / "fsm.md").read_text(encoding="utf-8")
SCHEDULES = 150


class Move(NamedTuple):
    """From a state to the next one by an event."""

    state: str
    event: str
    next: str


def documented(heading: str) -> set[Move]:
    """The moves of the table below a heading."""
    below = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:4]] for line in below.splitlines() if line.startswith("| ")]
    return {
        Move(state, event, after)
        for states, event, nexts in rows[2:]
        for state in states.split(", ")
        for after in nexts.split(", ")
    }


def seen(definition: Definition, monkeypatch: pytest.MonkeyPatch) -> tuple[set[Move], set[Move]]:
    """How steps and the saga move in random schedules."""
    steps, sagas = set[Move](), set[Move]()

    def evolve(definition: Definition, state: SagaState, event: Event) -> SagaState:
        after, name = fsm.evolve(definition, state, event), type(event).__name__
        for id in after.steps:
            before, now = (type(one.step(id)).__name__.upper() for one in (state, after))
            if state.step(id) != after.step(id):
                steps.add(Move(before, name, now))
        if state.status != after.status:
            sagas.add(Move(state.status, name, after.status))
        return after

    monkeypatch.setattr(moves, "evolve", evolve)
    problems = [simulate(Machine(definition, application.saga.policy()), seed) for seed in range(SCHEDULES)]
    assert not any(problems)
    return steps, sagas


def told(moves: Iterable[Move]) -> list[str]:
    """Moves for people."""
    return sorted(" ".join(move) for move in moves)


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
def test_every_move_is_documented(definition: Definition, monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens is what is written down."""
    steps, sagas = seen(definition, monkeypatch)

    assert told(steps - documented("How one step moves")) == []
    assert told(sagas - documented("How the saga moves")) == []
    assert len(steps) > 5
