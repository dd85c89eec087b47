"""Whatever happens in whatever order: nothing twice, nothing left behind, always an end."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernel.definitions import BESIDE, GAP, LAST_RETRIABLE, LINE, PIVOT, WIDE, WIDE_PIVOT, policy, sagas
from properties import examples

from runtime.orchestrator.definitions import Definition
from runtime.simulation.explorer import explore
from runtime.simulation.looking import look
from runtime.simulation.schedules import run, simulate
from runtime.simulation.twins import TWINS, Twin, twins_of
from runtime.simulation.world import Machine

SCHEDULES = int(os.environ.get("SCHEDULES", "400"))
SAGAS = {"line": LINE, "beside": BESIDE, "gap": GAP, "pivot": PIVOT, "last retriable": LAST_RETRIABLE}
QUICK = {"pivot", "last retriable"}


def machine(definition: Definition) -> Machine:
    return Machine(definition, policy(definition))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name == "beside" else name for name in SAGAS]
)
def test_every_order_of_events_ends_well(name: str) -> None:
    explored = explore(machine(SAGAS[name]))

    assert explored.violation is None, str(explored.violation)
    assert explored.complete


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in SAGAS]
)
def test_whatever_people_ask_ends_well(name: str) -> None:
    explored = explore(machine(SAGAS[name]), most=30_000, people=True)

    assert explored.violation is None, str(explored.violation)


@examples(SCHEDULES)
@given(definition=sagas(), seed=st.integers(0, 2**32))
def test_random_schedules_of_random_sagas_end_well(definition: Definition, seed: int) -> None:
    violation = simulate(machine(definition), seed)

    assert violation is None, str(violation)


@examples(40)
@given(definition=sagas(), data=st.data())
def test_schedules_that_are_chosen_step_by_step_end_well(definition: Definition, data: st.DataObject) -> None:
    violation = run(machine(definition), lambda most: data.draw(st.integers(0, most - 1)), faults=3)

    assert violation is None, str(violation)


@examples(25)
@given(definition=sagas())
def test_no_saga_has_a_dead_end(definition: Definition) -> None:
    explored = explore(machine(definition), faults=1, most=20_000, people=True)

    assert explored.violation is None, str(explored.violation)


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_every_mistake_is_found_in_some_saga(twin: Twin) -> None:
    shown = [definition for definition in SAGAS.values() if twin.applies(definition)]

    assert shown
    for definition in shown:
        assert explore(twin.of(machine(definition)), people=twin.people).violation is not None


@pytest.mark.parametrize("definition", [*SAGAS.values(), WIDE, WIDE_PIVOT], ids=lambda one: "-".join(one.by_id))
def test_the_bounds_of_a_project_show_each_mistake(definition: Definition) -> None:
    missed = [
        twin.name
        for twin in twins_of(definition)
        if look(twin.of(machine(definition)), 20_000, 200, twin.people) is None
    ]

    assert missed == []


def test_what_goes_wrong_late_in_a_wide_saga_is_found() -> None:
    [unordered] = [twin for twin in twins_of(WIDE) if twin.name == "unordered undo"]

    assert explore(unordered.of(machine(WIDE)), most=20_000).violation is None
    assert look(unordered.of(machine(WIDE)), 20_000, 200) is not None


def test_a_counterexample_can_be_read() -> None:
    careless = next(twin for twin in twins_of(LINE) if twin.name == "no tombstone")

    violation = explore(careless.of(machine(LINE))).violation

    assert violation is not None
    assert str(violation).splitlines()[:2] == [
        "it is compensated, but A is still in effect",
        "  1. the saga is started",
    ]
    assert any("undo of A arrives" in told for told in violation.trace)
