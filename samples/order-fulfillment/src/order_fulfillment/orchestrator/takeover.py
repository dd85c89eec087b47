"""Taking shards: load them, read what had arrived, send again what is outstanding; only then may timers ring."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from ..messaging.broker import BrokerUnavailable, OffsetOutOfRange, Record, TopicPartition
from .batch import Inputs, deal_with
from .intake import understand
from .loading import restore_all
from .node import Node
from .outbox import from_stored
from .shard import Live, Shard

log = logging.getLogger(__name__)


async def take(node: Node, wanted: Iterable[int]) -> None:
    """Take what can be had of these shards. Raises OutcomeUnknown."""
    node.clock.anchor(await node.store.now())
    taken = [Shard(one) for one in await node.store.take(wanted, node.lease.owner, node.lease.seconds)]
    for shard in taken:
        await _load(node, shard)
    node.shards |= {shard.id: shard for shard in taken}
    await read_from_here(node)
    await _read_backlog(node)
    for shard in taken:
        if shard.id in node.shards:
            await _send_again(node, shard)


async def read(node: Node, patience: float) -> Sequence[Record]:
    """Inputs of the owned shards; waits up to `patience` seconds for the first. What is lost is skipped."""
    try:
        return await node.input().poll(node.limits.batch, patience)
    except OffsetOutOfRange as gap:
        await _skip(node, gap)
    except BrokerUnavailable as trouble:
        node.broker_outage.away(trouble)
        await asyncio.sleep(node.limits.pause)
        await read_from_here(node)
    return []


async def _skip(node: Node, gap: OffsetOutOfRange) -> None:
    """Inputs are lost: go on with the first that are left, and send again what may have been answered in the gap."""
    firsts = await _told(node, node.broker.first_offsets)
    lost = [place for place, at in node.places().items() if place == gap.place or at < firsts.get(place, 0)]
    log.error("%d partitions lack inputs, so commands that wait for an answer are sent again: %s", len(lost), gap)
    for place in lost:
        node.shards[place.partition].offsets[place.topic] = firsts.get(place, gap.first)
    for shard in [node.shards[number] for number in {place.partition for place in lost}]:
        await node.publish(node.outstanding(shard))
    await read_from_here(node)


async def read_from_here(node: Node) -> None:
    """Read on from where the owned shards have come to."""
    if node.reader is not None:
        await node.reader.close()
    node.reader = node.broker.reader(node.places())
    node.reads = frozenset(node.places())


def share_out(node: Node, records: Sequence[Record]) -> dict[int, Inputs]:
    """The records by shard; those of shards that are not owned any more are left to their owner."""
    inputs: dict[int, Inputs] = defaultdict(Inputs)
    for record in records:
        if record.partition in node.shards:
            inputs[record.partition].heard.append(understand(node.rules, record))
    return inputs


async def _load(node: Node, shard: Shard) -> None:
    restored = restore_all(node.rules, await node.store.open_sagas(shard.id))
    shard.open_sagas = len(restored)
    for saga_id, live in restored.items():
        if isinstance(live, Live):
            shard.put(live)
        else:
            log.error("shard %d goes on without saga %s: %s", shard.id, saga_id, live)


async def _read_backlog(node: Node) -> None:
    ends = await _told(node, node.broker.end_offsets)
    while any(node.places().get(place, end) < end for place, end in ends.items()):
        await deal_with(node, share_out(node, await read(node, node.limits.pause)))


async def _told(
    node: Node, ask: Callable[[Iterable[TopicPartition]], Awaitable[Mapping[TopicPartition, int]]]
) -> Mapping[TopicPartition, int]:
    """What the broker says about the inputs. One that is away is waited for."""
    while True:
        try:
            told = await ask(node.places())
            node.broker_outage.back()
            return told
        except BrokerUnavailable as trouble:
            node.broker_outage.away(trouble)
            await asyncio.sleep(node.limits.pause)


async def _send_again(node: Node, shard: Shard) -> None:
    """What may not have been published, and every command that waits for its answer."""
    tail = await node.store.outbox(shard.id, shard.published)
    records = [record for _, stored in tail for record in from_stored(stored)]
    await node.publish(records + node.outstanding(shard))
    shard.published = shard.head
    if shard.lapsed:
        node.give_time(shard)
