"""What every broker must do. Another broker joins by adding how it is opened to `BROKERS`."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from servers.topics import create_topics

from runtime.messaging.broker import (
    Broker,
    Consumer,
    OffsetOutOfRange,
    Outbound,
    Record,
    TopicPartition,
    UnknownTopic,
    partition_of,
)
from runtime.messaging.kafka import KafkaBroker
from runtime.messaging.memory import MemoryBroker

COMMANDS, REPLIES_TOPIC = "orders.commands", "orders.replies"
TOPICS = {COMMANDS: 4, REPLIES_TOPIC: 2}
REPLIES = TopicPartition(REPLIES_TOPIC, 1)

Story = Callable[[Broker], Awaitable[None]]
Tell = Callable[[Story], None]


async def in_memory(request: pytest.FixtureRequest) -> Broker:
    return MemoryBroker(TOPICS)


async def on_kafka(request: pytest.FixtureRequest) -> Broker:
    address: str = request.getfixturevalue("kafka_address")
    prefix = f"test-{uuid4().hex[:12]}."
    await create_topics(address, prefix, TOPICS)
    return KafkaBroker({"bootstrap.servers": address}, prefix)


BROKERS = {"memory": in_memory, "kafka": on_kafka}


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.slow)])
def tell(request: pytest.FixtureRequest) -> Tell:
    """Runs a story against a fresh broker."""
    if request.param == "kafka":
        request.getfixturevalue("kafka_address")

    def run(story: Story) -> None:
        async def with_broker() -> None:
            broker = await BROKERS[request.param](request)
            try:
                await story(broker)
            finally:
                await broker.close()

        asyncio.run(asyncio.wait_for(with_broker(), 240))

    return run


async def read(consumer: Consumer, count: int) -> list[Record]:
    """So many records, however many polls that takes."""
    records: list[Record] = []
    async with asyncio.timeout(120):
        while len(records) < count:
            records += await consumer.poll(100, 2)
    return records


def record(key: str, text: str, topic: str = "orders.commands", partition: int | None = None) -> Outbound:
    return Outbound(topic, key, text.encode(), {"type": "Said", "text": text}, partition)


def test_equal_keys_arrive_in_order_in_the_partition_of_their_crc(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([record("saga-1", str(number)) for number in range(20)])
        records = await read(consumer, 20)
        assert [found.value for found in records] == [str(number).encode() for number in range(20)]
        assert {found.partition for found in records} == {partition_of("saga-1", 4)}
        assert [found.offset for found in records] == list(range(20))

    tell(story)


def test_a_record_keeps_its_key_headers_and_bytes(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([Outbound("orders.commands", "k", b"\x00\xff", {"type": "Said", "who": "Ærø"})])
        (found,) = await read(consumer, 1)
        assert (found.key, found.value, dict(found.headers)) == ("k", b"\x00\xff", {"type": "Said", "who": "Ærø"})

    tell(story)


def test_an_explicit_partition_wins_over_the_key(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        reader = broker.reader({REPLIES: 0})
        await broker.publish([record(str(number), "x", "orders.replies", 1) for number in range(10)])
        assert {found.place for found in await read(reader, 10)} == {REPLIES}

    tell(story)


def test_a_crashed_member_leaves_what_it_did_not_commit_to_the_next(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        first = broker.group("service", ["orders.commands"])
        await broker.publish([record("saga-1", str(number)) for number in range(4)])
        seen = await read(first, 4)
        await first.commit({seen[1].place: seen[1].offset + 1})
        await first.close()
        second = broker.group("service", ["orders.commands"])
        assert [found.value for found in await read(second, 2)] == [b"2", b"3"]

    tell(story)


def test_two_members_share_the_partitions(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        members = [broker.group("service", [COMMANDS]) for _ in range(2)]
        parts: list[set[int]] = [set(), set()]
        async with asyncio.timeout(120):
            while not all(parts) or parts[0] & parts[1]:
                await broker.publish([record(f"saga-{number}", str(number)) for number in range(40)])
                parts = [{found.partition for found in await member.poll(100, 2)} for member in members]
        assert parts[0] | parts[1] <= set(range(TOPICS[COMMANDS]))

    tell(story)


def test_two_groups_each_read_everything(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        groups = [broker.group(name, ["orders.commands"]) for name in ("billing", "audit")]
        await broker.publish([record("saga-1", "paid")])
        assert [len(await read(group, 1)) for group in groups] == [1, 1]

    tell(story)


def test_a_reader_starts_where_it_is_told(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        await broker.publish([record("k", str(number), "orders.replies", 1) for number in range(5)])
        assert (await broker.first_offsets([REPLIES]), await broker.end_offsets([REPLIES])) == (
            {REPLIES: 0},
            {REPLIES: 5},
        )
        assert [found.value for found in await read(broker.reader({REPLIES: 3}), 2)] == [b"3", b"4"]
        assert len(await read(broker.reader({REPLIES: None}), 5)) == 5

    tell(story)


def test_an_offset_that_is_not_there_is_an_error_and_not_a_guess(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        await broker.publish([record("k", "x", "orders.replies", 1)])
        with pytest.raises(OffsetOutOfRange) as gap:
            await read(broker.reader({REPLIES: 7}), 1)
        assert (gap.value.place, gap.value.offset, gap.value.end) == (REPLIES, 7, 1)

    tell(story)


def test_poll_takes_no_more_than_asked_and_goes_on_from_there(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([record(f"saga-{number % 7}", str(number)) for number in range(30)])
        taken: list[Record] = []
        while len(taken) < 30:
            some = await consumer.poll(7, 2)
            assert len(some) <= 7
            taken += some
        assert len({found.value for found in taken}) == len(taken) == 30

    tell(story)


def test_poll_waits_for_what_is_published_meanwhile(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        waiting = asyncio.create_task(consumer.poll(10, 120))
        await asyncio.sleep(0.05)
        await broker.publish([record("saga-1", "late")])
        assert [found.value for found in await waiting] == [b"late"]
        assert list(await consumer.poll(10, 0.01)) == []

    tell(story)


def test_a_topic_that_does_not_exist_is_refused(tell: Tell) -> None:
    async def story(broker: Broker) -> None:
        with pytest.raises(UnknownTopic, match=r"nowhere"):
            await broker.publish([record("k", "x", "nowhere")])

    tell(story)
