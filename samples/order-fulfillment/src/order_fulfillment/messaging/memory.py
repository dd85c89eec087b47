"""The broker within this process: topics, partitions, offsets and redelivery, without a server.

It forgets everything when the process ends: whoever needs a record after that sends it again, as after a real outage.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from .broker import BrokerUnavailable, OffsetOutOfRange, Outbound, Record, TopicPartition, UnknownTopic, partition_of

KEPT = 1_000


class Log:
    """One partition: records in order, and how far each reader has confirmed them."""

    def __init__(self, place: TopicPartition) -> None:
        self.place = place
        self.first = 0
        self.records: list[Record] = []
        self.confirmed: dict[object, int] = {}
        self.watchers: set[MemoryConsumer] = set()

    @property
    def end(self) -> int:
        """The offset of the next record."""
        return self.first + len(self.records)

    @property
    def lag(self) -> int:
        """How many records the slowest reader has still to confirm."""
        return self.end - min(self.confirmed.values(), default=self.end)

    def append(self, sent: Outbound) -> None:
        """Put a record at the end and wake who waits for it."""
        self.records.append(Record(*self.place, self.end, sent.key, sent.value, sent.headers))
        for watcher in self.watchers:
            watcher.wake()

    def read(self, offset: int, limit: int) -> list[Record]:
        """Records from an offset on. Raises OffsetOutOfRange."""
        if not self.first <= offset <= self.end:
            raise OffsetOutOfRange(self.place, offset, self.first, self.end)
        start = offset - self.first
        return self.records[start : start + limit]

    def begin_at(self, offset: int) -> None:
        """A log nobody has written to begins where its first reader left off, so that offsets only grow."""
        if not self.records and offset > self.end:
            self.first = offset

    def confirm(self, reader: object, offset: int) -> None:
        """The reader needs nothing before `offset` any more."""
        self.confirmed[reader] = max(offset, self.confirmed.get(reader, 0))
        self.trim()

    def trim(self) -> None:
        """Let go of what everybody has confirmed, now and then, except for the last few."""
        gone = min(self.end - KEPT, min(self.confirmed.values(), default=self.end)) - self.first
        if gone > KEPT:
            del self.records[:gone]
            self.first += gone


class Group:
    """The members of a consumer group, and how its partitions are shared out."""

    def __init__(self, logs: Sequence[Log]) -> None:
        self.logs = logs
        self.members: list[MemoryConsumer] = []
        for log in logs:
            log.confirmed.setdefault(self, log.first)

    def join(self, member: "MemoryConsumer") -> None:
        """Share the partitions with one more."""
        self.members.append(member)
        self._share_out()

    def leave(self, member: "MemoryConsumer") -> None:
        """Share the partitions among those who stay."""
        self.members.remove(member)
        self._share_out()

    def _share_out(self) -> None:
        for turn, member in enumerate(self.members):
            share = self.logs[turn :: len(self.members)]
            kept = {log: offset for log, offset in member.positions.items() if log in share}
            member.assign({log: kept.get(log, log.confirmed[self]) for log in share})


class MemoryConsumer:
    """A reader of some partitions, alone or as a member of a group."""

    def __init__(self, broker: "MemoryBroker", group: Group | None = None) -> None:
        self._broker = broker
        self._group = group
        self._arrived: asyncio.Future[None] | None = None
        self._turn = 0
        self.positions: dict[Log, int] = {}

    def assign(self, positions: dict[Log, int]) -> None:
        """Read these partitions from now on."""
        for log in self.positions:
            log.watchers.discard(self)
        self.positions = positions
        for log in positions:
            log.watchers.add(self)
        self.wake()

    def wake(self) -> None:
        """Something may be there."""
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)

    async def poll(self, limit: int, timeout: float) -> Sequence[Record]:
        """What is there, at most `limit`; waits up to `timeout` seconds for the first. Raises OffsetOutOfRange."""
        records = self._take(limit)
        if records or timeout <= 0:
            return records
        await self._wait(timeout)
        return self._take(limit)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Confirm what lies before these offsets."""
        for place, offset in offsets.items():
            self._broker.log(place).confirm(self._group or self, offset)
        self._broker.make_room()

    async def close(self) -> None:
        """Leave the group; what was not committed is read again by the next one."""
        for log in self.positions:
            log.watchers.discard(self)
            log.confirmed.pop(self, None)
        if self._group is not None and self in self._group.members:
            self._group.leave(self)
        self.positions = {}
        self._broker.make_room()

    def _take(self, limit: int) -> list[Record]:
        taken: list[Record] = []
        logs = list(self.positions)
        self._turn = (self._turn + 1) % max(len(logs), 1)
        for log in logs[self._turn :] + logs[: self._turn]:
            if len(taken) == limit:
                break
            records = log.read(self.positions[log], limit - len(taken))
            self.positions[log] += len(records)
            taken += records
        return taken

    async def _wait(self, timeout: float) -> None:
        loop = asyncio.get_running_loop()
        self._arrived = loop.create_future()
        alarm = loop.call_later(timeout, self.wake)
        try:
            await self._arrived
        finally:
            alarm.cancel()
            self._arrived = None


