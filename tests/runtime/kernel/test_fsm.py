"""The rows of the transition table, one by one."""

from collections.abc import Sequence

import pytest
from kernel.definitions import BESIDE, GAP, LAST_RETRIABLE, LINE, PIVOT, RULE
from kernel.definitions import saga as saga_of
from kernel.sagas import Saga

from runtime.orchestrator.events import CancelRequested, Event, StepRetryScheduled, StepTimedOut, decode, encode
from runtime.orchestrator.fsm import SLOW_S, evolve, initial, label, outstanding, wake_at
from runtime.orchestrator.snapshot import from_json, to_json
from runtime.orchestrator.states import (
    Answer,
    Backoff,
    Cancel,
    Done,
    Failed,
    Idle,
    Resolve,
    Run,
    Skipped,
    Tick,
    Undo,
    Undone,
)


def test_a_step_starts_when_what_comes_before_is_done() -> None:
    saga = Saga(LINE)
    assert saga.sent == [("A", "do", 1)]

    saga.hear("A", "ok")

    assert saga.sent == [("A", "do", 1), ("B", "do", 1)]
    assert saga.state.step("A") == Done()


def test_branches_run_beside_each_other_and_join() -> None:
    saga = Saga(BESIDE).hear("A", "ok")
    assert {("B", "do", 1), ("C", "do", 1)} <= set(saga.sent)

    saga.hear("C", "ok")
    assert ("D", "do", 1) not in saga.sent

    assert ("D", "do", 1) in saga.hear("B", "ok").sent


def test_a_step_whose_guard_is_false_is_skipped() -> None:
    assert Saga(GAP, wanted=False).hear("A", "ok").state.step("B") == Skipped()
    assert isinstance(Saga(GAP, wanted=True).hear("A", "ok").state.step("B"), Run)


def test_a_guard_on_a_value_that_is_not_there_is_false() -> None:
    assert Saga(GAP).hear("A", "ok").state.step("B") == Skipped()


def test_when_all_is_done_the_saga_is_completed() -> None:
    saga = Saga(LINE).hear("A", "ok").hear("B", "ok").hear("C", "ok")

    assert saga.state.status == "COMPLETED"
    assert label(LINE, saga.state) == "COMPLETED"
    assert wake_at(LINE, saga.state) is None


def test_a_refusal_undoes_what_was_done_last_first() -> None:
    saga = Saga(LINE).hear("A", "ok").hear("B", "ok").hear("C", "refused", reason="no")
    assert saga.state.step("C") == Failed()
    assert saga.sent[-1] == ("B", "undo", 1)

    saga.hear("B", "undone", "undo")
    assert saga.sent[-1] == ("A", "undo", 1)

    assert saga.hear("A", "undone", "undo").state.status == "COMPENSATED"
    assert saga.state.step("A") == Undone()


def test_the_first_step_refused_ends_the_saga_at_once() -> None:
    assert Saga(LINE).hear("A", "refused").state.status == "COMPENSATED"


def test_an_undo_waits_for_every_step_behind_it_not_only_the_next() -> None:
    saga = Saga(GAP, wanted=False).hear("A", "ok").hear("C", "retry").give(Cancel("ada"))

    assert saga.sent[-1] == ("C", "undo", 1)
    assert ("A", "undo", 1) not in saga.sent
    assert saga.hear("C", "undone", "undo").sent[-1] == ("A", "undo", 1)


def test_a_lost_answer_is_asked_for_again_under_the_same_key() -> None:
    saga = Saga(LINE).wait()
    assert saga.state.step("A") == Backoff(1, saga.state.step("A").due)  # type: ignore[union-attr]

    saga.wait()

    assert saga.sent == [("A", "do", 1), ("A", "do", 2)]
    assert len({one.key for one in outstanding(LINE, saga.state)}) == 1


def test_a_passing_failure_waits_as_long_as_it_says() -> None:
    saga = Saga(LINE).hear("A", "retry", retry_after=7.0)

    assert saga.state.step("A") == Backoff(1, 7.0)


def test_a_compensatable_step_in_doubt_is_undone_too() -> None:
    saga = Saga(LINE).hear("A", "ok")
    saga.wait().wait().wait()

    assert isinstance(saga.events[-2], StepTimedOut)
    assert saga.events[-2].then == "abort"
    assert saga.sent[-1] == ("B", "undo", 1)


def test_an_answer_that_comes_during_the_pause_counts() -> None:
    saga = Saga(LINE).wait().hear("A", "ok")

    assert saga.state.step("A") == Done()


def test_a_pivot_without_an_answer_is_asked_how_it_ended() -> None:
    saga = Saga(PIVOT).hear("A", "ok")
    saga.wait().wait().wait()

    assert saga.state.step("B") == Resolve(1, saga.state.step("B").due, "timeout")  # type: ignore[union-attr]
    assert saga.sent[-1] == ("B", "resolve", 1)
    assert saga.hear("B", "refused", "resolve").sent[-1] == ("A", "undo", 1)


