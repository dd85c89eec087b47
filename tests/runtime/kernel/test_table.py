"""The tables of a project's `docs/fsm.md` against the kernel: what is written happens, and nothing else does."""

from collections import Counter
from pathlib import Path

import pytest
from kernel.definitions import BESIDE, GAP, LAST_RETRIABLE, LINE, PIVOT, policy

from runtime.orchestrator import fsm
from runtime.orchestrator.definitions import Definition
from runtime.orchestrator.events import Event
from runtime.orchestrator.states import SagaState
from runtime.simulation import moves
from runtime.simulation.explorer import explore
from runtime.simulation.schedules import simulate
from runtime.simulation.world import Machine

Move = tuple[str, str, str]
TEXT = (Path(__file__).parents[3] / "templates/saga/docs/fsm.md.jinja").read_text(encoding="utf-8")
SCHEDULES = 400


def documented(heading: str) -> set[Move]:
    below = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:4]] for line in below.splitlines() if line.startswith("| ")]
    return {
        (state, event, after)
        for states, event, nexts in rows[2:]
        for state in states.split(", ")
        for after in nexts.split(", ")
    }


@pytest.mark.slow
def test_the_tables_are_exactly_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    steps, sagas = Counter[Move](), Counter[Move]()

    def evolve(definition: Definition, state: SagaState, event: Event) -> SagaState:
        after, name = fsm.evolve(definition, state, event), type(event).__name__
        for id in after.steps:
            if state.step(id) != after.step(id):
                steps[type(state.step(id)).__name__.upper(), name, type(after.step(id)).__name__.upper()] += 1
        if state.status != after.status:
            sagas[state.status, name, after.status] += 1
        return after

    monkeypatch.setattr(moves, "evolve", evolve)
    for definition in (LINE, BESIDE, GAP, PIVOT, LAST_RETRIABLE):
        for seed in range(SCHEDULES):
            assert simulate(Machine(definition, policy(definition)), seed) is None
    assert explore(Machine(LAST_RETRIABLE, policy(LAST_RETRIABLE)), faults=3, people=True).violation is None

    assert set(steps) == documented("How one step moves")
    assert set(sagas) == documented("How the saga moves")
