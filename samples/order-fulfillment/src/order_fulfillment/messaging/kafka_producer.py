"""Sending to Kafka: acknowledged by all replicas, without doubles of its own, one awakening for each batch."""

import asyncio
import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import confluent_kafka as kafka
from confluent_kafka import KafkaError, KafkaException

from . import kafka_log
from .broker import BrokerUnavailable, Outbound, UnknownTopic, partition_of

log = logging.getLogger(__name__)

SENDING: Mapping[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "compression.type": "lz4",
    "linger.ms": 1,
    "message.timeout.ms": 30_000,
    "reconnect.backoff.ms": 250,
    "reconnect.backoff.max.ms": 1_000,
    "socket.keepalive.enable": True,
    "socket.nagle.disable": True,
}
UNKNOWN = {KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC, KafkaError._UNKNOWN_PARTITION}
TOO_LARGE = {KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_RECORD}
PATIENCE = 10.0
PAUSE = 0.01


class Flight:
    """Records on their way. `landed` is done when the last of them is acknowledged or given up."""

    def __init__(self, count: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._left = count
        self.landed: asyncio.Future[None] = self._loop.create_future()
        self.error: KafkaError | None = None

    def heard(self, error: KafkaError | None, message: Any) -> None:
        """Called in the producer's thread, once for each record."""
        if error is not None:
            self.lost(error, message.topic())
        self._left -= 1
        if self._left == 0:
            self._loop.call_soon_threadsafe(self._land)

    def lost(self, error: KafkaError, topic: str | None) -> None:
        """One of the records did not arrive. One that is too large never will, so nobody is to try again."""
        if error.code() in TOO_LARGE:
            log.error("a record for %s is left out, since Kafka does not take it: %s", topic, error.str())
        else:
            self.error = error

    def _land(self) -> None:
        if not self.landed.done():
            self.landed.set_result(None)


class Producing:
    """The producer of a process, with the thread in which it reports."""

    def __init__(self, options: Mapping[str, str | int], prefix: str) -> None:
        self._options = {**SENDING, **options}
        self._prefix = prefix
        self._producer: Any = None
        self._partitions: dict[str, int] = {}
        self._stopped = threading.Event()
        self._reporter: threading.Thread | None = None

    async def publish(self, records: Sequence[Outbound]) -> None:
        """Returns when all are acknowledged. Raises BrokerUnavailable, UnknownTopic."""
        if not records:
            return
        producer = self._running()
        await self._know({record.topic for record in records}, producer)
        flight = Flight(len(records))
        for record in records:
            await self._send(producer, record, flight)
        await flight.landed
        if flight.error is not None:
            if flight.error.fatal():
                self._give_up(producer)
            raise unavailable(flight.error)

    async def close(self) -> None:
        """Hand over what is still on its way, then stop."""
        if self._producer is not None:
            await asyncio.to_thread(self._producer.flush, PATIENCE)
        self._stopped.set()
        if self._reporter is not None:
            await asyncio.to_thread(self._reporter.join)

    async def _send(self, producer: kafka.Producer, record: Outbound, flight: Flight) -> None:
        while True:
            try:
                producer.produce(
                    self._prefix + record.topic,
                    record.value,
                    record.key.encode(),
                    self._partition(record),
                    on_delivery=flight.heard,
                    headers=[(name, text.encode()) for name, text in record.headers.items()],
                )
                return
            except BufferError:
                await asyncio.sleep(PAUSE)
            except KafkaException as refusal:
                flight.lost(refusal.args[0], record.topic)
                flight.heard(None, None)
                return

    def _partition(self, record: Outbound) -> int:
        return (
            partition_of(record.key, self._partitions[record.topic]) if record.partition is None else record.partition
        )

    async def _know(self, topics: Iterable[str], producer: kafka.Producer) -> None:
        """How many partitions each topic has. All topics are asked for, since asking for one may create it."""
        if self._partitions.keys() >= set(topics):
            return
        try:
            there = (await asyncio.to_thread(producer.list_topics, timeout=PATIENCE)).topics
        except KafkaException as trouble:
            raise unavailable(trouble.args[0]) from trouble
        self._partitions = {
            name.removeprefix(self._prefix): len(found.partitions)
            for name, found in there.items()
            if name.startswith(self._prefix)
        }
        for topic in topics:
            if topic not in self._partitions:
                raise UnknownTopic(f"there is no topic {self._prefix}{topic}")

    def _running(self) -> kafka.Producer:
        if self._producer is None:
            self._producer = kafka.Producer(self._options, logger=kafka_log.log)
            self._reporter = threading.Thread(target=self._report, args=(self._producer,), daemon=True)
            self._reporter.start()
        return self._producer

    def _report(self, producer: kafka.Producer) -> None:
        while not self._stopped.is_set() and producer is self._producer:
            producer.poll(0.1)

    def _give_up(self, producer: kafka.Producer) -> None:
        """A producer that has lost count of what it sent is replaced by a new one."""
        log.error("the producer cannot go on and is replaced")
        producer.purge()
        self._producer = None


def unavailable(error: KafkaError) -> Exception:
    """What the error means to whoever publishes."""
    if error.code() in UNKNOWN:
        return UnknownTopic(error.str())
    return BrokerUnavailable(f"KAFKA_BOOTSTRAP_SERVERS: {error.str()}")
