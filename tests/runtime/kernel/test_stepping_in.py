"""What people may ask, by the state of the step or the saga: what comes of it, and what is refused."""

from typing import Any

import pytest
from kernel.definitions import LAST_RETRIABLE, LINE, PIVOT
from kernel.sagas import Saga, answer

from runtime.orchestrator.events import SkipRequested, StepClosed
from runtime.orchestrator.states import (
    Abandon,
    Backoff,
    Cancel,
    Close,
    Done,
    Failed,
    ForceUndo,
    Found,
    Resolve,
    Retry,
    Run,
    Skip,
    Undo,
    Undone,
)

SKIP_B = Skip("B", "ada", "it was done by hand", {"receipt": "7"})


def retry(step: str) -> Retry:
    return Retry(step, "ada", "the database is back")


def found(step: str, outcome: Any) -> Found:
    return Found(step, "ada", "the provider says so", outcome, "", {})


def stuck_undo() -> Saga:
    """A's undo has used up its attempts."""
    saga = Saga(LINE).hear("A", "ok").hear("B", "refused")
    while not saga.state.parked:
        saga.wait()
    return saga


def stuck_retriable() -> Saga:
    """B must succeed, and does not."""
    saga = Saga(LAST_RETRIABLE).hear("A", "ok")
    while not saga.state.parked:
        saga.wait()
    return saga


def test_a_parked_step_is_tried_again_from_its_first_attempt_under_the_same_key() -> None:
    saga = stuck_undo()

    saga.give(retry("A"))

    assert saga.sent[-1] == ("A", "undo", 1)
    assert saga.state.step("A") == Undo(1, saga.now + 30)
    assert not saga.state.parked
    assert saga.hear("A", "undone", "undo").state.status == "COMPENSATED"


def test_a_step_that_is_tried_again_parks_again_beyond_its_attempts() -> None:
    saga = stuck_retriable().give(retry("B"))
    assert saga.state.step("B") == Run(1, saga.now + 30)

    while not saga.state.parked:
        saga.wait()

    assert saga.hear("B", "ok", attempt=1).state.status == "COMPLETED"


def test_a_skipped_step_is_not_done_by_what_an_undo_of_it_says() -> None:
    saga = Saga(LINE).hear("A", "ok").give(SKIP_B)

    assert saga.refused(answer("B", "refused", "undo")) == "older-phase"


def test_a_skipped_step_is_fenced_before_its_result_counts() -> None:
    saga = Saga(LINE).hear("A", "ok").give(SKIP_B)
    assert saga.sent[-1] == ("B", "resolve", 1)
    assert isinstance(saga.events[-1], SkipRequested)
    assert isinstance(saga.state.step("B"), Resolve)

    saga.hear("B", "refused", "resolve")

    assert saga.state.step("B") == Done()
    assert saga.state.data["receipt"] == "7"
    assert saga.sent[-1] == ("C", "do", 1)


def test_what_a_skipped_step_has_done_already_wins_over_the_given_result() -> None:
    saga = Saga(LINE).hear("A", "ok").give(SKIP_B).hear("B", "ok", "resolve", body={"receipt": "1"})

    assert saga.state.data["receipt"] == "1"


def test_a_refusal_that_was_under_way_does_not_undo_a_skipped_step() -> None:
    saga = Saga(LINE).hear("A", "ok").give(SKIP_B)

    assert saga.refused(answer("B", "refused", "do")) == "older-phase"


def test_an_undo_that_is_skipped_leaves_the_effect_where_it_is() -> None:
    saga = stuck_undo().give(Skip("A", "ada", "kept", {}))
    assert saga.sent[-1] == ("A", "close", 1)

    saga.hear("A", "ok", "close")

    assert saga.events[-2] == StepClosed("A", in_effect=True)
    assert saga.state.status == "COMPENSATED"


def test_closing_is_tried_until_it_is_answered() -> None:
    saga = stuck_undo().give(Skip("A", "ada", "kept", {})).hear("A", "retry", "close", retry_after=5.0)
    assert saga.state.step("A") == Close(1, saga.now + 5)

    saga.wait()

    assert saga.sent[-1] == ("A", "close", 2)
    assert saga.hear("A", "refused", "close", attempt=2).state.step("A") == Undone()


def test_what_the_outside_did_is_told_to_the_participant() -> None:
    saga = Saga(PIVOT).give(found("A", "ok"))
    assert saga.stated() == {"outcome": "ok", "event": "", "body": {}}

    assert saga.hear("A", "ok", "resolve").state.step("A") == Done()


