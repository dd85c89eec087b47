"""When things are due: every timer that an event sets, the pauses between attempts, and when a deadline counts."""

from typing import Any

import pytest
from kernel.definitions import BESIDE, LAST_RETRIABLE, LINE, PIVOT, RULE, policy, saga, step
from kernel.sagas import Saga, answer

from runtime.orchestrator.events import StepClosed, StepFailed, StepRetried, StepRetryScheduled
from runtime.orchestrator.fsm import SLOW_S, deadline_counts, decide, evolve, initial, label, wake_at
from runtime.orchestrator.ids import key_of
from runtime.orchestrator.states import (
    Abandon,
    Backoff,
    Cancel,
    Close,
    Decided,
    Denied,
    ForceUndo,
    Found,
    Ignored,
    Resolve,
    Retry,
    Run,
    Skip,
    Start,
    Tick,
    Undo,
)
from runtime.orchestrator.verbs import past_no_return

NOW = 1_000.0
SKIP = Skip("A", "ada", "", {})


def later(given: Saga) -> Saga:
    """The saga at a time that no timer of its own reaches."""
    given.now = NOW
    return given


def pause(phase: str, n: int, id: str = "A") -> float:
    return RULE.pause(n, key_of("0.test", id, phase))


def again(phase: str, n: int) -> float:
    """How long the answer of an attempt that must succeed is waited for."""
    return RULE.wait(n, key_of("0.test", "A", phase))


@pytest.mark.parametrize(
    ("given", "then", "id", "due"),
    [
        (lambda: later(Saga(LINE)), lambda s: s.hear("A", "ok"), "B", Run(1, NOW + 30)),
        (lambda: later(Saga(LINE).hear("A", "ok")), lambda s: s.hear("B", "refused"), "A", Undo(1, NOW + 30)),
        (
            lambda: later(Saga(PIVOT).hear("A", "ok")),
            lambda s: s.give(Cancel("a")),
            "B",
            Resolve(1, NOW + 30, "cancel"),
        ),
        (lambda: later(Saga(LINE)), lambda s: s.give(SKIP), "A", Resolve(1, NOW + 30, "skip", given={})),
        (
            lambda: later(Saga(LINE).hear("A", "ok").hear("B", "refused")),
            lambda s: s.give(SKIP),
            "A",
            Close(1, NOW + 30),
        ),
        (lambda: later(Saga(LINE)), lambda s: s.give(Abandon("a", "")), "A", Resolve(1, NOW + 30, "abandon")),
        (
            lambda: later(Saga(LINE).hear("A", "ok").hear("B", "refused")),
            lambda s: s.give(Abandon("a", "")),
            "A",
            Close(1, NOW + 30),
        ),
        (lambda: later(Saga(LINE)), lambda s: s.hear("A", "retry"), "A", Backoff(1, NOW + pause("do", 1))),
        (
            lambda: later(Saga(LINE).hear("A", "ok").hear("B", "refused")),
            lambda s: s.hear("A", "retry", "undo"),
            "A",
            Undo(1, NOW + pause("undo", 1)),
        ),
        (
            lambda: later(Saga(LINE).hear("A", "ok").hear("B", "refused")),
            lambda s: s.hear("A", "retry", "undo", retry_after=3.0),
            "A",
            Undo(1, NOW + 3),
        ),
    ],
)
def test_an_event_sets_its_timer(given: Any, then: Any, id: str, due: Any) -> None:
    assert then(given()).state.step(id) == due


def test_the_start_sets_the_deadline_and_the_first_timer() -> None:
    said = decide(LINE, policy(LINE), None, Start("0.test", {"id": "1"}), NOW)

    assert isinstance(said, Decided)
    assert said.events[0].deadline_at == NOW + 86_400  # type: ignore[union-attr]
    assert said.events[1].timer_at == NOW + 30  # type: ignore[union-attr]


def test_attempts_follow_each_other_by_timeout_and_pause() -> None:
    given = Saga(LINE).wait()
    assert (given.now, given.state.step("A")) == (30.0, Backoff(1, 30 + pause("do", 1)))

    given.wait()
    assert given.state.step("A") == Run(2, given.now + 30)
    assert given.events[-1] == StepRetried("A", 2, given.now + 30, parked=False)

    given.wait()
    assert given.state.status == "COMPENSATING"


def test_an_undo_waits_longer_each_time_and_parks_beyond_its_attempts() -> None:
    given = Saga(LINE).hear("A", "ok").hear("B", "refused")
    assert given.state.step("A") == Undo(1, 30)

    given.wait()
    assert given.state.step("A") == Undo(2, 30 + again("undo", 2))
    before = given.wait().now
    assert given.state.step("A") == Undo(3, before + again("undo", 3), parked=True)
    before = given.wait().now
    assert given.state.step("A") == Undo(4, before + again("undo", 4), parked=True)


def test_a_parked_retriable_step_goes_on_slowly() -> None:
    given = Saga(LAST_RETRIABLE).hear("A", "ok").wait().wait().wait()
    assert given.state.step("B") == Backoff(2, given.now + SLOW_S, parked=True)
    assert SLOW_S == 60.0

    given.wait()
    assert given.state.step("B") == Run(3, given.now + 30, parked=True)
    given.wait()
    assert given.state.step("B") == Backoff(3, given.now + SLOW_S, parked=True)


