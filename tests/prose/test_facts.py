"""Kinds, order, conditions and limits as prose tells them."""

from datetime import timedelta

import pytest
from prose.drafts import actions, after, kinds, read

STEPS = "1. Reserve the venue\n2. Sign the artist\n3. Announce the show\n4. Sell tickets\n\n"


@pytest.mark.parametrize(
    "clause",
    [
        "Announcing the show is the point of no return.",
        "From the announcement on there's no way back.",
        "Once the show is announced we don't go back.",
        "An announced show is binding.",
        "Step 3 is the point of no return.",
    ],
)
def test_the_point_of_no_return(clause: str) -> None:
    assert kinds(STEPS + clause)[2] == "pivot"


def test_kinds_in_brackets() -> None:
    text = "freeze account [compensatable: unfreeze account]\nswitch routing [pivot]\ndrain cluster [retriable]"

    assert kinds(text) == ["compensatable", "pivot", "retriable"]
    assert [step.undo.action if step.undo else None for step in read(text).steps] == ["unfreeze account", None, None]


def test_a_gerund_that_turns_the_saga_is_a_step() -> None:
    text = "A sample is received. Processing the sample uses it up, so from there on we can't go back. Then it is over."

    assert kinds("First we queue the sample. " + text)[-1] == "pivot"


def test_what_is_repeated_until_it_works_is_retriable() -> None:
    steps = read(STEPS + "Selling tickets is repeated until it works.").steps

    assert (steps[3].kind, steps[3].unlimited) == ("retriable", True)


@pytest.mark.parametrize(
    "text",
    [
        "We create the order. The hotel and the car are booked at the same time. Then we send the itinerary.",
        "We create the order. Then, in parallel, book the hotel and book the car. Finally we send the itinerary.",
        "We create the order. Hotel booking and car booking run in parallel. Afterwards we send the itinerary.",
    ],
)
def test_steps_beside_each_other(text: str) -> None:
    assert after(text) == [None, (0,), (0,), (1, 2)]


def test_a_condition_in_front_of_a_step() -> None:
    step = read("We create the order. If the parcel leaves the EU, customs clears it. Then we ship the order.").steps[1]

    assert (step.action, step.condition) == ("clear parcel", "the parcel leaves the EU")


def test_a_step_that_is_skipped_for_some() -> None:
    steps = read(
        "users registers the user. accounts opens an account. Minors get no account, so that step is skipped."
    ).steps

    assert [bool(step.condition) for step in steps] == [False, True]


def test_once_something_is_done_is_no_condition() -> None:
    steps = read("We reserve the stock. Once the stock is reserved, we ship the order.").steps

    assert [step.condition for step in steps] == [None, None]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("bank-service checks the account. It must answer within 10 seconds.", 10),
        ("bank-service checks the account (timeout 2 min).", 120),
        ("bank-service checks the account, timeout: 500 ms.", 0.5),
        ("bank-service checks the account. Checking times out after half an hour.", 1800),
    ],
)
def test_timeouts(text: str, seconds: float) -> None:
    assert read(text + " crm-service closes the case.").steps[0].timeout == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "attempts"),
    [
        ("retry up to 3 times", 4),
        ("three attempts", 3),
        ("2 retries", 3),
        ("no retries", 1),
        ("tried twice", 2),
    ],
)
def test_attempts(text: str, attempts: int) -> None:
    assert read(f"1. charge card ({text})\n2. ship order").steps[0].attempts == attempts


def test_limits_of_every_step() -> None:
    steps = read(STEPS + "Each step is retried 3 times, after 1, 2 and 4 seconds, and times out after 5 s.").steps

    assert {step.attempts for step in steps} == {4}
    assert {step.timeout for step in steps} == {timedelta(seconds=5)}
    assert (steps[0].backoff_first, steps[0].backoff_factor) == (timedelta(seconds=1), 2.0)


def test_the_deadline_of_the_whole() -> None:
    draft = read("The whole order has to be through within one hour.\n" + STEPS)

    assert draft.deadline == timedelta(hours=1)
    assert len(actions(STEPS)) == 4


def test_what_is_not_stated_stays_open() -> None:
    for step in read(STEPS).steps:
        assert (step.undo, step.kind, step.after, step.condition, step.timeout, step.attempts) == (None,) * 6
