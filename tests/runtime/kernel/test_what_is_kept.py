"""What events and states keep: who asked and why, what a participant said, and what is sent because of it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from kernel.definitions import LINE, PIVOT, policy, saga, step
from kernel.sagas import Saga, answer

from runtime.orchestrator.definitions import Forward, Terminal
from runtime.orchestrator.events import (
    AbandonRequested,
    CancelRequested,
    ForceUndoRequested,
    OutcomeStated,
    RetryRequested,
    SagaStarted,
    SkipRequested,
    StepFailed,
    StepTimedOut,
)
from runtime.orchestrator.fsm import decide, evolve, initial, label, wake_at
from runtime.orchestrator.snapshot import from_json, to_json
from runtime.orchestrator.states import (
    Abandon,
    Backoff,
    Cancel,
    Close,
    Decided,
    Done,
    Failed,
    ForceUndo,
    Found,
    Idle,
    Ignored,
    Resolve,
    Retry,
    Run,
    SagaState,
    Skip,
    Skipped,
    Start,
    StepState,
    Tick,
    Undo,
    Undone,
)
from runtime.orchestrator.verbs import past_no_return

ORDER = {"id": "7", "wanted": True}


def asked() -> Saga:
    """The pivot did not answer, so it is asked how it ended."""
    return Saga(PIVOT).hear("A", "ok").wait().wait().wait()


def undoing() -> Saga:
    return Saga(LINE).hear("A", "ok").hear("B", "refused")


def closing() -> Saga:
    return undoing().give(Skip("A", "ada", "kept", {}))


def stuck(given: Saga) -> Saga:
    while not given.state.parked:
        given.wait()
    return given


def test_a_saga_keeps_what_it_was_started_with() -> None:
    said = decide(LINE, policy(LINE), None, Start("0.test", ORDER, "key-1"), 5.0)
    assert isinstance(said, Decided)
    assert said.events[0] == SagaStarted(ORDER, "key-1", 5.0 + 86_400)

    state = evolve(LINE, initial(LINE, "0.test"), said.events[0])

    assert (state.id, state.version, state.client_key) == ("0.test", 1, "key-1")
    assert (state.input, state.data) == (ORDER, ORDER)


def test_the_input_stays_as_it_was_beside_what_the_steps_have_given() -> None:
    given = Saga(LINE).hear("A", "ok", body={"id": "8", "receipt": "1"})

    assert given.state.input == {"id": "1"}
    assert given.state.data == {"id": "8", "receipt": "1"}


def test_starting_again_and_words_to_a_saga_that_is_not_there_change_nothing() -> None:
    assert Saga(LINE).refused(Start("0.test", ORDER)) == "already-started"
    for heard in (answer("A", "ok"), Tick(), Cancel("ada")):
        assert decide(LINE, policy(LINE), None, heard, 0.0) == Ignored("unknown-saga")


def test_who_asked_for_it_and_why_is_kept() -> None:
    past = Saga(PIVOT).hear("A", "ok").hear("B", "ok")

    assert past.give(ForceUndo("ada", "fraud")).events[-2] == ForceUndoRequested("ada", "fraud")
    assert Saga(LINE).give(Abandon("ada", "a test")).events[-2] == AbandonRequested("ada", "a test")
    assert Saga(LINE).give(Skip("A", "ada", "by hand", {"x": 1})).events[-1] == SkipRequested(
        "A", "ada", "by hand", {"x": 1}, 30.0
    )
    assert Saga(PIVOT).give(Found("A", "ada", "by phone", "ok", "ADone", {"x": 1})).events[-1] == OutcomeStated(
        "A", "ada", "by phone", "ok", "ADone", {"x": 1}, 30.0
    )
    again = stuck(undoing()).give(Retry("A", "ada", "it is back"))
    assert again.events[-1] == RetryRequested("A", "ada", "it is back", again.now + 30)


@pytest.mark.parametrize("given", [asked, undoing, closing])
def test_an_attempt_that_was_never_made_is_not_answered(given: Any) -> None:
    saga, outcome = given(), "undone" if given is undoing else "ok"
    id, phase, n = saga.sent[-1]

    assert saga.refused(answer(id, outcome, phase, n + 1)) == "later-attempt"


def test_what_a_pivot_says_late_of_the_doing_itself_is_believed_while_it_is_asked() -> None:
    assert asked().hear("B", "ok", "do", attempt=2).state.step("B") == Done()
    assert asked().hear("B", "refused", "do", attempt=2).state.step("B") == Failed()


def test_a_refusal_that_was_asked_for_keeps_its_event_and_reason() -> None:
    given = asked().hear("B", "refused", "resolve", event="BRefused", reason="no money")

    assert StepFailed("B", "BRefused", "no money") in given.events


def test_a_pivot_whose_last_attempt_comes_to_nothing_is_asked_how_it_ended() -> None:
    given = Saga(PIVOT).hear("A", "ok").hear("B", "retry").wait().hear("B", "retry", attempt=2)

    assert given.sent[-1] == ("B", "resolve", 1)
    assert isinstance(given.state.step("B"), Resolve)


@pytest.mark.parametrize(("given", "expected"), [(asked, Resolve), (undoing, Undo), (closing, Close)])
def test_a_question_that_is_parked_is_asked_again_as_the_same_question(given: Any, expected: type) -> None:
    saga = stuck(given())
    id, phase, _ = saga.sent[-1]

    saga.give(Retry(id, "ada", "it is back"))

    assert saga.sent[-1] == (id, phase, 1)
    assert isinstance(saga.state.step(id), expected)
    assert saga.names()[-1] == "RetryRequested"


def test_what_is_stated_of_an_undo_under_way_gives_it_a_new_timeout() -> None:
    given = Saga(PIVOT).hear("A", "ok").hear("B", "refused")
    given.now = 20.0

    given.give(Found("A", "ada", "by phone", "ok", "AUndone", {}))

    assert given.state.step("A").due == 50.0  # type: ignore[union-attr]


def test_a_deadline_that_passes_while_the_pivot_is_under_way_asks_the_pivot() -> None:
    given = Saga(PIVOT).hear("A", "ok")
    given.state, given.now = given.state._replace(deadline_at=10.0), 10.0

    given.give(Tick())

    assert given.state.step("B") == Resolve(1, 40.0, "cancel")


def test_what_rings_together_with_the_deadline_is_not_forgotten() -> None:
    given = Saga(LINE)
    given.state, given.now = given.state._replace(deadline_at=30.0), 30.0

    given.give(Tick())

    assert [type(event) for event in given.events[-3:-1]] == [StepTimedOut, CancelRequested]


def test_between_two_events_of_a_decision_nothing_is_due() -> None:
    given = Saga(LINE).hear("A", "ok").give(Cancel("ada")).hear("B", "undone", "undo")
    place = given.names().index("StepCompensated") + 1

    half = initial(LINE, "0.test")
    for event in given.events[:place]:
        half = evolve(LINE, half, event)

    assert half.status == "COMPENSATING"
    assert wake_at(LINE, half) is None
    assert label(LINE, half) == "COMPENSATING"


def test_a_command_takes_what_is_known_of_what_it_needs() -> None:
    takes = Forward("DoB", "B.commands", ("id", "receipt", "colour"), "DOING_B", step("B").do.success, {}, ())
    given = Saga(saga(step("A"), step("B", "A", do=takes)))
    assert given.last is not None
    assert given.last.body == {}

    given.hear("A", "ok", body={"receipt": "7", "weight": 3})

    assert given.last.body == {"id": "1", "receipt": "7"}


def test_a_label_of_an_end_is_the_word_that_the_saga_has_for_it() -> None:
    named = replace(LINE, terminal=Terminal("DELIVERED", "CALLED_OFF"))

    done = Saga(named).hear("A", "ok").hear("B", "ok").hear("C", "ok")
    undone = Saga(named).hear("A", "refused")
    left = Saga(named).give(Abandon("ada", "")).hear("A", "refused", "resolve")

    assert [label(named, one.state) for one in (done, undone, left)] == ["DELIVERED", "CALLED_OFF", "ABANDONED"]


def test_the_pivot_itself_is_the_point_of_no_return_not_what_follows_it() -> None:
    given = Saga(PIVOT).hear("A", "ok").hear("B", "ok")

    half = initial(PIVOT, "0.test")
    for event in given.events[: given.names().index("StepStarted", 4)]:
        half = evolve(PIVOT, half, event)

    assert (half.step("B"), half.step("C")) == (Done(), Idle())
    assert past_no_return(PIVOT, half)


@pytest.mark.parametrize(
    "step",
    [
        Idle(),
        Skipped(),
        Run(2, 5.0, parked=True),
        Backoff(2, 5.0, parked=True),
        Done(),
        Failed(),
        Resolve(2, 5.0, "skip", parked=True, given={"x": [1]}),
        Resolve(2, 5.0, "stated", stated={"outcome": "ok", "event": "ADone", "body": {}}),
        Undo(2, 5.0, parked=True, stated={"outcome": "ok", "event": "", "body": {}}),
        Close(2, 5.0, parked=True),
        Undone(),
    ],
)
def test_a_state_comes_back_from_its_snapshot_as_it_was(step: StepState) -> None:
    kept = SagaState("0.test", 3, "COMPENSATING", {"A": step}, {"id": "1"}, {"id": "2"}, "key-1", 7.0, True, 9)

    assert from_json(json.loads(json.dumps(to_json(kept)))) == kept
