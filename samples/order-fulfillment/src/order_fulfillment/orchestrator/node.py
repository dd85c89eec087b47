"""What one node works with: the shards it owns, and everything it needs to move their sagas along."""

import asyncio
import logging
import time
from collections import Counter
from dataclasses import dataclass, field

from ..clock import Clock
from ..event_store.store import Membership, SagaRow, Store
from ..messaging.broker import Broker, BrokerUnavailable, Consumer, Outbound, TopicPartition
from ..outage import Outage
from .fsm import outstanding
from .outbox import command
from .ownership import Lease
from .rules import Rules
from .shard import Shard
from .turn import Verdict

log = logging.getLogger(__name__)

STORE, BROKER = "the event store", "the broker"


@dataclass(frozen=True)
class Limits:
    """How much one commit takes, how many open sagas stay in memory, how many callers may wait, how many may be open.

    Pause in seconds.
    """

    batch: int = 500
    open_sagas: int = 10_000
    waiting: int = 2_000
    max_open: int = 50_000
    pause: float = 0.2


@dataclass
class Node:
    """A process that owns shards. `members` is how it shares them with others; without, all of them are its own."""

    rules: Rules
    store: Store
    broker: Broker
    lease: Lease = field(default_factory=Lease)
    limits: Limits = field(default_factory=Limits)
    clock: Clock = field(default_factory=lambda: Clock(time.time()))
    shards: dict[int, Shard] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)
    waiting: dict[str, asyncio.Future[Verdict]] = field(default_factory=dict)
    ends: dict[str, asyncio.Future[SagaRow]] = field(default_factory=dict)
    reader: Consumer | None = None
    reads: frozenset[TopicPartition] = frozenset()
    members: Membership | None = None
    share: int | None = None
    store_outage: Outage = field(default_factory=lambda: Outage(STORE, "the shards are taken again afterwards"))
    broker_outage: Outage = field(default_factory=lambda: Outage(BROKER, "no timer rings, and no lease is renewed"))

    def input(self) -> Consumer:
        """Where the inputs of the owned shards are read."""
        assert self.reader is not None, "shards are taken before their inputs are read"
        return self.reader

    def places(self) -> dict[TopicPartition, int]:
        """From which partitions and offsets the owned shards are fed."""
        topics = self.rules.current.topics
        return {
            TopicPartition(topic, shard.id): shard.offsets.get(topic, 0)
            for shard in self.shards.values()
            for topic in (topics.replies, topics.starts)
        }

    def is_ready(self) -> bool:
        """Whether it owns all that it is to own."""
        return len(self.shards) >= (self.rules.current.shards if self.share is None else self.share)

    def open_sagas(self) -> int:
        """How many sagas of the owned shards have not ended, in memory or not."""
        return sum(shard.open_sagas for shard in self.shards.values())

    def lose(self, shard: int) -> None:
        """Somebody else owns it now."""
        log.error("shard %d belongs to somebody else now; its sagas are dropped here", shard)
        del self.shards[shard]

    def tell(self, request: str, verdict: Verdict) -> None:
        """Whoever waits for the request gets to know."""
        waiting = self.waiting.pop(request, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(verdict)

    def holds(self, saga_id: str) -> bool:
        """Whether the saga is open here, and in memory."""
        return any(shard.get(saga_id) is not None for shard in self.shards.values())

    def end_of(self, saga_id: str) -> asyncio.Future[SagaRow]:
        """The row of an open saga of this node, once it has ended. Shared by all who wait for it."""
        if saga_id not in self.ends:
            self.ends[saga_id] = asyncio.get_running_loop().create_future()
        return self.ends[saga_id]

    def told_of(self, row: SagaRow) -> None:
        """Whoever waits for the end of the saga gets to know."""
        waiting = self.ends.pop(row.id, None) if row.closed_at is not None else None
        if waiting is not None and not waiting.done():
            waiting.set_result(row)

    async def publish(self, records: list[Outbound]) -> None:
        """Until the broker has them. While it is away no timer rings, and afterwards commands get their time again."""
        was_away = False
        while records:
            try:
                await self.broker.publish(records)
                break
            except BrokerUnavailable as trouble:
                self.broker_outage.away(trouble)
                was_away = True
                await asyncio.sleep(self.limits.pause)
        if was_away:
            self.broker_outage.back()
            self.give_everybody_time()

    async def hear(self) -> None:
        """Until the broker answers. Meanwhile nobody renews the leases, so whoever hears the broker takes over."""
        was_away = False
        while True:
            try:
                await self.broker.end_offsets(self.places())
                break
            except BrokerUnavailable as trouble:
                self.broker_outage.away(trouble)
                was_away = True
                await asyncio.sleep(self.limits.pause)
        if was_away:
            self.broker_outage.back()
            self.give_everybody_time()

    def outstanding(self, shard: Shard) -> list[Outbound]:
        """Every command of the shard that waits for its answer, under the same keys as before."""
        return [
            command(definition, shard, live.state, asked)
            for live in shard
            for definition in [self.rules.version(live.state.version)]
            for asked in outstanding(definition, live.state)
        ]

    def give_everybody_time(self) -> None:
        """For all shards: an outage uses up no attempt."""
        for shard in self.shards.values():
            self.give_time(shard)

    def give_time(self, shard: Shard) -> None:
        """An outage uses up no attempt: what waits for an answer may wait one timeout more."""
        not_before = self.clock.now() + self.rules.patience
        for live in shard:
            if outstanding(self.rules.version(live.state.version), live.state):
                shard.wait(live, not_before)
