"""What every event store must do so that it stays small: forget what ended, and get dead letters off the table."""

import json
from dataclasses import replace

from store.stores import Tell, batch, happened, owned, row

from runtime.event_store.store import Action, DeadLetter, Done, Request, Store
from runtime.messaging.broker import Record

LETTER = DeadLetter(Record("replies", 1, 7, None, b"\x00\xff", {"type": "?"}), "1.1", "not JSON", 90.0)


async def ended(store: Store, epoch: int, head: int, saga_id: str, at: float) -> int:
    """A saga of two events that ended at a time; returns the new head."""
    events = (happened(saga_id, 1, "[]"), happened(saga_id, 2))
    told = batch(1, epoch, head, *events)
    done = replace(
        told,
        published=head,
        sagas=[row(saga_id, 2, closed=at)],
        actions=[Action(saga_id, "cancel", None, "me", "", "accepted", at)],
    )
    await store.append([done])
    return head + 2


async def all_published(store: Store, epoch: int, head: int) -> None:
    await store.append([replace(batch(1, epoch, head), published=head)])


def test_only_what_ended_before_the_time_is_forgotten_and_the_oldest_goes_first(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch, head = await owned(store, 1), 0
        for number in (3, 1, 2, 9):
            head = await ended(store, epoch, head, f"1.{number}", 100.0 + number)
        opened = replace(batch(1, epoch, head, happened("1.4", 1)), sagas=[row("1.4", 1)])
        await store.append([opened])
        await all_published(store, epoch, head + 1)

        assert await store.closed(105.0, 2) == ["1.1", "1.2"]
        assert await store.forget(["1.1", "1.2", "1.4"]) == 2
        assert await store.closed(105.0, 2) == ["1.3"]
        assert [len(await store.history(one)) for one in ("1.1", "1.2", "1.3", "1.4", "1.9")] == [0, 0, 2, 1, 2]
        assert (await store.sagas(["1.1", "1.2", "1.3", "1.4", "1.9"])).keys() == {"1.3", "1.4", "1.9"}

    tell(story)


def test_what_may_not_be_published_yet_is_not_forgotten(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        head = await ended(store, epoch, 0, "1.1", 100.0)
        assert await store.closed(1e9, 10) == []
        await all_published(store, epoch, head)
        assert await store.closed(1e9, 10) == ["1.1"]

    tell(story)


def test_after_forgetting_the_shard_goes_on_where_it_was(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        head = await ended(store, epoch, 0, "1.1", 100.0)
        await all_published(store, epoch, head)
        assert await store.forget(["1.1"]) == 1
        await ended(store, epoch, head, "1.2", 200.0)
        assert [event.seq for event in await store.history("1.2")] == [1, 2]
        assert await store.outbox(1, 0) == [(3, "[]")]

    tell(story)


def test_a_dead_letter_is_listed_with_its_bytes_until_it_is_dealt_with(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0), dead_letters=[LETTER, LETTER])])
        first, second = await store.letters(10)
        assert (first.record, first.saga_id, first.error, first.at) == LETTER
        assert await store.letters(1) == [first]
        await store.resolve([first.id])
        assert await store.letters(10) == [second]
        assert (await store.health()).dead_letters == 1

    tell(story)


def test_a_request_that_no_saga_answers_can_be_finished_once(tell: Tell) -> None:
    async def story(store: Store) -> None:
        (number,) = await store.submit([Request(0, 0, "", "redrive", json.dumps({}), "me")])
        await store.finish([Done(number, "sent", 100.0)])
        await store.finish([Done(number, "refused: late", 101.0)])
        assert await store.outcome(number) == "sent"
        assert await store.waiting([0], 10) == []

    tell(story)


def test_requests_are_forgotten_once_they_were_dealt_with_long_ago(tell: Tell) -> None:
    async def story(store: Store) -> None:
        asked = [Request(0, 0, "", "redrive", json.dumps({}), name) for name in ("early", "late", "waits")]
        early, late, waits = await store.submit(asked)
        await store.finish([Done(early, "sent", 100.0), Done(late, "sent", 200.0)])
        await store.forget_settled(200.0)
        assert [await store.outcome(one) for one in (early, late)] == [None, "sent"]
        assert [one.id for one in await store.waiting([0], 10)] == [waits]

    tell(story)


def test_dead_letters_are_forgotten_once_they_were_dealt_with_long_ago(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0), dead_letters=[LETTER, LETTER])])
        dealt_with, waits = await store.letters(10)
        await store.resolve([dealt_with.id])
        await store.forget_settled(4e9)
        assert await store.letters(10) == [waits]

    tell(story)