class MemoryBroker:
    """Topics that live as long as this process. A partition holds at most `capacity` unconfirmed records."""

    def __init__(self, topics: Mapping[str, int], capacity: int = 100_000, patience: float = 30.0) -> None:
        self._logs = {
            name: [Log(TopicPartition(name, number)) for number in range(count)] for name, count in topics.items()
        }
        self._groups: dict[str, Group] = {}
        self._capacity = capacity
        self._patience = patience
        self._room = asyncio.Event()

    def log(self, place: TopicPartition) -> Log:
        """The log of a partition. Raises UnknownTopic."""
        logs = self._partitions(place.topic)
        if not 0 <= place.partition < len(logs):
            raise UnknownTopic(f"topic {place.topic} has {len(logs)} partitions, so no partition {place.partition}")
        return logs[place.partition]

    async def publish(self, records: Sequence[Outbound]) -> None:
        """Append every record to its log, waiting for room where it is full. Raises BrokerUnavailable, UnknownTopic."""
        for record, log in [(record, self._log_for(record)) for record in records]:
            if log.lag >= self._capacity:
                await self._wait_for_room(log)
            log.append(record)
            if not log.confirmed:
                log.trim()

    def reader(self, places: Mapping[TopicPartition, int | None]) -> MemoryConsumer:
        """Reads the given partitions from the given offsets; None is the first that is kept."""
        consumer = MemoryConsumer(self)
        positions: dict[Log, int] = {}
        for place, offset in places.items():
            log = self.log(place)
            log.begin_at(offset or 0)
            positions[log] = log.first if offset is None else offset
            log.confirm(consumer, positions[log])
        consumer.assign(positions)
        return consumer

    def group(self, name: str, topics: Iterable[str]) -> MemoryConsumer:
        """A member of a group: reads its share of the partitions from the committed offsets on."""
        if name not in self._groups:
            self._groups[name] = Group([log for topic in topics for log in self._partitions(topic)])
        member = MemoryConsumer(self, self._groups[name])
        self._groups[name].join(member)
        return member

    async def end_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset that the next record will get, for each partition."""
        return {place: self.log(place).end for place in places}

    async def first_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset of the first record that is kept, for each partition."""
        return {place: self.log(place).first for place in places}

    async def close(self) -> None:
        """Nothing is on its way: a published record has arrived."""

    def make_room(self) -> None:
        """Let waiting publishers look again."""
        self._room.set()

    def _partitions(self, topic: str) -> list[Log]:
        if topic not in self._logs:
            raise UnknownTopic(f"there is no topic {topic}")
        return self._logs[topic]

    def _log_for(self, record: Outbound) -> Log:
        logs = self._partitions(record.topic)
        number = partition_of(record.key, len(logs)) if record.partition is None else record.partition
        return logs[number] if 0 <= number < len(logs) else self.log(TopicPartition(record.topic, number))

    async def _wait_for_room(self, log: Log) -> None:
        try:
            async with asyncio.timeout(self._patience):
                while log.lag >= self._capacity:
                    self._room.clear()
                    await self._room.wait()
        except TimeoutError:
            raise BrokerUnavailable(
                f"{log.place.topic}[{log.place.partition}] has been full for {self._patience:g} s"
            ) from None
