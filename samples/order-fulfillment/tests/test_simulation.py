"""The saga in a small world of its own, where nothing must ever go wrong, whatever the order of events.

`STATES` and `SCHEDULES` in the environment say how long to look; a failure prints what happened, step by step.
"""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from order_fulfillment.app import application
from order_fulfillment.orchestrator.definitions import Definition
from order_fulfillment.simulation.explorer import explore
from order_fulfillment.simulation.looking import look
from order_fulfillment.simulation.schedules import simulate
from order_fulfillment.simulation.twins import Twin, twins_of
from order_fulfillment.simulation.world import Machine

STATES = int(os.environ.get("STATES", "20000"))
SCHEDULES = int(os.environ.get("SCHEDULES", "200"))


def machine(definition: Definition) -> Machine:
    """What the project runs, of one version."""
    return Machine(definition, application.saga.policy())


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
def test_every_order_of_events_ends_well(definition: Definition) -> None:
    """Messages late, doubled or lost, timers that ring at any time, a cancellation, within a budget of faults."""
    explored = explore(machine(definition), most=STATES)

    assert explored.violation is None, str(explored.violation)


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
def test_whatever_people_ask_ends_well(definition: Definition) -> None:
    """The same while somebody retries, skips, undoes by force or gives up at any time."""
    explored = explore(machine(definition), most=STATES // 2, people=True)

    assert explored.violation is None, str(explored.violation)


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
@settings(max_examples=SCHEDULES, deadline=None, database=None)
@given(seed=st.integers(0, 2**32))
def test_random_schedules_end_well(definition: Definition, seed: int) -> None:
    """The same with more faults, at random."""
    violation = simulate(machine(definition), seed)

    assert violation is None, str(violation)


@pytest.mark.parametrize("twin", twins_of(application.definitions[-1]), ids=lambda twin: twin.name)
def test_a_machine_with_a_mistake_is_found_out(twin: Twin) -> None:
    """Each twin of the machine makes one mistake that people make, and looking finds it."""
    assert look(twin.of(machine(application.definitions[-1])), STATES, SCHEDULES, twin.people) is not None