def test_a_pivot_that_is_asked_waits_one_timeout_for_the_first_answer() -> None:
    given = Saga(PIVOT).hear("A", "ok").wait().wait().wait()

    assert given.state.step("B") == Resolve(1, given.now + 30, "timeout")


def test_only_what_is_due_rings() -> None:
    given = Saga(BESIDE).hear("A", "ok").hear("B", "retry", retry_after=5.0)
    given.now = 5.0

    given.give(Tick())

    assert (given.state.step("B"), given.state.step("C")) == (Run(2, 35.0), Run(1, 30.0))
    given.now = 29.9
    assert given.refused(Tick()) == "nothing-due"


def test_everything_that_is_due_rings_at_once() -> None:
    given = later(Saga(BESIDE).hear("A", "ok")).give(Tick())

    assert isinstance(given.state.step("B"), Backoff)
    assert isinstance(given.state.step("C"), Backoff)


def test_the_deadline_counts_only_while_it_can_undo_something() -> None:
    running, undoing = Saga(LINE).state, Saga(LINE).hear("A", "ok").hear("B", "refused").state
    resolving = Saga(PIVOT).hear("A", "ok").give(Cancel("a")).state
    passed = Saga(PIVOT).hear("A", "ok").hear("B", "ok").state
    leaving = Saga(LINE).give(Abandon("a", "")).state

    assert deadline_counts(LINE, running)
    assert wake_at(LINE, running._replace(deadline_at=1.0)) == 1.0
    assert not deadline_counts(LINE, undoing)
    assert not deadline_counts(PIVOT, resolving)
    assert not deadline_counts(PIVOT, passed)
    assert not deadline_counts(LINE, leaving)
    assert wake_at(LINE, Saga(LINE).hear("A", "refused").state) is None


def test_a_deadline_that_has_passed_is_met_at_its_very_second_and_not_before() -> None:
    given = Saga(saga(step("A", failures=())))
    given.state = given.state._replace(deadline_at=10.0)
    given.now = 9.0
    assert given.refused(Tick()) == "nothing-due"

    given.now = 10.0
    given.give(Tick())

    assert given.state.status == "COMPENSATING"
    assert given.events[-2].by == "deadline"  # type: ignore[union-attr]


def test_a_deadline_says_so_and_a_person_is_named() -> None:
    by_person = Saga(LINE).give(Cancel("ada", "why"))
    late = Saga(LINE)
    late.state = late.state._replace(deadline_at=0.0)
    late.give(Tick())

    assert (by_person.events[-2].why, by_person.events[-2].by) == ("operator", "ada")  # type: ignore[union-attr]
    assert (late.events[-2].why, late.events[-2].reason) == (  # type: ignore[union-attr]
        "deadline",
        "the deadline has passed",
    )


def test_the_point_of_no_return() -> None:
    assert not past_no_return(PIVOT, Saga(PIVOT).state)
    assert not past_no_return(PIVOT, Saga(PIVOT).hear("A", "ok").state)
    assert past_no_return(PIVOT, Saga(PIVOT).hear("A", "ok").hear("B", "ok").state)
    assert not past_no_return(LAST_RETRIABLE, Saga(LAST_RETRIABLE).state)
    assert past_no_return(LAST_RETRIABLE, Saga(LAST_RETRIABLE).hear("A", "ok").state)
    assert not past_no_return(LINE, Saga(LINE).hear("A", "ok").hear("B", "ok").state)


def test_every_event_counts_one() -> None:
    given = Saga(LINE).hear("A", "ok").wait().wait().hear("B", "refused", attempt=2)

    assert given.state.seq == len(given.events) == 8
    folded = initial(LINE, "0.test")
    for number, event in enumerate(given.events, 1):
        folded = evolve(LINE, folded, event)
        assert folded.seq == number


def test_closing_says_whether_the_effect_is_still_there() -> None:
    def closed(outcome: str) -> Any:
        given = Saga(LINE).hear("A", "ok").hear("B", "refused").give(SKIP).hear("A", outcome, "close")
        return given.events[-2]

    assert closed("ok") == StepClosed("A", in_effect=True)
    assert closed("refused") == StepClosed("A", in_effect=False)


def test_a_retry_that_is_scheduled_names_the_attempt_that_came_to_nothing() -> None:
    given = Saga(LINE).wait().wait().hear("A", "retry", attempt=2, reason="busy")

    assert isinstance(given.events[-2], StepRetryScheduled)
    assert (given.events[-2].attempt, given.events[-2].then, given.events[-2].reason) == (2, "abort", "busy")


