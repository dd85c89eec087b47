"""What handlers may count on: their writes last with their answer or not at all, and nothing is done twice."""

import asyncio
from datetime import timedelta

from example.messages import InventoryReserved, PaymentProcessed
from participant.conftest import Tell
from participant.counter import Counter, Entry, answers, fails, refuses, sleeps, writes

from runtime.messaging.message import Command, Event
from runtime.participant.handlers import TryLater
from runtime.participant.transaction import Transaction

RESERVED = InventoryReserved(reservation_id="r1")
PAID = PaymentProcessed(payment_id="p1")


def test_what_a_handler_writes_lasts_with_its_answer_and_is_written_once(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = writes("held", answer=RESERVED)

        first = await counter.ask("reserve-inventory", "do")
        again = await counter.ask("reserve-inventory", "do", attempt=2)

        assert first == again == ("ok", {"reservation_id": "r1"})
        assert await counter.written() == ["held"]

    tell(story)


def test_a_refusal_leaves_no_writes_and_is_answered_again(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = writes("held", then=refuses)

        assert await counter.ask("reserve-inventory", "do") == ("refused", {"reason": "none left"})
        assert await counter.ask("reserve-inventory", "do", attempt=2) == ("refused", {"reason": "none left"})
        assert await counter.written() == []
        assert counter.calls == ["reserve"]

    tell(story)


def test_a_failure_leaves_nothing_and_is_tried_again(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = writes("held", then=fails(TryLater("the warehouse counts")))
        assert await counter.ask("reserve-inventory", "do") == ("retry", {"reason": "the warehouse counts"})
        assert (await counter.written(), await counter.state("reserve-inventory")) == ([], None)

        counter.behave["reserve"] = writes("held", answer=RESERVED)

        assert (await counter.ask("reserve-inventory", "do", attempt=2))[0] == "ok"
        assert await counter.written() == ["held"]

    tell(story)


def test_a_step_that_must_succeed_stores_no_refusal(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = writes("held", then=refuses)

        assert (await counter.ask("reserve-inventory", "do", refusal="retry"))[0] == "retry"
        assert (await counter.written(), await counter.state("reserve-inventory")) == ([], None)

    tell(story)


def test_a_batch_keeps_what_succeeds_beside_what_is_refused_and_what_fails(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def by_saga(command: Command, tx: Transaction) -> Event:
            how = {"0.b": writes("b", then=refuses), "0.c": writes("c", then=fails(ValueError("boom")))}
            return await how.get(tx.saga_id, writes(tx.saga_id, answer=RESERVED))(command, tx)

        counter.behave["reserve"] = by_saga
        sagas = ["0.a", "0.b", "0.c", "0.d"]

        sent = await counter.send([counter.job("reserve-inventory", "do", saga_id=one) for one in sagas])

        assert [outcome for outcome, _ in answers(sent)] == ["ok", "refused", "retry", "ok"]
        assert await counter.written() == ["0.a", "0.d"]

    tell(story)


def test_the_same_command_twice_in_a_batch_is_carried_out_once(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = writes("held", answer=RESERVED)
        job = counter.job("reserve-inventory", "do")

        assert len(answers(await counter.send([job, job]))) == 2
        assert await counter.written() == ["held"]

    tell(story)


def test_a_batch_that_cannot_be_committed_is_carried_out_one_by_one(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def by_saga(command: Command, tx: Transaction) -> Event:
            if tx.saga_id == "0.poison":
                tx.session.add(Entry(what=None))  # The database says so when it is sent, after the handler.
                return RESERVED
            return await writes(tx.saga_id, answer=RESERVED)(command, tx)

        counter.behave["reserve"] = by_saga
        sagas = ["0.a", "0.poison", "0.d"]

        sent = await counter.send([counter.job("reserve-inventory", "do", saga_id=one) for one in sagas])

        assert [outcome for outcome, _ in answers(sent)] == ["ok", "retry", "ok"]
        assert await counter.written() == ["0.a", "0.d"]

    tell(story)


def test_a_handler_that_waits_with_its_session_open_is_tried_again_and_holds_up_nobody_else(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def by_saga(command: Command, tx: Transaction) -> Event:
            then = sleeps if tx.saga_id == "0.slow" else None
            return await writes(tx.saga_id, then, RESERVED)(command, tx)

        counter.behave["reserve"] = by_saga
        sagas = ["0.a", "0.slow", "0.d"]

        sent = await counter.send([counter.job("reserve-inventory", "do", saga_id=one) for one in sagas], slowest=0.5)

        assert [outcome for outcome, _ in answers(sent)] == ["ok", "retry", "ok"]
        assert "kept its session open for 0.5 s" in answers(sent)[1][1]["reason"]
        assert await counter.written() == ["0.a", "0.d"]

    tell(story)


def test_a_handler_that_waits_without_a_session_may_take_its_time(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def waits(command: Command, tx: Transaction) -> Event:
            await asyncio.sleep(0.3)
            return await writes("held", answer=RESERVED)(command, tx)

        counter.behave["reserve"] = waits

        sent = await counter.send([counter.job("reserve-inventory", "do")], slowest=0.2)

        assert [outcome for outcome, _ in answers(sent)] == ["ok"]

    tell(story)


def test_an_undo_gets_what_the_step_has_answered_even_if_the_orchestrator_never_heard_it(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        seen: list[Command] = []

        async def refund(command: Command, tx: Transaction) -> Event:
            seen.append(command)
            raise TryLater("later")

        await counter.ask("process-payment", "do")
        counter.behave["unprocess"] = refund

        await counter.ask("process-payment", "undo", body={"amount": "9.90"})

        assert seen[0].model_dump(mode="json") == {"payment_id": "p1", "amount": "9.90"}

    tell(story)


def test_the_request_outside_is_recorded_before_it_is_made(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def look(command: Command, tx: Transaction) -> Event:
            assert await counter.state("process-payment") == "started"
            return PAID

        counter.behave["process"] = look

        assert (await counter.ask("process-payment", "do"))[0] == "ok"

    tell(story)


def test_what_was_begun_outside_is_asked_for_under_the_same_key(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = fails(ConnectionError("cut"))
        await counter.ask("process-payment", "do")
        counter.behave.clear()

        await counter.ask("process-payment", "undo")

        assert counter.calls == ["process", "find process", "unprocess"]
        assert counter.keys[:2] == ["0.counter:process-payment:do"] * 2

    tell(story)


def test_a_provider_that_keeps_its_refusal_is_asked_under_another_key_where_the_step_must_succeed(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = refuses
        assert (await counter.ask("process-payment", "do", refusal="retry"))[0] == "retry"
        counter.behave.clear()

        assert (await counter.ask("process-payment", "do", attempt=2, refusal="retry"))[0] == "ok"
        assert counter.keys == ["0.counter:process-payment:do", "0.counter:process-payment:do:1"]

    tell(story)


def test_an_undo_that_overtakes_a_call_waits_for_it(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        order: list[str] = []

        async def slow(command: Command, tx: Transaction) -> Event:
            await asyncio.sleep(0.05)
            order.append("paid")
            return PAID

        counter.behave["process"] = slow

        sent = await counter.send([counter.job("process-payment", "do"), counter.job("process-payment", "undo")])

        assert [outcome for outcome, _ in answers(sent)] == ["ok", "undone"]
        assert (order, counter.calls) == (["paid"], ["process", "unprocess"])

    tell(story)


def test_calls_of_different_sagas_wait_beside_each_other(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        together = asyncio.Barrier(5)

        async def slow(command: Command, tx: Transaction) -> Event:
            await asyncio.wait_for(together.wait(), 60)
            return PAID

        counter.behave["process"] = slow

        sent = await counter.send([counter.job("process-payment", "do", saga_id=f"0.{n}") for n in range(5)])

        assert [outcome for outcome, _ in answers(sent)] == ["ok"] * 5

    tell(story)


def test_what_a_person_states_settles_a_request_that_the_provider_does_not_know_of(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave |= {"process": fails(TryLater("cut")), "find process": fails(TryLater("unknown"))}
        await counter.ask("process-payment", "do")
        assert (await counter.ask("process-payment", "resolve"))[0] == "retry"
        stated = {"outcome": "ok", "event": "PaymentProcessed", "body": {"payment_id": "by phone"}}

        answer = await counter.ask("process-payment", "resolve", attempt=2, stated=stated)

        assert answer == ("ok", {"payment_id": "by phone"})
        assert await counter.state("process-payment") == "ok"

    tell(story)


def test_a_stated_outcome_that_is_no_event_of_the_step_is_not_believed(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = fails(TryLater("cut"))
        await counter.ask("process-payment", "do")
        for event in ("Nonsense", "PaymentProcessed"):
            stated: dict[str, object] = {"outcome": "ok", "event": event, "body": {}}
            assert (await counter.ask("process-payment", "resolve", stated=stated))[0] == "retry"
        assert await counter.state("process-payment") == "started"

    tell(story)


def test_what_a_person_states_ends_an_undo_that_never_ends(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        for outcome, answered, row in (("ok", "refused", "undone"), ("refused", "ok", "kept")):
            saga_id = f"0.{outcome}"
            counter.behave["unprocess"] = fails(TryLater("the provider is closed"))
            await counter.ask("process-payment", "do", saga_id=saga_id)
            assert (await counter.ask("process-payment", "undo", saga_id=saga_id))[0] == "retry"
            stated = {"outcome": outcome, "event": "PaymentProcessed", "body": {}}

            told, _ = await counter.ask("process-payment", "close", stated=stated, saga_id=saga_id)

            assert told == answered, row

    tell(story)


def test_a_handler_that_answers_with_something_else_is_asked_again(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def wrong(command: Command, tx: Transaction) -> Event:
            return PAID

        counter.behave["reserve"] = wrong

        outcome, body = await counter.ask("reserve-inventory", "do")

        assert outcome == "retry"
        assert "which is not InventoryReserved or InventoryNotReserved" in body["reason"]

    tell(story)


def test_the_orchestrator_gets_the_answer_and_everybody_the_event_under_the_same_id_each_time(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async def told(phase: str, saga_id: str = "0.counter") -> list[tuple[str, str, str]]:
            sent = await counter.send([counter.job("reserve-inventory", phase, saga_id=saga_id)])
            return [(one.headers.get("outcome", ""), one.headers.get("ce_id", ""), one.value.decode()) for one in sent]

        done = [
            ("ok", "", '{"reservation_id":"r1"}'),
            ("", "0.counter:reserve-inventory:do", '{"reservation_id":"r1"}'),
        ]
        undone = [("undone", "", "{}"), ("", "0.counter:reserve-inventory:undo", "{}")]
        assert await told("do") == await told("do") == await told("resolve") == done
        assert await told("undo") == await told("undo") == undone
        withdrawn = [("refused", "", '{"reason":"withdrawn before it was carried out"}')]
        assert await told("do") == withdrawn
        assert await told("undo", "0.never-done") == [("undone", "", "{}")]
        assert await told("do", "0.never-done") == withdrawn

    tell(story)


def test_an_answer_goes_back_where_the_command_said_and_repeats_its_attempt(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        [answer, _] = await counter.send([counter.job("reserve-inventory", "do", attempt=3)])

        assert (answer.topic, answer.partition, answer.key) == ("replies", 0, "0.counter")
        assert {name: answer.headers[name] for name in ("type", "saga_id", "step", "phase", "attempt", "key")} == {
            "type": "InventoryReserved",
            "saga_id": "0.counter",
            "step": "reserve-inventory",
            "phase": "do",
            "attempt": "3",
            "key": "0.counter:reserve-inventory:do",
        }

    tell(story)


def test_a_handler_is_told_the_attempt_the_key_and_the_deadline(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        seen: list[tuple[str, int, float]] = []

        async def look(command: Command, tx: Transaction) -> Event:
            seen.append((tx.key, tx.attempt, tx.deadline.timestamp()))
            return RESERVED

        counter.behave["reserve"] = look
        await counter.ask("reserve-inventory", "do", attempt=2)

        assert seen == [("0.counter:reserve-inventory:do", 2, 4e9)]

    tell(story)


def test_a_failed_attempt_says_when_it_wants_to_be_tried_again(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["reserve"] = fails(TryLater("busy", after=timedelta(seconds=7)))

        [answer] = await counter.send([counter.job("reserve-inventory", "do")])

        assert (answer.headers["outcome"], answer.headers["retry_after"]) == ("retry", "7.0")

    tell(story)


def test_what_came_back_too_late_does_not_count(tell: Tell) -> None:
    """Another process has undone it while the call was out."""

    async def story(counter: Counter) -> None:
        async def meanwhile(command: Command, tx: Transaction) -> Event:
            del counter.behave["process"]
            assert (await Counter(counter.barrier).ask("process-payment", "undo"))[0] == "undone"
            return PaymentProcessed(payment_id="late")

        counter.behave["process"] = meanwhile

        assert (await counter.ask("process-payment", "do"))[0] == "refused"
        assert await counter.state("process-payment") == "undone"

    tell(story)


def test_a_refusal_that_a_person_states_is_the_answer(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        counter.behave["process"] = fails(TryLater("no answer"))
        await counter.ask("process-payment", "do")
        said = {"outcome": "refused", "event": "PaymentDeclined", "body": {"reason": "they say so"}}

        assert await counter.ask("process-payment", "resolve", stated=said) == ("refused", {"reason": "they say so"})
        assert await counter.state("process-payment") == "refused"

    tell(story)


def test_closing_tells_the_result_that_stays(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask("reserve-inventory", "do")

        assert await counter.ask("reserve-inventory", "close") == ("ok", {"reservation_id": "r1"})

    tell(story)


def test_doing_and_undoing_have_a_key_each(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        for phase in ("do", "undo"):
            await counter.ask("reserve-inventory", phase)

        assert counter.keys == ["0.counter:reserve-inventory:do", "0.counter:reserve-inventory:undo"]

    tell(story)
