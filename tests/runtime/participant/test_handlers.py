"""What a handler is called with, and what becomes of whatever it does: undos, questions, calls that never end."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from example.messages import InventoryReleased, InventoryReserved, PaymentDeclined, PaymentProcessed, PaymentRefunded
from participant.conftest import Tell
from participant.counter import SAGA_ID, Counter, Entry, fails, refuses, writes

from runtime.messaging.message import Command, Event
from runtime.participant.barrier import BarrierRow, BarrierUnavailable, Conflict
from runtime.participant.external import Answered, Lanes
from runtime.participant.handlers import TryLater
from runtime.participant.local import carry_out
from runtime.participant.transaction import Transaction

LOCAL, EXTERNAL, FORWARD_ONLY = "reserve-inventory", "process-payment", "arrange-shipment"
CUT = ConnectionError("cut")


def looks(seen: list[Any], then: Event | Exception) -> Any:
    """Keep what a handler is given."""

    async def behave(command: Command, tx: Transaction) -> Event:
        seen.append((command.model_dump(mode="json"), tx))
        if isinstance(then, Exception):
            raise then
        return then

    return behave


def test_what_an_undo_writes_lasts_with_its_answer(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["unreserve"] = writes("released", answer=InventoryReleased())
        await counter.ask(LOCAL, "do")

        assert [await counter.ask(LOCAL, "undo") for _ in range(2)] == [("undone", {}), ("undone", {})]
        assert await counter.written() == ["released"]

    tell(story)


def test_an_undo_that_fails_leaves_nothing_and_is_tried_again(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["unreserve"] = writes("released", then=fails(TryLater("the scanner is off")))
        await counter.ask(LOCAL, "do")

        assert await counter.ask(LOCAL, "undo") == ("retry", {"reason": "the scanner is off"})
        assert (await counter.written(), await counter.state(LOCAL)) == ([], "ok")

    tell(story)


@pytest.mark.parametrize(
    ("step", "word", "wrong"),
    [(LOCAL, "unreserve", PaymentRefunded()), (EXTERNAL, "unprocess", InventoryReleased())],
)
def test_an_undo_that_answers_with_something_else_is_asked_again(tell: Tell, step: str, word: str, wrong: Any) -> None:
    async def story(counter: Counter) -> None:
        counter.behave[word] = looks([], wrong)
        await counter.ask(step, "do")

        outcome, body = await counter.ask(step, "undo")

        assert outcome == "retry"
        assert f"returned {wrong!r}, which is not " in body["reason"]

    tell(story)


def test_a_step_without_an_undo_is_undone_by_nothing(tell: Tell) -> None:
    """A person may force a saga back past its point of no return."""

    async def story(counter: Counter) -> None:
        await counter.ask(FORWARD_ONLY, "do")

        assert await counter.ask(FORWARD_ONLY, "undo") == ("undone", {})
        assert await counter.ask(FORWARD_ONLY, "undo") == ("undone", {})
        assert (counter.calls, await counter.state(FORWARD_ONLY)) == (["arrange"], "undone")

    tell(story)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"amount": "5.00"}, {"payment_id": "p1", "amount": "5.00"}),
        ({"amount": None}, {"payment_id": "p1", "amount": "9.90"}),
        ({}, {"payment_id": "p1", "amount": "9.90"}),
        ({"payment_id": "older", "amount": "5.00", "colour": "red"}, {"payment_id": "p1", "amount": "5.00"}),
    ],
)
def test_an_undo_is_told_what_is_known_now_and_what_the_step_itself_was_told_and_has_answered(
    tell: Tell, told: Any, expected: Any
) -> None:
    async def story(counter: Counter) -> None:
        seen: list[Any] = []
        counter.behave["unprocess"] = looks(seen, PaymentRefunded())
        await counter.ask(EXTERNAL, "do")

        await counter.ask(EXTERNAL, "undo", body=told)

        assert seen[0][0] == expected

    tell(story)


def test_an_undo_that_cannot_be_completed_says_what_is_missing(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask(EXTERNAL, "do")

        outcome, body = await counter.ask(EXTERNAL, "undo", body={"amount": "a lot"})

        assert outcome == "retry"
        assert body["reason"].startswith("RefundPayment cannot be completed: 1 validation error")
        assert "unprocess" not in counter.calls

    tell(story)


def test_a_question_is_asked_with_the_command_and_the_key_that_the_request_had(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        seen: list[Any] = []
        counter.behave["process"] = refuses
        await counter.ask(EXTERNAL, "do", refusal="retry")
        counter.behave |= {"process": fails(CUT), "find process": looks(seen, PaymentProcessed(payment_id="p1"))}
        await counter.ask(EXTERNAL, "do", attempt=2, refusal="retry")

        await counter.ask(EXTERNAL, "resolve", body={})

        [(command, tx)] = seen
        assert command == {"order_id": "1", "amount": "9.90"}
        assert tx.key == counter.keys[1] == "0.counter:process-payment:do:1"

    tell(story)


def test_what_was_begun_is_begun_again_as_it_was_whatever_the_command_says_now(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        seen: list[Any] = []
        counter.behave["process"] = fails(CUT)
        await counter.ask(EXTERNAL, "do")
        counter.behave["process"] = looks(seen, PaymentProcessed(payment_id="p1"))

        await counter.ask(EXTERNAL, "do", attempt=2, body={"order_id": "1", "amount": "500.00"})

        assert seen[0][0] == {"order_id": "1", "amount": "9.90"}

    tell(story)


@pytest.mark.parametrize("phase", ["do", "undo", "resolve"])
def test_a_handler_that_acts_outside_has_no_session(tell: Tell, phase: str) -> None:
    async def story(counter: Counter) -> None:
        if phase == "undo":
            await counter.ask(EXTERNAL, "do")
        if phase == "resolve":
            counter.behave["process"] = fails(CUT)
            await counter.ask(EXTERNAL, "do")
        word = {"do": "process", "undo": "unprocess", "resolve": "find process"}[phase]
        counter.behave[word] = writes("outside", answer=PaymentRefunded())

        outcome, body = await counter.ask(EXTERNAL, phase)

        assert outcome == "retry"
        assert body["reason"].startswith("RuntimeError: this step takes effect outside, so it has no database session")

    tell(story)


def test_where_there_is_no_way_to_ask_the_request_is_made_again_under_the_same_key(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        for step in (LOCAL, EXTERNAL):
            counter.behave[step.partition("-")[0]] = fails(CUT)
            await counter.ask(step, "do")
        async with counter.barrier.transaction() as work:
            row = BarrierRow(SAGA_ID, LOCAL, "started", '{"order_id": "1", "sku": "pan", "quantity": 2}', run=3)
            await work.save([row])
        seen: list[Any] = []
        counter.behave["reserve"] = looks(seen, InventoryReserved(reservation_id="r1"))

        assert (await counter.ask(LOCAL, "resolve"))[0] == "ok"

        [(command, tx)] = seen
        assert (command, tx.key) == ({"order_id": "1", "sku": "pan", "quantity": 2}, f"{SAGA_ID}:{LOCAL}:do:3")

    tell(story)


@pytest.mark.parametrize(("step", "word"), [(LOCAL, "reserve"), (EXTERNAL, "process")])
def test_a_refusal_of_a_step_that_must_succeed_says_why_it_is_tried_again(tell: Tell, step: str, word: str) -> None:
    async def story(counter: Counter) -> None:
        counter.behave[word] = refuses

        told = [await counter.ask(step, "do", attempt=n, refusal="retry") for n in (1, 2)]

        assert told == [("retry", {"reason": {"reserve": "none left", "process": "no money"}[word]})] * 2

    tell(story)


@pytest.mark.parametrize(("refusal", "warnings"), [("retry", 1), ("final", 0)])
def test_whoever_watches_is_warned_of_a_refusal_only_where_the_step_must_succeed(
    tell: Tell, caplog: pytest.LogCaptureFixture, refusal: str, warnings: int
) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = refuses

        await counter.ask(LOCAL, "do", refusal=refusal)

        warned = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
        assert (
            warned == ["ReserveInventory of 0.counter must succeed in the end, but was refused: none left"] * warnings
        )

    tell(story)


def test_a_deadline_has_its_time_zone(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        seen: list[Any] = []
        counter.behave["reserve"] = looks(seen, InventoryReserved(reservation_id="r1"))

        await counter.ask(LOCAL, "do")

        assert seen[0][1].deadline == datetime.fromtimestamp(4e9, UTC)

    tell(story)


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"outcome": "ok", "event": "Nonsense", "body": {}}, "StopIteration()"),
        ({"outcome": "ok", "event": "PaymentProcessed", "body": {}}, "1 validation error for PaymentProcessed"),
        ({"outcome": "ok"}, "KeyError('event')"),
        ({"outcome": "ok", "event": "PaymentProcessed"}, "KeyError('body')"),
    ],
)
def test_what_is_stated_and_does_not_fit_is_told_to_whoever_stated_it(tell: Tell, stated: Any, problem: str) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = fails(CUT)
        await counter.ask(EXTERNAL, "do")

        outcome, body = await counter.ask(EXTERNAL, "resolve", stated=stated)

        assert outcome == "retry"
        assert body["reason"].startswith(f"what is stated is not an event of the step: {problem}")

    tell(story)


def test_an_undo_under_way_that_a_person_states_to_be_done_is_undone_without_a_call(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["unprocess"] = fails(CUT)
        await counter.ask(EXTERNAL, "do")
        await counter.ask(EXTERNAL, "undo")

        stated = {"outcome": "ok", "event": "", "body": {}}
        assert await counter.ask(EXTERNAL, "undo", attempt=2, stated=stated) == ("undone", {})

        assert counter.calls == ["process", "unprocess"]
        assert await counter.state(EXTERNAL) == "undone"

    tell(story)


def test_an_undo_under_way_that_a_person_calls_off_leaves_what_was_answered(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["unprocess"] = fails(CUT)
        await counter.ask(EXTERNAL, "do")
        await counter.ask(EXTERNAL, "undo")

        stated = {"outcome": "refused", "event": "", "body": {}}
        assert await counter.ask(EXTERNAL, "close", stated=stated) == ("ok", {"payment_id": "p1"})
        assert await counter.ask(EXTERNAL, "resolve") == ("ok", {"payment_id": "p1"})

    tell(story)


def test_closing_a_step_outside_tells_the_result_that_stays(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask(EXTERNAL, "do")

        assert [await counter.ask(EXTERNAL, "close") for _ in range(2)] == [("ok", {"payment_id": "p1"})] * 2

    tell(story)


@pytest.mark.parametrize("step", [LOCAL, EXTERNAL])
@pytest.mark.parametrize(("phase", "told", "becomes"), [("do", "ok", "ok"), ("undo", "undone", "tombstone")])
def test_a_row_that_another_process_has_changed_meanwhile_is_read_again(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, step: str, phase: str, told: str, becomes: str
) -> None:
    async def story(counter: Counter) -> None:
        transaction, conflicts = counter.barrier.transaction, [Conflict(), Conflict()]

        def now_and_then() -> Any:
            if conflicts:
                raise conflicts.pop()
            return transaction()

        with monkeypatch.context() as patched:
            patched.setattr(counter.barrier, "transaction", now_and_then)
            outcome, _ = await counter.ask(step, phase)

        assert (outcome, await counter.state(step)) == (told, becomes)

    tell(story)


def test_what_a_handler_has_written_can_still_be_read_after_it_is_committed(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        kept: list[Entry] = []

        async def keep(command: Command, tx: Transaction) -> Event:
            kept.append(Entry(what="held"))
            tx.session.add(kept[0])
            await tx.session.commit()
            return InventoryReserved(reservation_id="r1")

        counter.behave["reserve"] = keep
        await counter.ask(LOCAL, "do")

        assert kept[0].what == "held"
        assert await counter.written() == ["held"]

    tell(story)


def test_a_commit_of_the_handler_itself_does_not_outlast_its_refusal(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def hasty(command: Command, tx: Transaction) -> Event:
            tx.session.add(Entry(what="held"))
            await tx.session.commit()
            return await refuses(command, tx)

        counter.behave["reserve"] = hasty

        assert (await counter.ask(LOCAL, "do"))[0] == "refused"
        assert await counter.written() == []

    tell(story)


async def none(counter: Counter, step: str) -> None:
    """Nothing was ever heard of it."""


async def done(counter: Counter, step: str) -> None:
    await counter.ask(step, "do")


async def cut(counter: Counter, step: str) -> None:
    counter.behave["process"] = fails(CUT)
    await counter.ask(step, "do")
    counter.behave["process"] = refuses


@pytest.mark.parametrize(
    ("given", "step", "phase", "refusal", "becomes"),
    [
        (none, LOCAL, "do", "final", "ok"),
        (none, LOCAL, "undo", "final", "tombstone"),
        (done, LOCAL, "undo", "final", "undone"),
        (done, LOCAL, "close", "final", "kept"),
        (done, FORWARD_ONLY, "undo", "final", "undone"),
        (none, EXTERNAL, "do", "final", "ok"),
        (cut, EXTERNAL, "do", "final", "refused"),
        (cut, EXTERNAL, "do", "retry", "started"),
    ],
)
def test_a_row_says_when_it_was_changed_last(
    tell: Tell, given: Any, step: str, phase: str, refusal: str, becomes: str
) -> None:
    async def story(counter: Counter) -> None:
        await given(counter, step)
        await asyncio.sleep(0.01)
        before = time.time()

        await counter.ask(step, phase, refusal=refusal)

        row = await counter.row(step)
        assert row is not None
        assert row.state == becomes
        assert before <= row.at <= time.time()

    tell(story)


def test_a_call_that_is_begun_says_when(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        before = time.time()
        counter.behave |= {"process": fails(CUT), "unprocess": fails(CUT)}
        await counter.ask(EXTERNAL, "do")
        begun = await counter.row(EXTERNAL)
        counter.behave.pop("process")
        await counter.ask(EXTERNAL, "do")
        await asyncio.sleep(0.01)
        again = time.time()
        await counter.ask(EXTERNAL, "undo")
        undoing = await counter.row(EXTERNAL)

        assert begun is not None
        assert undoing is not None
        assert before <= begun.at < again <= undoing.at

    tell(story)


def test_a_request_that_will_be_made_under_another_key_says_since_when(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        refused: list[float] = []

        async def slowly(command: Command, tx: Transaction) -> Event:
            await asyncio.sleep(0.01)
            refused.append(time.time())
            return await refuses(command, tx)

        counter.behave["process"] = slowly
        await counter.ask(EXTERNAL, "do", refusal="retry")

        row = await counter.row(EXTERNAL)
        assert row is not None
        assert (row.state, row.run) == ("started", 1)
        assert row.at >= refused[0]

    tell(story)


def test_calls_under_way_are_cancelled_when_their_lanes_stop(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def forever(command: Command, tx: Transaction) -> Event:
            begun.set()
            try:
                await asyncio.sleep(3600)
            finally:
                ended.set()
            raise AssertionError("it was cancelled")

        async def finish(answered: Sequence[Answered]) -> None:
            return None

        counter.behave["process"] = forever
        lanes = Lanes(counter.barrier, finish)
        running = asyncio.create_task(lanes.run())
        lanes.put([counter.job(EXTERNAL, "do")])
        await begun.wait()

        running.cancel()

        await asyncio.wait_for(ended.wait(), 60)

    tell(story)


@pytest.mark.parametrize("step", [LOCAL, EXTERNAL])
def test_commands_stay_where_they_are_while_the_database_is_away(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async def story(counter: Counter) -> None:
        def away() -> Any:
            raise BarrierUnavailable("gone")

        async def finish(answered: Sequence[Answered]) -> None:
            raise AssertionError("nothing is answered")

        monkeypatch.setattr(counter.barrier, "transaction", away)
        lanes = Lanes(counter.barrier, finish)
        lanes.put([counter.job(EXTERNAL, "do")])
        work: Any = lanes.run() if step == EXTERNAL else carry_out(counter.barrier, [counter.job(LOCAL, "do")])

        with pytest.raises(BarrierUnavailable, match="gone"):
            await asyncio.wait_for(work, 60)

    tell(story)


@pytest.mark.parametrize("step", [LOCAL, EXTERNAL])
def test_a_command_that_cannot_be_recorded_says_why_and_is_tried_again(
    tell: Tell, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    async def story(counter: Counter) -> None:
        def broken() -> Any:
            raise ZeroDivisionError("a bug")

        with monkeypatch.context() as patched:
            patched.setattr(counter.barrier, "transaction", broken)
            assert await counter.ask(step, "do") == ("retry", {"reason": "ZeroDivisionError: a bug"})

        assert (await counter.ask(step, "do"))[0] == "ok"

    tell(story)


def test_a_refusal_outside_is_answered_again_without_a_call(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = looks([], PaymentDeclined(reason="no money"))

        told = [await counter.ask(EXTERNAL, "do", attempt=n) for n in (1, 2)]

        assert told == [("refused", {"reason": "no money"})] * 2
        assert counter.calls == ["process"]

    tell(story)


@pytest.mark.parametrize(
    ("step", "command", "result"),
    [
        (LOCAL, '{"order_id":"1","sku":"pot","quantity":1}', '{"reservation_id":"r1"}'),
        (EXTERNAL, '{"order_id":"1","amount":"9.90"}', '{"payment_id":"p1"}'),
    ],
)
def test_what_a_step_was_told_and_has_answered_stays_in_its_row_when_it_is_undone(
    tell: Tell, step: str, command: str, result: str
) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask(step, "do")
        await counter.ask(step, "undo")

        row = await counter.row(step)
        assert row is not None
        assert (row.command, row.result) == (command, result)
        assert (row.undone_type, row.undone) == ("InventoryReleased" if step == LOCAL else "PaymentRefunded", "{}")

    tell(story)