def test_a_stated_refusal_undoes_the_saga() -> None:
    assert Saga(PIVOT).give(found("A", "refused")).hear("A", "refused", "resolve").state.step("A") == Failed()


def test_an_undo_under_way_keeps_its_phase_when_the_outcome_is_stated() -> None:
    saga = Saga(PIVOT).hear("A", "ok").hear("B", "refused").give(found("A", "ok"))

    assert saga.sent[-1] == ("A", "undo", 1)
    assert saga.stated() is not None


def test_a_saga_past_its_point_of_no_return_is_undone_by_force_steps_of_every_kind() -> None:
    saga = Saga(PIVOT).hear("A", "ok").hear("B", "ok").give(ForceUndo("ada", "fraud"))
    assert saga.sent[-1] == ("C", "undo", 1)

    saga.hear("C", "undone", "undo")
    assert saga.sent[-1] == ("B", "undo", 1)
    saga.hear("B", "undone", "undo").hear("A", "undone", "undo")

    assert saga.state.status == "COMPENSATED"


def test_an_abandoned_saga_starts_nothing_and_undoes_nothing() -> None:
    saga = Saga(LINE).hear("A", "ok").give(Abandon("ada", "a test"))
    assert saga.sent[-1] == ("B", "resolve", 1)

    saga.hear("B", "refused", "resolve")

    assert saga.state.status == "ABANDONED"
    assert (saga.state.step("A"), saga.state.step("B")) == (Done(), Failed())
    assert ("C", "do", 1) not in saga.sent


def test_an_abandoned_undo_is_closed() -> None:
    saga = stuck_undo().give(Abandon("ada", ""))

    assert saga.sent[-1] == ("A", "close", 1)
    assert saga.hear("A", "ok", "close").state.status == "ABANDONED"


def test_a_saga_with_nothing_open_is_abandoned_at_once() -> None:
    saga = Saga(LINE).hear("A", "retry")
    assert isinstance(saga.state.step("A"), Backoff)

    saga.give(Abandon("ada", "")).hear("A", "refused", "resolve")

    assert saga.names()[-2:] == ["StepFailed", "SagaAbandoned"]


@pytest.mark.parametrize(
    ("saga", "verb", "why"),
    [
        (lambda: Saga(LINE), retry("A"), "A has not used up its attempts, so it is tried again anyway"),
        (lambda: Saga(LINE), retry("B"), "B is not under way: it is idle"),
        (lambda: Saga(LINE), retry("X"), "it has no step X: there are A, B, C"),
        (lambda: Saga(LINE).hear("A", "ok"), Skip("A", "ada", "", {}), "A is not under way: it is done"),
        (lambda: Saga(LINE).hear("A", "ok").give(SKIP_B), SKIP_B, "already-skipped"),
        (
            lambda: Saga(PIVOT).hear("A", "ok").give(Cancel("ada")),
            SKIP_B,
            "B is being asked how it ended; its answer decides",
        ),
        (lambda: stuck_undo().give(Skip("A", "ada", "", {})), Skip("A", "ada", "", {}), "already-skipped"),
        (
            lambda: Saga(LINE),
            found("A", "ok"),
            "A takes effect in its participant's own database, which knows how it ended",
        ),
        (lambda: Saga(PIVOT).give(found("A", "ok")), found("A", "ok"), "already-stated"),
        (lambda: Saga(LINE), ForceUndo("ada", ""), "it is not past its point of no return, so it can be cancelled"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused"), ForceUndo("ada", ""), "already-compensating"),
        (lambda: Saga(LINE).give(Abandon("ada", "")), Abandon("ada", ""), "already-abandoning"),
        (lambda: Saga(LINE).give(Abandon("ada", "")), Cancel("ada"), "it is being abandoned"),
        (lambda: Saga(LINE).give(Abandon("ada", "")), ForceUndo("ada", ""), "it is being abandoned"),
        (lambda: Saga(LINE).hear("A", "refused"), Abandon("ada", ""), "it has ended: COMPENSATED"),
        (lambda: Saga(LINE).hear("A", "refused"), retry("A"), "it has ended: COMPENSATED"),
    ],
)
def test_a_verb_in_the_wrong_state_changes_nothing(saga: Any, verb: Any, why: str) -> None:
    assert saga().refused(verb) == why
