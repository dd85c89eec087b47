"""What the saga asks of a message broker, in batches. `memory.py` keeps it in this process."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from zlib import crc32

Headers = Mapping[str, str]


class TopicPartition(NamedTuple):
    """One ordered log within a topic."""

    topic: str
    partition: int


class Outbound(NamedTuple):
    """A record on its way out. Without a partition the key decides: equal keys keep their order."""

    topic: str
    key: str
    value: bytes
    headers: Headers
    partition: int | None = None


class Record(NamedTuple):
    """A record as it was read, at its place in the log. Header values that are not text are left out."""

    topic: str
    partition: int
    offset: int
    key: str | None
    value: bytes
    headers: Headers

    @property
    def place(self) -> TopicPartition:
        """The log it was read from."""
        return TopicPartition(self.topic, self.partition)


class UnknownTopic(Exception):
    """The topic does not exist; nothing is created silently."""


class OffsetOutOfRange(Exception):
    """The place to read from is no longer, or not yet, in the log: records may be missing."""

    def __init__(self, place: TopicPartition, offset: int, first: int, end: int) -> None:
        super().__init__(f"{place.topic}[{place.partition}] holds offsets {first} to {end}, {offset} was asked for")
        self.place, self.offset, self.first, self.end = place, offset, first, end


class BrokerUnavailable(Exception):
    """The records were not acknowledged. They may or may not have arrived."""


class Consumer(Protocol):
    """Reads records in order within each partition."""

    async def poll(self, limit: int, timeout: float) -> Sequence[Record]:
        """What is there, at most `limit`; waits up to `timeout` seconds for the first. Raises OffsetOutOfRange.

        A broker that is away mostly has nothing; where that does not do, it raises BrokerUnavailable.
        """

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """The next offset to read, for whoever follows in this group."""

    async def close(self) -> None:
        """Leave; what was not committed is read again by the next one."""


class Broker(Protocol):
    """Topics with partitions, offsets and redelivery."""

    async def publish(self, records: Sequence[Outbound]) -> None:
        """Returns when all are acknowledged. Raises BrokerUnavailable, UnknownTopic."""

    def reader(self, places: Mapping[TopicPartition, int | None]) -> Consumer:
        """Reads the given partitions from the given offsets; None is the first that is kept."""

    def group(self, name: str, topics: Iterable[str]) -> Consumer:
        """A member of a group: reads its share of the partitions from the committed offsets on."""

    async def end_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset that the next record will get, for each partition. Raises BrokerUnavailable."""

    async def first_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset of the first record that is kept, for each partition. Raises BrokerUnavailable."""

    async def close(self) -> None:
        """Hand over what is still on its way, then stop."""


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key: CRC-32 of its bytes, the same in every process and on every machine."""
    return crc32(key.encode()) % partitions
