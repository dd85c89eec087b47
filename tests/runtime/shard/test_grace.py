"""After an outage commands that were sent again have their time; what comes after their answers has its own."""

from kernel.definitions import BESIDE, LINE
from kernel.sagas import Saga

from runtime.event_store.store import SagaRow, Taken
from runtime.orchestrator.fsm import wake_at
from runtime.orchestrator.shard import Live, Shard

LATER = 1e6


def live(saga: Saga) -> Live:
    at = wake_at(saga.definition, saga.state)
    return Live(saga.state, SagaRow("0.test", "test", 1, 0, 1, "RUNNING", "", None, None, at, None, 0, 0.0, None))


def rings(shard: Shard, saga: Saga) -> float | None:
    """When the shard looks at the saga next, given what has become of it."""
    shard.put(live(saga))
    return shard.timers.next()


def shard_with(saga: Saga) -> Shard:
    shard = Shard(Taken(0, 1, 0, 0, {}, True))
    shard.put(live(saga))
    shard.wait(live(saga), LATER)
    return shard


def test_a_command_that_was_sent_again_has_its_time() -> None:
    saga = Saga(LINE)
    assert rings(shard_with(saga), saga) == LATER


def test_once_it_is_answered_a_pause_lasts_no_longer_than_it_has_to() -> None:
    saga = Saga(LINE)
    shard = shard_with(saga)
    saga.hear("A", "retry")
    assert rings(shard, saga) == wake_at(saga.definition, saga.state) != LATER


def test_while_one_of_them_is_not_answered_the_saga_is_left_in_peace() -> None:
    saga = Saga(BESIDE).hear("A", "ok")
    shard = shard_with(saga)
    saga.hear("B", "ok")
    assert rings(shard, saga) == LATER
    saga.hear("C", "ok")
    assert rings(shard, saga) == wake_at(saga.definition, saga.state) != LATER