@pytest.mark.parametrize(
    ("given", "heard", "reason"),
    [
        (lambda: Saga(LINE).give(SKIP), ("A", "refused", "do"), "older-phase"),
        (lambda: Saga(LINE).give(SKIP), ("A", "retry", "do"), "older-phase"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused"), ("A", "ok", "do"), "older-phase"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused"), ("A", "refused", "do"), "older-phase"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused"), ("A", "ok", "resolve"), "older-phase"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused").give(SKIP), ("A", "undone", "undo"), "older-phase"),
        (lambda: Saga(LINE).hear("A", "ok").hear("B", "refused").give(SKIP), ("A", "ok", "resolve"), "older-phase"),
        (lambda: Saga(LINE).wait().wait(), ("A", "retry", "do"), "older-attempt"),
        (lambda: Saga(LINE), ("A", "ok", "undo"), "older-phase"),
        (lambda: Saga(LINE), ("A", "refused", "resolve"), "older-phase"),
    ],
)
def test_words_of_another_phase_or_attempt_change_nothing(given: Any, heard: Any, reason: str) -> None:
    id, outcome, phase = heard

    assert given().refused(answer(id, outcome, phase)) == reason


def test_an_answer_of_an_attempt_before_counts_like_the_last() -> None:
    given = Saga(LINE).wait().wait()
    assert given.state.step("A") == Run(2, given.now + 30)

    assert given.hear("A", "ok", attempt=1).sent[-1] == ("B", "do", 1)


def test_a_label_is_that_of_the_first_step_under_way_and_of_the_last_that_is_undone() -> None:
    beside = Saga(BESIDE).hear("A", "ok")
    assert label(BESIDE, beside.state) == "DOING_B"

    beside.give(Cancel("ada"))
    assert label(BESIDE, beside.state) == "UNDOING_C"
    assert label(PIVOT, Saga(PIVOT).hear("A", "ok").hear("B", "ok").give(ForceUndo("a", "")).state) == "DOING_C"
    assert label(LINE, Saga(LINE).give(Abandon("a", "")).state) == "ABANDONING"
    assert label(LINE, Saga(LINE).hear("A", "refused").state) == "COMPENSATED"


def test_what_a_person_knows_of_the_outside_is_asked_with_the_first_attempt() -> None:
    found = Found("A", "ada", "", "ok", "ADone", {"x": 1})
    running = later(Saga(PIVOT)).give(found)
    assert running.state.step("A") == Resolve(
        1, NOW + 30, "stated", stated={"outcome": "ok", "event": "ADone", "body": {"x": 1}}
    )
    undoing = Saga(PIVOT).hear("A", "ok").hear("B", "refused").wait().wait()
    assert undoing.state.parked

    undoing.give(found)

    assert undoing.sent[-1] == ("A", "undo", 1)
    assert not undoing.state.parked


def test_a_retriable_step_cannot_be_said_to_be_refused_but_its_undo_can_be() -> None:
    external = saga(step("A"), step("B", "A", kind="retriable", effect="external", undo=None, failures=()))
    no, yes = Found("B", "ada", "", "refused", "", {}), Found("B", "ada", "", "ok", "", {})
    given = Saga(external).hear("A", "ok")
    assert given.refused(no) == "B must succeed in the end: skip it with a result"
    assert isinstance(given.give(yes).state.step("B"), Resolve)

    undone = Saga(external).hear("A", "ok").give(ForceUndo("ada", ""))
    assert isinstance(undone.give(no).state.step("B"), Undo)


def test_a_verb_that_is_ignored_differs_from_one_that_is_denied() -> None:
    given = Saga(LINE).hear("A", "ok").hear("B", "refused")

    ignored = decide(LINE, policy(LINE), given.state, Cancel("a"), 0.0)
    denied = decide(LINE, policy(LINE), given.state, Retry("A", "a", ""), 0.0)

    assert isinstance(ignored, Ignored)
    assert isinstance(denied, Denied)
    assert isinstance(decide(LINE, policy(LINE), None, Cancel("a"), 0.0), Ignored)
    assert isinstance(decide(LINE, policy(LINE), given.state, Start("x", {}), 0.0), Ignored)


def test_a_refusal_carries_its_event_and_its_reason() -> None:
    given = Saga(LINE).hear("A", "refused", event="ARefused", reason="none left")

    assert given.events[-2] == StepFailed("A", "ARefused", "none left")


def test_a_refusal_of_another_phase_does_not_fail_a_step_that_runs() -> None:
    for phase in ("close", "resolve", "undo"):
        assert Saga(LINE).refused(answer("A", "refused", phase)) == "older-phase"


def test_a_command_says_what_it_asks_for_and_where() -> None:
    given = Saga(LINE)
    assert given.last is not None
    assert (given.last.command, given.last.topic, given.last.key) == ("DoA", "A.commands", "0.test:A:do")

    given.hear("A", "ok").hear("B", "refused")
    assert (given.last.command, given.last.topic, given.last.key) == ("UndoA", "A.commands", "0.test:A:undo")

    given.give(SKIP)
    assert (given.last.command, given.last.phase, given.last.key) == ("DoA", "close", "0.test:A:close")


def test_a_pivot_that_was_not_started_is_not_asked_when_the_saga_is_cancelled() -> None:
    given = Saga(PIVOT).give(Cancel("ada"))

    assert given.state.status == "COMPENSATING"
    assert given.sent[-1] == ("A", "undo", 1)