def test_a_resolved_pivot_goes_on() -> None:
    saga = Saga(PIVOT).hear("A", "ok")
    saga.wait().wait().wait()

    assert saga.hear("B", "ok", "resolve").sent[-1] == ("C", "do", 1)


def test_a_retriable_step_is_never_refused_and_never_given_up() -> None:
    saga = Saga(LAST_RETRIABLE).hear("A", "ok").hear("B", "refused", reason="no")
    assert isinstance(saga.events[-1], StepRetryScheduled)

    saga.wait().hear("B", "retry", attempt=2)

    assert saga.state.parked
    assert saga.state.step("B") == Backoff(2, saga.now + max(RULE.cap_s, SLOW_S), parked=True)
    assert saga.wait().sent[-1] == ("B", "do", 3)
    assert saga.hear("B", "ok", attempt=3).state.status == "COMPLETED"


def test_an_undo_is_tried_until_it_succeeds_and_parks_beyond_its_attempts() -> None:
    saga = Saga(LINE).hear("A", "ok").hear("B", "refused")
    saga.hear("A", "retry", "undo")
    assert saga.state.step("A") == Undo(1, saga.state.step("A").due)  # type: ignore[union-attr]

    saga.wait().wait()

    assert saga.sent[-1] == ("A", "undo", 3)
    assert saga.state.parked
    assert saga.hear("A", "undone", "undo", attempt=3).state.status == "COMPENSATED"


def test_a_cancelled_saga_is_undone() -> None:
    saga = Saga(LINE).hear("A", "ok").give(Cancel("ada", "changed her mind"))

    assert isinstance(saga.events[-2], CancelRequested)
    assert saga.sent[-1] == ("B", "undo", 1)
    assert saga.refused(Cancel("bob")) == "already-compensating"


def test_a_passed_deadline_undoes_the_saga() -> None:
    saga = Saga(LINE)
    saga.now = saga.state.deadline_at

    saga.give(Tick())

    assert saga.state.status == "COMPENSATING"


def test_a_pivot_under_way_decides_a_race_with_a_cancellation() -> None:
    saga = Saga(PIVOT).hear("A", "ok").give(Cancel("ada"))

    assert saga.sent[-1] == ("B", "resolve", 1)
    assert saga.state.status == "RUNNING"
    assert saga.refused(Cancel("bob")) == "pivot-being-resolved"
    assert saga.hear("B", "ok", "resolve").sent[-1] == ("C", "do", 1)


def test_a_pivot_under_way_decides_also_where_it_is_written_after_what_follows_it() -> None:
    first, pivot, last = PIVOT.steps
    told = Saga(saga_of(first, last, pivot)).hear("A", "ok").give(Cancel("ada"))

    assert told.sent[-1] == ("B", "resolve", 1)


def test_nothing_is_cancelled_past_the_point_of_no_return() -> None:
    for saga in (Saga(PIVOT).hear("A", "ok").hear("B", "ok"), Saga(LAST_RETRIABLE).hear("A", "ok")):
        assert saga.refused(Cancel("ada")) == "it is past its point of no return"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("A", "do", 1, "ok"), "settled-step"),
        (Answer("B", "do", 2, "ok"), "later-attempt"),
        (Answer("C", "do", 1, "ok"), "step-not-issued"),
        (Answer("B", "undo", 1, "undone"), "older-phase"),
        (Answer("X", "do", 1, "ok"), "unknown-step"),
    ],
)
def test_what_is_not_in_the_table_is_ignored_and_counted(answer: Answer, reason: str) -> None:
    assert Saga(LINE).hear("A", "ok").refused(answer) == reason


def test_nothing_happens_after_the_end() -> None:
    saga = Saga(LINE).hear("A", "refused")

    assert saga.refused(Answer("A", "do", 1, "ok")) == "saga-ended"
    assert saga.refused(Tick()) == "saga-ended"
    assert saga.refused(Cancel("ada")) == "it has ended: COMPENSATED"


def test_what_is_outstanding_is_sent_again_as_it_was() -> None:
    saga = Saga(BESIDE).hear("A", "ok").hear("B", "ok")

    assert [(one.step, one.phase, one.attempt) for one in outstanding(BESIDE, saga.state)] == [("C", "do", 1)]


def test_the_log_gives_the_state_back() -> None:
    saga = Saga(LINE).hear("A", "ok").wait().hear("B", "ok", attempt=1).hear("C", "refused")

    folded = initial(LINE, "0.test")
    for event in stored(saga.events):
        folded = evolve(LINE, folded, event)
        assert from_json(to_json(folded)) == folded

    assert folded == saga.state


def stored(events: Sequence[Event]) -> list[Event]:
    """The events as they come back from the store."""
    return [decode(*encode(event)) for event in events]


def test_a_saga_that_waits_says_when_to_wake_it() -> None:
    assert wake_at(LINE, Saga(LINE).state) == RULE.timeout_s


def test_a_label_tells_what_is_under_way() -> None:
    saga = Saga(LINE)
    assert label(LINE, saga.state) == "DOING_A"

    saga.hear("A", "ok").hear("B", "refused")

    assert label(LINE, saga.state) == "UNDOING_A"
    assert saga.state.step("C") == Idle()
