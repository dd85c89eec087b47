"""Whatever saga `check` accepts: no order of events in it leads to where nothing goes on, or something is left."""

import pytest
from hypothesis import given
from properties import examples
from strategies import sagas

from saga_scaffold.commands.verify import machine_of
from saga_scaffold.spec.check import check, errors
from saga_scaffold.spec.model import SagaSpec


@pytest.mark.slow
@given(sagas())
@examples(40)
def test_no_accepted_saga_has_a_dead_end(spec: SagaSpec) -> None:
    assert not errors(check(spec))
    machine, simulation = machine_of(spec)

    explored = simulation.explorer.explore(machine, 1, 1_500)
    with_people = simulation.explorer.explore(machine, 1, 1_500, people=True)
    runs = [simulation.schedules.simulate(machine, seed) for seed in range(20)]

    assert [found for found in (explored.violation, with_people.violation, *runs) if found is not None] == []
