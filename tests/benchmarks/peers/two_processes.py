"""The limit with a broker: two processes that do nothing but write a batch and pass messages on.

`python two_processes.py URL KAFKA IN_FLIGHT SAGAS` prints sagas a second. One statement for each batch on either side;
no kernel, no envelope, no handler.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
from confluent_kafka import Consumer, Producer
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient, NewTopic

STEPS = 4
RUN = os.environ.setdefault("LIMIT_RUN", uuid4().hex[:8])
COMMANDS, REPLIES = f"limit-{RUN}-commands", f"limit-{RUN}-replies"
TABLES = """
DROP TABLE IF EXISTS limit_log, limit_barrier;
CREATE TABLE limit_log (saga text, seq int, data text, PRIMARY KEY (saga, seq));
CREATE TABLE limit_barrier (saga text, seq int, outcome text, PRIMARY KEY (saga, seq));
"""
LOG = """
INSERT INTO limit_log SELECT saga, 2 * seq + part, '{"step": "reserve-inventory"}'
FROM unnest($1::text[], $2::int[]) AS t(saga, seq), generate_series(0, 1) AS part
"""
CLAIM = "INSERT INTO limit_barrier SELECT saga, seq, 'done' FROM unnest($1::text[], $2::int[]) AS t(saga, seq)"


class Wire:
    """One topic is read, another one written."""

    def __init__(self, kafka: str, reads: str, writes: str) -> None:
        options = {"bootstrap.servers": kafka}
        self._producer = Producer({**options, "linger.ms": 1, "enable.idempotence": True, "compression.type": "lz4"})
        self._consumer = Consumer({**options, "group.id": reads, "enable.auto.commit": False})
        self._consumer.assign([Place(reads, 0, 0)])
        self._writes = writes

    async def read(self) -> list[tuple[str, int]]:
        """What is there, once anything is."""
        while True:
            first = await asyncio.to_thread(self._consumer.poll, 1.0)
            if first is not None:
                break
        messages = [first, *self._consumer.consume(2_000, 0)]
        return [(message.key().decode(), int(message.value())) for message in messages if message.error() is None]

    def write(self, messages: Sequence[tuple[str, int]]) -> None:
        """Hand them over; the producer sends them."""
        for saga, seq in messages:
            self._producer.produce(self._writes, str(seq), saga)
        self._producer.poll(0)


async def participant(url: str, kafka: str) -> None:
    """Answers every command."""
    connection, wire = await asyncpg.connect(url), Wire(kafka, COMMANDS, REPLIES)
    while True:
        batch = await wire.read()
        await connection.execute(CLAIM, *map(list, zip(*batch)))
        wire.write(batch)


async def orchestrator(url: str, kafka: str, in_flight: int, sagas: int) -> float:
    """Starts a saga for each one that has ended: a third to warm up, then those that count, by the second."""
    connection, wire = await asyncpg.connect(url), Wire(kafka, REPLIES, COMMANDS)
    for count in (sagas // 3, sagas):
        began, ended, started = time.perf_counter(), 0, min(in_flight, count)
        wire.write([(uuid4().hex, 0) for _ in range(started)])
        while ended < count:
            batch = await wire.read()
            await connection.execute(LOG, *map(list, zip(*batch)))
            over = sum(seq == STEPS - 1 for _, seq in batch)
            ended, fresh = ended + over, min(over, count - started)
            started += fresh
            wire.write([(saga, seq + 1) for saga, seq in batch if seq < STEPS - 1])
            wire.write([(uuid4().hex, 0) for _ in range(fresh)])
    return sagas / (time.perf_counter() - began)


async def main(url: str, kafka: str, in_flight: int, sagas: int) -> None:
    """The participant in a process of its own."""
    connection = await asyncpg.connect(url)
    await connection.execute(TABLES)
    admin = AdminClient({"bootstrap.servers": kafka})
    for made in admin.create_topics([NewTopic(topic, 1, 1) for topic in (COMMANDS, REPLIES)]).values():
        made.result(20)
    child = await asyncio.create_subprocess_exec(sys.executable, __file__, url, kafka)
    try:
        print(await orchestrator(url, kafka, in_flight, sagas))
    finally:
        child.send_signal(signal.SIGKILL)
        await child.wait()
        for gone in admin.delete_topics([COMMANDS, REPLIES]).values():
            gone.result(20)
        await connection.execute("DROP TABLE limit_log, limit_barrier")
        await connection.close()


if len(sys.argv) == 3:
    asyncio.run(participant(sys.argv[1], sys.argv[2]))
else:
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
