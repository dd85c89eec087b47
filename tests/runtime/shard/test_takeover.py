"""Taking shards, step by step: what is loaded, read and sent again, and what becomes of sagas that cannot be read."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shard.site import Site

from runtime.event_store.store import Batch, StoredSaga
from runtime.messaging.broker import BrokerUnavailable, Outbound, Record, TopicPartition
from runtime.messaging.memory import MemoryBroker, MemoryConsumer
from runtime.messaging.topics import topics_of
from runtime.orchestrator import snapshot
from runtime.orchestrator.batch import Inputs, deal_with
from runtime.orchestrator.intake import ask, start_name
from runtime.orchestrator.loading import restore, restore_all
from runtime.orchestrator.node import Limits, Node
from runtime.orchestrator.ownership import Lease
from runtime.orchestrator.shard import Live
from runtime.orchestrator.takeover import read, read_from_here, share_out, take

SHARDS = 16
REPLIES, STARTS = "order-fulfillment.replies", "order-fulfillment.starts"


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 120))


async def node_of(site: Site, owner: str = "first", seconds: float = 60.0, **more: Any) -> Node:
    """A node that has taken nothing yet."""
    await site.store.create_shards(SHARDS)
    limits = Limits(batch=more.pop("batch", 500), pause=0.01)
    return Node(site.rules, site.store, site.broker, Lease(owner, seconds), limits, **more)


async def with_sagas(site: Site, *ids: str) -> Node:
    """A node that owns all shards and has started these sagas; each waits for its first answer."""
    node = await node_of(site)
    await take(node, range(SHARDS))
    await started(site, *ids)
    await all_read(node)
    return node


async def started(site: Site, *ids: str) -> None:
    """Somebody asks for these sagas."""
    body = site.application.example.model_dump(mode="json")
    await site.broker.publish([ask(site.rules, one, start_name(site.rules), body) for one in ids])


async def all_read(node: Node) -> None:
    """The node deals with all that has arrived."""
    while records := await node.input().poll(100, 0):
        await deal_with(node, share_out(node, records))


def reserved(saga_id: str) -> Outbound:
    """The answer of the first step."""
    headers = {
        "type": "InventoryReserved",
        "saga_id": saga_id,
        "saga": "order-fulfillment",
        "step": "reserve-inventory",
        "phase": "do",
        "attempt": "1",
        "outcome": "ok",
        "key": f"{saga_id}:reserve-inventory:do",
    }
    return Outbound(REPLIES, saga_id, b'{"reservation_id": "r1"}', headers, int(saga_id.split(".")[0]))


def commands(site: Site, context: str) -> list[Record]:
    """What was sent to a participant, oldest first within each partition."""
    return sent(site, f"{context}.commands")


def sent(site: Site, topic: str) -> list[Record]:
    partitions = range(topics_of(site.application.definitions)[topic])
    return [one for number in partitions for one in site.broker.log(TopicPartition(topic, number)).records]


def keys(records: Iterable[Record]) -> list[tuple[str, str]]:
    """Key and epoch of each command."""
    return sorted((one.headers["key"], one.headers["epoch"]) for one in records)


def loaded(node: Node) -> dict[str, Any]:
    return {live.row.id: live.state for shard in node.shards.values() for live in shard}


def test_a_new_owner_holds_the_open_sagas_as_they_were(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        first = await with_sagas(site, "0.aa", "0.bb", "3.cc")
        await site.broker.publish([reserved("0.bb")])
        await all_read(first)

        second = await node_of(site)
        await take(second, range(SHARDS))

        assert loaded(second) == loaded(first)
        assert second.shards.keys() == set(range(SHARDS))
        assert second.shards[0].epoch == first.shards[0].epoch + 1

    run(story)


def test_only_what_is_free_is_taken_and_what_is_owned_stays(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await node_of(site)
        await site.store.take([1], "another", 60)

        await take(node, [0, 1])
        await take(node, [2])

        assert node.shards.keys() == {0, 2}
        assert [shard.epoch for shard in node.shards.values()] == [1, 1]

    run(story)


def test_a_shard_is_taken_in_the_name_and_for_the_time_of_the_lease(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        await take(await node_of(site, seconds=0.05), [0])
        await take(await node_of(site, seconds=60.0), [1])
        await asyncio.sleep(0.1)

        theirs = await site.store.take([0, 1], "another", 60)
        ours = await site.store.take([1], "first", 60)

        assert [one.shard for one in theirs] == [0]
        assert [one.shard for one in ours] == [1]

    run(story)


def test_an_owner_goes_by_the_time_of_its_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await node_of(site)

        async def later() -> float:
            return 5e9

        monkeypatch.setattr(site.store, "now", later)
        await take(node, [0])

        assert 5e9 <= node.clock.now() < 6e9

    run(story)


@pytest.mark.parametrize("batch", [1, 500])
def test_what_had_arrived_is_dealt_with_however_much_it_is(tmp_path: Path, batch: int) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        ids = [f"0.{n:02}" for n in range(5)]
        await with_sagas(site, *ids)
        await site.broker.publish([reserved(one) for one in ids])
        await started(site, "0.new")

        await take(second := await node_of(site, batch=batch), range(SHARDS))

        assert {one.headers["saga_id"] for one in commands(site, "payment")} == set(ids)
        assert second.holds("0.new")
        assert second.shards[0].offsets == {REPLIES: 5, STARTS: 6}
        assert [one.seq for one in await site.store.history("0.00")] == [1, 2, 3, 4]

    run(story)


def test_what_waits_for_an_answer_is_sent_again_under_the_same_key_and_the_new_epoch(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        await with_sagas(site, "0.aa", "0.bb")
        await site.broker.publish([reserved("0.bb")])
        before = len(commands(site, "inventory"))

        await take(await node_of(site), range(SHARDS))

        again = [one for one in commands(site, "inventory") if one.headers["epoch"] == "2"]
        assert before == 2
        assert {one.headers["key"] for one in again} == {"0.aa:reserve-inventory:do"}
        assert {one.headers["key"] for one in commands(site, "payment")} == {"0.bb:process-payment:do"}

    run(story)


def test_what_may_never_have_been_published_is_published_and_then_counts_as_published(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        first = await with_sagas(site, "0.aa")
        head = first.shards[0].head
        site.broker = MemoryBroker(topics_of(site.application.definitions))

        second = await node_of(site)
        await take(second, range(SHARDS))

        assert keys(commands(site, "inventory")) == [("0.aa:reserve-inventory:do", epoch) for epoch in ("1", "2")]
        assert second.shards[0].published == second.shards[0].head == head > 0
        assert {shard.published for shard in second.shards.values()} == {0, head}

    run(story)


def test_what_the_store_knows_to_be_published_is_not_published_again(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        first = await with_sagas(site, "0.aa")
        await deal_with(first, {0: Inputs()})
        assert len(sent(site, "order-fulfillment.events")) == 1

        await take(await node_of(site), range(SHARDS))

        assert len(sent(site, "order-fulfillment.events")) == 1
        assert keys(commands(site, "inventory")) == [("0.aa:reserve-inventory:do", epoch) for epoch in ("1", "2")]

    run(story)


def test_after_an_outage_what_is_outstanding_has_its_time_after_a_handover_it_rings_when_it_would(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        first = await with_sagas(site, "0.aa")
        due = first.shards[0].timers.next()

        lapsed, began = await node_of(site), await site.store.now()
        await take(lapsed, [0])
        await site.store.release([(0, lapsed.shards[0].epoch)], "first")
        handed = await node_of(site)
        await take(handed, [0])

        assert due is not None
        assert (lapsed.shards[0].timers.next() or 0) >= began + site.rules.patience > due
        assert handed.shards[0].timers.next() == due

    run(story)


def test_a_broker_that_is_away_is_waited_for(tmp_path: Path) -> None:
    class Away(MemoryBroker):
        """Answers only the third time that it is asked."""

        asked = 0

        async def end_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
            self.asked += 1
            if self.asked < 3:
                raise BrokerUnavailable("not now")
            return await super().end_offsets(places)

    async def story() -> None:
        site = Site(tmp_path)
        site.broker = Away(topics_of(site.application.definitions))
        await started(site, "0.aa")

        await take(node := await node_of(site), range(SHARDS))

        assert node.holds("0.aa")

    run(story)


def test_inputs_that_are_still_on_their_way_are_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    poll, waited = MemoryConsumer.poll, list[float]()

    async def slowly(reader: MemoryConsumer, limit: int, timeout: float) -> Sequence[Record]:
        if len(waited) < 2:
            await asyncio.sleep(timeout)
            waited.append(timeout)
            return []
        return await poll(reader, limit, timeout)

    async def story() -> None:
        site = Site(tmp_path)
        await started(site, "0.aa")
        monkeypatch.setattr(MemoryConsumer, "poll", slowly)

        await take(node := await node_of(site), range(SHARDS))

        assert node.holds("0.aa")

    run(story)


def test_a_shard_that_is_lost_while_its_backlog_is_read_is_left_to_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        await with_sagas(site, "0.aa", "1.bb")
        await site.broker.publish([reserved("0.aa")])
        append = site.store.append

        async def overtaken(batches: Sequence[Batch]) -> Any:
            await site.store.take([0], "first", 60)
            return await append(batches)

        monkeypatch.setattr(site.store, "append", overtaken)
        node = await node_of(site)
        await take(node, [0, 1])

        assert node.shards.keys() == {1}
        assert {one.headers["key"] for one in commands(site, "inventory") if one.headers["epoch"] == "2"} == {
            "1.bb:reserve-inventory:do"
        }

    run(story)


def test_a_gap_in_the_inputs_is_passed_and_what_may_have_been_answered_in_it_is_sent_again(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await with_sagas(site, "3.aa", "4.bb")
        place = TopicPartition(REPLIES, 3)
        site.broker.log(place).begin_at(7)

        assert await read(node, 0) == []
        assert node.shards[3].offsets == {STARTS: 1, REPLIES: 7}
        await site.broker.publish([reserved("3.aa")])
        await all_read(node)

        assert node.shards[3].offsets[REPLIES] == 8
        assert keys(commands(site, "inventory")).count(("3.aa:reserve-inventory:do", "1")) == 2
        assert keys(commands(site, "inventory")).count(("4.bb:reserve-inventory:do", "1")) == 1

    run(story)


def test_what_was_read_before_is_let_go_of_when_other_shards_are_read(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await with_sagas(site)
        before = node.input()
        del node.shards[5]

        await read_from_here(node)

        assert node.reads == {TopicPartition(topic, n) for topic in (REPLIES, STARTS) for n in range(SHARDS) if n != 5}
        assert before not in site.broker.log(TopicPartition(REPLIES, 5)).confirmed
        await started(site, "5.aa", "6.bb")
        assert [one.partition for one in await node.input().poll(10, 0)] == [6]

    run(story)


def test_records_go_to_their_shards_and_those_of_others_are_left_to_their_owners(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await with_sagas(site)
        del node.shards[5]
        places = [(REPLIES, 4), (REPLIES, 5), (STARTS, 4), (STARTS, 6)]
        records = [Record(topic, shard, 0, "k", b"?", {}) for topic, shard in places]

        shared = share_out(node, records)

        assert {shard: [one.record for one in inputs.heard] for shard, inputs in shared.items()} == {
            4: [records[0], records[2]],
            6: [records[3]],
        }

    run(story)


def test_a_saga_that_cannot_be_read_is_left_alone_and_the_others_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        await with_sagas(site, "0.aa", "0.bb", "0.cc")
        stored = await site.store.open_sagas(0)

        async def damaged(shard: int) -> Sequence[StoredSaga]:
            return [_without_version(one) if one.row.id == "0.bb" else one for one in stored if shard == 0]

        monkeypatch.setattr(site.store, "open_sagas", damaged)
        node = await node_of(site)
        await take(node, range(SHARDS))

        assert loaded(node).keys() == {"0.aa", "0.cc"}
        assert restore_all(site.rules, await damaged(0))["0.bb"] == "KeyError: 99"

    run(story)


def _without_version(stored: StoredSaga) -> StoredSaga:
    return replace(stored, row=stored.row._replace(def_version=99))


def test_a_saga_is_the_same_from_its_kept_state_and_from_its_first_event(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        node = await with_sagas(site, "0.aa")
        early = snapshot.to_json(loaded(node)["0.aa"])
        await site.broker.publish([reserved("0.aa")])
        await all_read(node)
        [whole] = (await site.store.sagas(["0.aa"])).values()

        row = whole.row._replace(state=json.dumps(early), state_seq=early["seq"])
        kept = StoredSaga(row, whole.events[early["seq"] :])

        assert restore(site.rules, whole) == Live(loaded(node)["0.aa"], whole.row)
        assert restore(site.rules, kept) == Live(loaded(node)["0.aa"], row)
        assert loaded(node)["0.aa"].id == "0.aa"

    run(story)
