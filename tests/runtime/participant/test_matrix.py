"""The barrier's matrix, cell by cell, on every database: what is answered, which handler runs, what the row becomes."""

from typing import Any

import pytest
from participant.conftest import Tell
from participant.counter import Counter, fails, refuses

from runtime.participant.handlers import TryLater

LATER = fails(TryLater("not yet"))
LOCAL, EXTERNAL = "reserve-inventory", "process-payment"


async def none(counter: Counter, step: str) -> None:
    """Nothing was ever heard of it."""


async def ok(counter: Counter, step: str) -> None:
    await counter.ask(step, "do")


async def refused(counter: Counter, step: str) -> None:
    word = step.partition("-")[0]
    counter.behave[word] = refuses
    await counter.ask(step, "do")
    del counter.behave[word]


async def tombstone(counter: Counter, step: str) -> None:
    await counter.ask(step, "undo")


async def undone(counter: Counter, step: str) -> None:
    await ok(counter, step)
    await counter.ask(step, "undo")


async def kept(counter: Counter, step: str) -> None:
    await ok(counter, step)
    await counter.ask(step, "close")


async def started(counter: Counter, step: str) -> None:
    counter.behave["process"] = LATER
    await counter.ask(step, "do")
    del counter.behave["process"]


async def undoing(counter: Counter, step: str) -> None:
    await ok(counter, step)
    counter.behave["unprocess"] = LATER
    await counter.ask(step, "undo")
    del counter.behave["unprocess"]


CELLS: list[tuple[Any, str, str, list[str], str]] = [
    (none, "do", "ok", ["reserve"], "ok"),
    (none, "undo", "undone", [], "tombstone"),
    (none, "resolve", "refused", [], "tombstone"),
    (none, "close", "refused", [], "tombstone"),
    (ok, "do", "ok", [], "ok"),
    (ok, "undo", "undone", ["unreserve"], "undone"),
    (ok, "resolve", "ok", [], "ok"),
    (ok, "close", "ok", [], "kept"),
    (refused, "do", "refused", [], "refused"),
    (refused, "undo", "undone", [], "refused"),
    (refused, "resolve", "refused", [], "refused"),
    (refused, "close", "refused", [], "refused"),
    (undone, "do", "refused", [], "undone"),
    (undone, "undo", "undone", [], "undone"),
    (undone, "resolve", "refused", [], "undone"),
    (undone, "close", "refused", [], "undone"),
    (tombstone, "do", "refused", [], "tombstone"),
    (tombstone, "undo", "undone", [], "tombstone"),
    (tombstone, "resolve", "refused", [], "tombstone"),
    (tombstone, "close", "refused", [], "tombstone"),
    (kept, "do", "ok", [], "kept"),
    (kept, "undo", "undone", [], "kept"),
    (kept, "resolve", "ok", [], "kept"),
    (kept, "close", "ok", [], "kept"),
]
OUTSIDE: list[tuple[Any, str, str, list[str], str]] = [
    (started, "do", "ok", ["process"], "ok"),
    (started, "undo", "undone", ["find process", "unprocess"], "undone"),
    (started, "resolve", "ok", ["find process"], "ok"),
    (started, "close", "ok", ["find process"], "kept"),
    (undoing, "do", "refused", [], "undoing"),
    (undoing, "undo", "undone", ["unprocess"], "undone"),
    (undoing, "resolve", "refused", ["unprocess"], "undone"),
    (undoing, "close", "refused", ["unprocess"], "undone"),
]


def name(cell: Any) -> str:
    return cell.__name__ if callable(cell) else str(cell) if isinstance(cell, str) else ""


def check(tell: Tell, step: str, given: Any, phase: str, outcome: str, called: list[str], row: str) -> None:
    async def story(counter: Counter) -> None:
        await given(counter, step)
        before = len(counter.calls)

        told, _ = await counter.ask(step, phase, attempt=2)

        assert (told, counter.calls[before:], await counter.state(step)) == (outcome, called, row)

    tell(story)


@pytest.mark.parametrize(("given", "phase", "outcome", "called", "row"), CELLS, ids=name)
def test_a_step_in_the_participants_own_database(
    tell: Tell, given: Any, phase: str, outcome: str, called: list[str], row: str
) -> None:
    check(tell, LOCAL, given, phase, outcome, called, row)


@pytest.mark.parametrize(("given", "phase", "outcome", "called", "row"), [*CELLS, *OUTSIDE], ids=name)
def test_a_step_that_takes_effect_outside(
    tell: Tell, given: Any, phase: str, outcome: str, called: list[str], row: str
) -> None:
    check(tell, EXTERNAL, given, phase, outcome, [one.replace("reserve", "process") for one in called], row)
