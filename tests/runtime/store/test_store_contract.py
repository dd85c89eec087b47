"""What every event store must do."""

import asyncio
import json
from dataclasses import replace

from store.stores import Tell, batch, happened, owned, row

from runtime.event_store.store import (
    Action,
    Appended,
    DeadLetter,
    Done,
    Fenced,
    Filter,
    NewEvent,
    Rejected,
    Request,
    Store,
    StoredDefinition,
)
from runtime.messaging.broker import Record


def test_events_get_gapless_positions_and_the_head_moves_with_them(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        first = batch(1, epoch, 0, happened("1.1", 1), happened("1.2", 1, '[{"n": 1}]'))
        assert await store.append([first]) == [Appended(2)]
        assert await store.append([batch(1, epoch, 2, happened("1.1", 2, '[{"n": 2}]'))]) == [Appended(3)]
        assert await store.outbox(1, 0) == [(2, '[{"n": 1}]'), (3, '[{"n": 2}]')]
        assert [(event.seq, json.loads(event.data)["seq"]) for event in await store.history("1.1")] == [(1, 1), (2, 2)]

    tell(story)


def test_whoever_lost_the_shard_writes_nothing(tell: Tell) -> None:
    async def story(store: Store) -> None:
        old = await owned(store, 1)
        new = await owned(store, 1)
        assert new == old + 1
        late = replace(
            batch(1, old, 0, happened("1.1", 1)), sagas=[row("1.1", 1)], published=9, in_offsets={"replies": 9}
        )
        assert await store.append([late]) == [Fenced()]
        assert await store.history("1.1") == []
        assert await store.sagas(["1.1"]) == {}
        (again,) = await store.take([1], "me", 60)
        assert (again.head, again.published, again.in_offsets) == (0, 0, {})

    tell(story)


def test_a_batch_from_before_the_last_one_is_fenced_even_within_an_epoch(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        assert await store.append([batch(1, epoch, 0, happened("1.1", 1))]) == [Appended(1)]
        assert await store.append([batch(1, epoch, 0, happened("1.2", 1))]) == [Fenced()]
        assert await store.history("1.2") == []

    tell(story)


def test_a_fenced_shard_does_not_hold_up_the_others_in_the_same_commit(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epochs = [await owned(store, shard) for shard in range(3)]
        await owned(store, 1, "me")
        batches = [batch(shard, epochs[shard], 0, happened(f"{shard}.1", 1)) for shard in range(3)]
        assert await store.append(batches) == [Appended(1), Fenced(), Appended(1)]

    tell(story)


def test_a_batch_the_database_refuses_leaves_no_trace_and_the_others_stand(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epochs = [await owned(store, shard) for shard in range(2)]
        await store.append([batch(0, epochs[0], 0, happened("0.1", 1))])
        twice = batch(0, epochs[0], 1, happened("0.2", 1), happened("0.1", 1))
        good = batch(1, epochs[1], 0, happened("1.1", 1))
        refused, appended = await store.append([twice, good])
        assert isinstance(refused, Rejected)
        assert appended == Appended(1)
        assert await store.history("0.2") == []
        assert await store.append([batch(0, epochs[0], 1, happened("0.2", 1))]) == [Appended(2)]

    tell(story)


def test_a_saga_is_its_last_state_and_the_events_after_it(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        first = replace(batch(1, epoch, 0, happened("1.1", 1), happened("1.1", 2)), sagas=[row("1.1", 2)])
        second = batch(1, epoch, 2, happened("1.1", 3))
        second = replace(second, sagas=[row("1.1", 3, state='{"at": 3}', state_seq=3)])
        third = replace(batch(1, epoch, 3, happened("1.1", 4)), sagas=[row("1.1", 4, state_seq=3)])
        await store.append([first])
        await store.append([second])
        await store.append([third])
        (open_saga,) = await store.open_sagas(1)
        assert (open_saga.row.seq, open_saga.row.state_seq, open_saga.row.state) == (4, 3, '{"at": 3}')
        assert [event.seq for event in open_saga.events] == [4]
        assert (await store.sagas(["1.1", "1.9"])).keys() == {"1.1"}

    tell(story)


def test_an_ended_saga_is_not_open_but_still_known(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0, happened("1.1", 1)), sagas=[row("1.1", 1, closed=300.0)])])
        assert await store.open_sagas(1) == []
        assert (await store.sagas(["1.1"]))["1.1"].row.closed_at == 300.0
        health = await store.health()
        assert (health.sagas, health.versions) == ({}, {})

    tell(story)


def test_offsets_cursor_and_lease_move_with_the_batch(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 2)
        moved = replace(batch(2, epoch, 0, happened("2.1", 1)), published=1, in_offsets={"replies": 7})
        await store.append([moved])
        (taken,) = await store.take([2], "me", 60)
        assert (taken.head, taken.published, taken.in_offsets, taken.lapsed) == (1, 1, {"replies": 7}, True)

    tell(story)


def test_a_shard_is_taken_by_others_only_after_its_lease(tell: Tell) -> None:
    async def story(store: Store) -> None:
        (mine,) = await store.take([3], "me", 0.05)
        assert not mine.lapsed
        await asyncio.sleep(0.1)
        (theirs,) = await store.take([3], "them", 60)
        assert (theirs.epoch, theirs.lapsed) == (mine.epoch + 1, True)
        assert await store.take([3], "me", 60) == []

    tell(story)


def test_a_shard_that_was_handed_over_is_free_at_once(tell: Tell) -> None:
    async def story(store: Store) -> None:
        (mine,) = await store.take([3], "me", 60)
        await store.release([(3, mine.epoch)], "me")
        (theirs,) = await store.take([3], "them", 60)
        assert not theirs.lapsed

    tell(story)


def test_a_request_waits_until_it_is_dealt_with_and_tells_what_came_of_it(tell: Tell) -> None:
    async def story(store: Store) -> None:
        (number,) = await store.submit([Request(0, 1, "1.1", "start", '{"order_id": "7"}', "ada")])
        (waiting,) = await store.waiting([0, 1], 10)
        assert waiting == Request(number, 1, "1.1", "start", '{"order_id": "7"}', "ada")
        assert await store.outcome(number) is None
        epoch = await owned(store, 1)
        await store.append([replace(batch(1, epoch, 0), done=[Done(number, "started", 5.0)])])
        assert await store.waiting([0, 1], 10) == []
        assert await store.outcome(number) == "started"

    tell(story)


def test_dead_letters_and_operator_actions_are_part_of_the_batch(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        letter = DeadLetter(Record("replies", 1, 5, "k", b"\xff", {"type": "?"}), None, "not JSON", 9.0)
        action = Action("1.1", "cancel", None, "ada", "changed her mind", "accepted", 9.0)
        await store.append([replace(batch(1, epoch, 0), dead_letters=[letter], actions=[action])])
        assert (await store.health()).dead_letters == 1

    tell(story)


def test_sagas_are_listed_newest_first(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        rows = [row("1.1", 1), row("1.2", 1, closed=9.0), row("1.3", 1)]
        events = [happened(saga.id, 1) for saga in rows]
        await store.append([replace(batch(1, epoch, 0, *events), sagas=rows)])
        assert [saga.id for saga in await store.list(Filter())] == ["1.3", "1.2", "1.1"]
        assert [saga.id for saga in await store.list(Filter(status="COMPLETED"))] == ["1.2"]
        assert [saga.id for saga in await store.list(Filter(business_key="order-1.1"))] == ["1.1"]
        assert [saga.id for saga in await store.list(Filter(limit=1, before=53.0))] == ["1.2"]

    tell(story)


def test_a_definition_that_was_recorded_never_changes(tell: Tell) -> None:
    async def story(store: Store) -> None:
        await store.record_definitions([StoredDefinition("fulfillment", 1, '{"v": 1}', "aa")])
        await store.record_definitions([StoredDefinition("fulfillment", 1, '{"v": 2}', "bb")])
        assert await store.definitions() == [StoredDefinition("fulfillment", 1, '{"v": 1}', "aa")]

    tell(story)


def test_the_number_of_shards_is_fixed_at_creation(tell: Tell) -> None:
    async def story(store: Store) -> None:
        assert await store.create_shards(16) == 4

    tell(story)


def test_of_two_who_write_at_once_only_the_owner_moves_the_shard_and_nothing_is_lost(tell: Tell) -> None:
    async def story(store: Store) -> None:
        async def write(owner: str, number: int) -> list[str]:
            """Take the shard, write until somebody else has it, begin again; returns what was acknowledged."""
            written: list[str] = []
            for turn in range(1, 7):
                taken = await store.take([1], owner, 0.0)
                if not taken:
                    continue
                epoch, head = taken[0].epoch, taken[0].head
                for step in range(5):
                    saga_id = f"1.{number}{turn}{step}"
                    short = replace(batch(1, epoch, head, happened(saga_id, 1)), lease_until=0.0)
                    (outcome,) = await store.append([short])
                    if not isinstance(outcome, Appended):
                        break
                    head = outcome.head
                    written.append(saga_id)
                    await asyncio.sleep(0)
            return written

        told = await asyncio.gather(*(write(f"node-{number}", number) for number in range(1, 5)))
        acknowledged = [saga_id for one in told for saga_id in one]
        (taken,) = await store.take([1], "last", 60)
        assert taken.head == len(acknowledged) > 0
        assert all([len(await store.history(saga_id)) == 1 for saga_id in acknowledged])

    tell(story)


def test_several_shards_move_in_one_commit_each_with_positions_of_its_own(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epochs = [await owned(store, shard) for shard in range(4)]
        batches = [
            replace(
                batch(shard, epochs[shard], 0, happened(f"{shard}.1", 1), happened(f"{shard}.2", 1, "[1]")),
                sagas=[row(f"{shard}.1", 1), row(f"{shard}.2", 1)],
            )
            for shard in (3, 0, 2, 1)
        ]
        assert await store.append(batches) == [Appended(2)] * 4
        assert [await store.outbox(shard, 0) for shard in range(4)] == [[(2, "[1]")]] * 4
        health = await store.health()
        assert (health.sagas, health.versions) == ({"RUNNING": 8}, {1: 8})

    tell(story)


def test_text_of_every_kind_comes_back_as_it_was(tell: Tell) -> None:
    async def story(store: Store) -> None:
        epoch = await owned(store, 1)
        body = json.dumps({"name": "Ærø \u0000 \ud83c\udf75", "quote": 'it\'s "fine" \\'})
        odd = NewEvent("1.1", 1, "StepStarted", 1, body, None, 100.123456)
        assert await store.append([batch(1, epoch, 0, odd)]) == [Appended(1)]
        (kept,) = await store.history("1.1")
        assert (kept.data, kept.at) == (body, 100.123456)

    tell(story)
