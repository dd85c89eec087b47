"""Kafka behind our own protocol: an idempotent producer, readers at given offsets, and members of consumer groups.

The clients wait in threads of their own; nothing here blocks the event loop. Offsets of readers come from whoever
reads, never from Kafka; members store theirs when told, and Kafka is told twice a second and at the end.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import confluent_kafka as kafka
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, OffsetSpec

from . import kafka_log
from .broker import OffsetOutOfRange, Outbound, Record, TopicPartition, UnknownTopic
from .kafka_producer import Producing, unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")

READING: Mapping[str, Any] = {
    "enable.auto.offset.store": False,
    "queued.max.messages.kbytes": 16_384,
    "fetch.queue.backoff.ms": 10,
    "reconnect.backoff.ms": 250,
    "reconnect.backoff.max.ms": 1_000,
    "socket.keepalive.enable": True,
    "socket.nagle.disable": True,
}
AT_GIVEN_OFFSETS = {"group.id": "reader", "enable.auto.commit": False, "auto.offset.reset": "error"}
IN_A_GROUP = {
    "enable.auto.commit": True,
    "auto.commit.interval.ms": 500,
    "auto.offset.reset": "earliest",
    "session.timeout.ms": 10_000,
    "heartbeat.interval.ms": 2_000,
}
SLICE = 0.1
PATIENCE = 10.0
GONE_WITHOUT_HARM = {KafkaError._PARTITION_EOF, KafkaError._MAX_POLL_EXCEEDED}
FROM_THE_FIRST = kafka.OFFSET_BEGINNING


class KafkaBroker:
    """Topics on Kafka. With a prefix before topics and groups, several installations can share a cluster."""

    def __init__(self, options: Mapping[str, str | int], prefix: str = "") -> None:
        self._options = dict(options)
        self._prefix = prefix
        self._producing = Producing(self._options, prefix)
        self._admin: AdminClient | None = None

    async def publish(self, records: Sequence[Outbound]) -> None:
        """Returns when all are acknowledged. Raises BrokerUnavailable, UnknownTopic."""
        await self._producing.publish(records)

    def reader(self, places: Mapping[TopicPartition, int | None]) -> "KafkaConsumer":
        """Reads the given partitions from the given offsets; None is the first that is kept."""
        consumer = self._consumer(AT_GIVEN_OFFSETS)
        consumer.assign(
            [
                kafka.TopicPartition(self._prefix + place.topic, place.partition, FROM_THE_FIRST if at is None else at)
                for place, at in places.items()
            ]
        )
        return KafkaConsumer(consumer, self._prefix, keeps_offsets=False)

    def group(self, name: str, topics: Iterable[str]) -> "KafkaConsumer":
        """A member of a group: reads its share of the partitions from the committed offsets on."""
        consumer = self._consumer({**IN_A_GROUP, "group.id": self._prefix + name})
        consumer.subscribe([self._prefix + topic for topic in topics])
        return KafkaConsumer(consumer, self._prefix, keeps_offsets=True)

    async def end_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset that the next record will get, for each partition. Raises BrokerUnavailable."""
        return await asyncio.to_thread(self._offsets, list(places), OffsetSpec.latest())

    async def first_offsets(self, places: Iterable[TopicPartition]) -> Mapping[TopicPartition, int]:
        """The offset of the first record that is kept, for each partition. Raises BrokerUnavailable."""
        return await asyncio.to_thread(self._offsets, list(places), OffsetSpec.earliest())

    async def close(self) -> None:
        """Hand over what is still on its way, then stop."""
        await self._producing.close()

    def _consumer(self, how: Mapping[str, Any]) -> kafka.Consumer:
        return kafka.Consumer({**READING, **how, **self._options}, logger=kafka_log.log)

    def _offsets(self, places: Sequence[TopicPartition], which: OffsetSpec) -> dict[TopicPartition, int]:
        if not places:
            return {}
        self._admin = self._admin or AdminClient(dict(self._options), logger=kafka_log.log)
        wanted = {place: kafka.TopicPartition(self._prefix + place.topic, place.partition) for place in places}
        try:
            told = self._admin.list_offsets(dict.fromkeys(wanted.values(), which), request_timeout=PATIENCE)
            return {place: told[there].result().offset for place, there in wanted.items()}
        except KafkaException as trouble:
            # A client that knows an older epoch of a partition's leader asks with it for ever; a new one asks anew.
            self._admin = None
            raise unavailable(trouble.args[0]) from trouble


