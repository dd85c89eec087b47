"""What Kafka may bring besides what was expected: doubles, the wrong order, garbage, and more than can be carried."""

import asyncio
import random
from collections.abc import Mapping
from uuid import uuid4

import pytest
from confluent_kafka import Producer
from example.app import application as example
from ledger.app import application
from ledger.checking import all_ended, check, desk, prepare, start, urls

from runtime.event_store.store import Store
from runtime.messaging.broker import Broker, Outbound, Record, TopicPartition
from runtime.messaging.kafka import KafkaBroker
from runtime.messaging.topics import dead_letters, topics_of
from runtime.orchestrator.front import TooLarge
from runtime.postgres import place
from runtime.settings import Settings
from runtime.up import everything

pytestmark = pytest.mark.slow

TOPICS = topics_of(application.definitions)
OURS = application.definitions[-1].topics
COMMANDS = sorted({step.do.topic for step in application.definitions[-1].steps})
FITS_A_TOPIC, BUT_NOT_WITH_MORE_HEADERS = {"message.max.bytes": 1_048_000}, b"\xff" * 999_990


async def everything_sent(broker: Broker, topics: Mapping[str, int]) -> list[Record]:
    """All records of the topics."""
    places = [TopicPartition(topic, part) for topic, count in topics.items() for part in range(count)]
    ends = await broker.end_offsets(places)
    reader = broker.reader(dict.fromkeys(places))
    records: list[Record] = []
    while len(records) < sum(ends.values()):
        records += await reader.poll(500, 1)
    await reader.close()
    return records


def again(record: Record) -> Outbound:
    return Outbound(record.topic, record.key or "", record.value, record.headers, record.partition)


async def letters_of(store: Store, url: str, count: int) -> list[tuple[str, int]]:
    """Topic and size of so many dead letters, once they are there, of all databases."""
    found: list[tuple[str, int]] = []
    while len(found) < count:
        await asyncio.sleep(0.1)
        found = [(letter.record.topic, len(letter.record.value)) for letter in await store.letters(100)]
        for own in urls(url).values():
            connection = await place(own, "").connect()
            found += map(tuple, await connection.fetch("SELECT topic, length(body) FROM dead_letter"))
            await connection.close()
    return sorted(found)


def test_doubles_disorder_garbage_and_oversize_change_nothing(schema_url: str, kafka_address: str) -> None:
    prefix = f"odd-{uuid4().hex[:12]}."
    settings = Settings(database_url=schema_url, kafka_bootstrap_servers=kafka_address, kafka_topic_prefix=prefix)

    async def story() -> None:
        await prepare(schema_url, kafka_address, prefix)
        broker = KafkaBroker({"bootstrap.servers": kafka_address}, prefix)
        async with desk(schema_url) as store, everything(application, settings, urls(schema_url)) as front:
            ids = await start(store, 12)
            await all_ended(store, ids)

            asked = {name: TOPICS[name] for name in (OURS.starts, OURS.replies, *COMMANDS)}
            told = [again(record) for record in await everything_sent(broker, asked)]
            random.Random(7).shuffle(told)
            await broker.publish(told)

            garbage = [Outbound(topic, "k", b"\xff{", {"type": "?"}, 0) for topic in (*asked, COMMANDS[0])]
            await broker.publish(garbage)
            foreign = Producer({"bootstrap.servers": kafka_address, **FITS_A_TOPIC})
            foreign.produce(prefix + COMMANDS[0], BUT_NOT_WITH_MORE_HEADERS, partition=0)
            foreign.flush(60)

            ids += await start(store, 12)
            await check(schema_url, store, ids)
            expected = sorted([(one.topic, 2) for one in garbage] + [(COMMANDS[0], len(BUT_NOT_WITH_MORE_HEADERS))])
            assert await letters_of(store, schema_url, len(expected)) == expected
            travelled = set[str]()
            while not travelled >= set(COMMANDS):
                sent = await everything_sent(broker, {dead_letters(application.saga.name): 1})
                travelled = {one.headers["dead_letter_topic"] for one in sent}
            assert travelled == set(COMMANDS)

            with pytest.raises(TooLarge, match="500,000 is the most"):
                await front.start(example.example.model_copy(update={"sku": "x" * 600_000}))
        await broker.close()

    asyncio.run(asyncio.wait_for(story(), 600))
