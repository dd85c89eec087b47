"""What one append writes: every column as it was given, all of it or nothing, and each shard for itself."""

import json
from dataclasses import replace

import pytest
from store.stores import Tell, batch, happened, lies_in, owned, row

from runtime.event_store.store import (
    Action,
    Appended,
    Batch,
    DeadLetter,
    Done,
    Fenced,
    Rejected,
    Request,
    SagaRow,
    Store,
)
from runtime.messaging.broker import Record

LETTER = DeadLetter(Record("replies", 2, 7, "a key", b"\x00\xff", {"type": "?", "å": "ø"}), "1.1", "not JSON", 90.5)
ACTION = Action("1.1", "skip", "pay", "ada", "paid by hand", "accepted", 91.5)
SAGA = SagaRow("1.1", "order", 3, 1, 2, "STUCK", "PAYING", "order-7", "key-7", 95.5, '{"at": 2}', 2, 80.5, 99.5)


async def asked(store: Store) -> int:
    """Somebody left a request in the inbox."""
    (number,) = await store.submit([Request(0, 1, "1.1", "cancel", "{}", "ada")])
    return number


def everything(epoch: int, number: int) -> Batch:
    """A batch that changes all there is."""
    return replace(
        batch(1, epoch, 0, happened("1.1", 1), happened("1.1", 2, "[2]")),
        sagas=[SAGA],
        dead_letters=[LETTER],
        actions=[ACTION],
        done=[Done(number, "accepted", 92.5)],
        published=1,
        in_offsets={"replies": 8, "starts": 4},
    )


def test_everything_in_a_batch_lies_in_the_store_as_it_was_given(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch, number = await owned(store, 1), await asked(store)
        await owned(store, 1)

        assert await store.append([everything(epoch + 1, number)]) == [Appended(2)]

        assert (await store.sagas(["1.1"]))["1.1"].row == SAGA
        assert [(one.seq, one.type, one.v, one.at) for one in await store.history("1.1")] == [
            (1, "StepStarted", 1, 101.0),
            (2, "StepStarted", 1, 102.0),
        ]
        assert await lies_in(store, "event", "shard, pos, seq, epoch") == [(1, 1, 1, epoch + 1), (1, 2, 2, epoch + 1)]
        assert await lies_in(store, "operator_action", 'saga_id, verb, step, "by", why, outcome, at') == [ACTION]
        assert await lies_in(store, "inbox", "outcome, done_at") == [("accepted", 92.5)]
        assert await lies_in(store, "dead_letter", "shard") == [(1,)]
        [letter] = await store.letters(10)
        assert (letter.record, letter.saga_id, letter.error, letter.at) == LETTER
        (taken,) = await store.take([1], "me", 60)
        assert (taken.head, taken.published, taken.in_offsets) == (2, 1, {"replies": 8, "starts": 4})

    tell(story)


@pytest.mark.parametrize("wrong", ["epoch", "head"])
def test_nothing_of_a_batch_that_comes_too_late_lies_in_the_store(tell: Tell, wrong: str) -> None:
    async def story(store: Store) -> None:
        epoch, number = await owned(store, 1), await asked(store)
        late = everything(epoch, number)
        late = replace(late, epoch=epoch - 1) if wrong == "epoch" else replace(late, head=5)

        assert await store.append([late]) == [Fenced()]

        for table in ("event", "saga", "dead_letter", "operator_action"):
            assert await lies_in(store, table, "*") == []
        assert await store.outcome(number) is None

    tell(story)


def test_beside_a_batch_that_comes_too_late_the_others_are_written_whole(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch, number = await owned(store, 1), await asked(store)
        await owned(store, 2)
        late = replace(batch(2, 0, 0, happened("2.1", 1)), sagas=[row("2.1", 1)], dead_letters=[LETTER])

        assert await store.append([late, everything(epoch, number)]) == [Fenced(), Appended(2)]

        assert await lies_in(store, "event", "saga_id") == [("1.1",), ("1.1",)]
        assert await lies_in(store, "dead_letter", "shard") == [(1,)]
        assert await store.outcome(number) == "accepted"

    tell(story)


def test_a_request_is_answered_once(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch, number = await owned(store, 1), await asked(store)
        for said in ("accepted", "refused"):
            await store.append([replace(batch(1, epoch, 0), done=[Done(number, said, 5.0)])])

        assert await store.outcome(number) == "accepted"

    tell(story)


def test_an_append_renews_the_lease_for_as_long_as_it_says(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0), lease_until=await store.now() + 60)])
        assert await store.take([1], "them", 60) == []

        await store.append([replace(batch(1, epoch, 0), lease_until=0.0)])

        assert [one.epoch for one in await store.take([1], "them", 60)] == [epoch + 1]

    tell(story)


def test_a_summary_is_replaced_and_a_state_that_is_not_given_stays(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0), sagas=[SAGA])])
        changed = SAGA._replace(seq=4, status="RUNNING", label="SHIPPING", wake_at=None, state=None, closed_at=None)
        fixed = changed._replace(type="?", def_version=9, business_key="?", client_key="?", started_at=0.0)

        await store.append([replace(batch(1, epoch, 0), sagas=[fixed])])

        assert (await store.sagas(["1.1"]))["1.1"].row == changed._replace(state=SAGA.state)

    tell(story)


def test_a_batch_that_is_refused_says_why_and_those_beside_it_stand_in_their_order(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epochs = [await owned(store, shard) for shard in range(3)]
        twice = batch(1, epochs[1], 0, happened("1.1", 1), happened("1.1", 1))
        good = [
            batch(shard, epochs[shard], 0, happened(f"{shard}.1", 1), happened(f"{shard}.1", 2)) for shard in (0, 2)
        ]

        first, refused, last = await store.append([good[0], twice, good[1]])

        assert (first, last) == (Appended(2), Appended(2))
        assert isinstance(refused, Rejected)
        assert "unique" in refused.reason.lower()
        assert await lies_in(store, "event", "saga_id, seq") == [("0.1", 1), ("0.1", 2), ("2.1", 1), ("2.1", 2)]

    tell(story)


def test_an_append_of_nothing_moves_nothing(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)

        assert await store.append([]) == []
        assert await store.append([batch(1, epoch, 0)]) == [Appended(0)]

    tell(story)


def test_data_and_records_come_back_byte_for_byte(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        data, out = json.dumps({"b": 1, "a": [2.50, None]}), '[["t", null, "k", {}, "{}"]]'
        event = happened("1.1", 1)._replace(data=data, out=out)
        await store.append([batch(1, epoch, 0, event)])

        assert [one.data for one in await store.history("1.1")] == [data]
        assert await store.outbox(1, 0) == [(1, out)]

    tell(story)


@pytest.mark.parametrize("kind", ["a letter", "an action", "an answer"])
def test_a_batch_with_only_a_letter_an_action_or_an_answer_is_written(tell: Tell, kind: str) -> None:
    async def story(store: Store) -> None:
        epoch, number = await owned(store, 1), await asked(store)
        empty = batch(1, epoch, 0)
        with_one = {
            "a letter": replace(empty, dead_letters=[LETTER]),
            "an action": replace(empty, actions=[ACTION]),
            "an answer": replace(empty, done=[Done(number, "accepted", 92.5)]),
        }

        assert await store.append([with_one[kind]]) == [Appended(0)]

        assert (len(await store.letters(10)) == 1) == (kind == "a letter")
        assert (len(await lies_in(store, "operator_action", "id")) == 1) == (kind == "an action")
        assert (await store.outcome(number) == "accepted") == (kind == "an answer")

    tell(story)