class KafkaConsumer:
    """Reads records in order within each partition, waiting in a thread of its own."""

    def __init__(self, consumer: kafka.Consumer, prefix: str, keeps_offsets: bool) -> None:
        self._consumer = consumer
        self._keeps_offsets = keeps_offsets
        self._prefix = prefix
        self._thread = ThreadPoolExecutor(1, "kafka-consumer")
        self._closing = False
        self._to_store: dict[TopicPartition, int] = {}
        self._lock = threading.Lock()

    async def poll(self, limit: int, timeout: float) -> Sequence[Record]:
        """What is there, at most `limit`; waits up to `timeout` seconds for the first.

        Raises OffsetOutOfRange, BrokerUnavailable, UnknownTopic.
        """
        return await self._in_thread(lambda: self._take(limit, timeout))

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """The next offset to read, for whoever follows in this group; a reader on its own keeps none.

        Storing them waits for a poll that is under way, so the thread that polls does it.
        """
        if self._keeps_offsets:
            with self._lock:
                self._to_store |= offsets

    async def close(self) -> None:
        """Leave; what was not committed is read again by the next one."""
        if not self._closing:
            self._closing = True
            await asyncio.shield(self._in_thread(self._leave))
            self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _take(self, limit: int, timeout: float) -> Sequence[Record]:
        until = time.monotonic() + timeout
        self._store()
        first = self._consumer.poll(0)
        while first is None and not self._closing and (left := until - time.monotonic()) > 0:
            first = self._consumer.poll(min(left, SLICE))
            self._store()
        if first is None:
            return []
        more = self._consumer.consume(limit - 1, 0) if limit > 1 else []
        return [self._record(message) for message in (first, *more) if self._is_record(message)]

    def _leave(self) -> None:
        self._store()
        self._consumer.close()

    def _store(self) -> None:
        """Kafka is told these offsets with the next of its own rounds."""
        with self._lock:
            offsets, self._to_store = self._to_store, {}
        for place, offset in offsets.items():
            try:
                told = kafka.TopicPartition(self._prefix + place.topic, place.partition, offset)
                self._consumer.store_offsets(offsets=[told])
            except KafkaException as moved:
                log.info("%s[%d] is read by another member now: %s", place.topic, place.partition, moved)

    def _is_record(self, message: Any) -> bool:
        """Whether it is a record. Trouble that passes is only logged; raises OffsetOutOfRange, UnknownTopic."""
        error = message.error()
        if error is None:
            return True
        if error.code() == KafkaError._AUTO_OFFSET_RESET:
            raise self._gap(message)
        if error.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC):
            raise UnknownTopic(f"there is no topic {message.topic()}: {error.str()}")
        if error.code() not in GONE_WITHOUT_HARM:
            log.error("Kafka: %s", error.str())
        return False

    def _gap(self, message: Any) -> OffsetOutOfRange:
        there = kafka.TopicPartition(message.topic(), message.partition())
        try:
            first, end = self._consumer.get_watermark_offsets(there, timeout=PATIENCE)
        except KafkaException as trouble:
            raise unavailable(trouble.args[0]) from trouble
        place = TopicPartition(message.topic().removeprefix(self._prefix), message.partition())
        return OffsetOutOfRange(place, message.offset(), first, end)

    def _record(self, message: Any) -> Record:
        key = message.key()
        return Record(
            message.topic().removeprefix(self._prefix),
            message.partition(),
            message.offset(),
            None if key is None else key.decode(errors="replace"),
            message.value() or b"",
            _texts(message.headers() or []),
        )


def _texts(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Those of the headers that are text."""
    texts: dict[str, str] = {}
    for name, value in headers:
        try:
            texts[name] = (value or b"").decode()
        except UnicodeDecodeError:
            log.warning("header %s is not text and is left out", name)
    return texts
