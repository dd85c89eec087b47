"""What every broker must do. Another broker joins by adding its factory to `BROKERS`."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from runtime.messaging.broker import Broker, OffsetOutOfRange, Outbound, TopicPartition, UnknownTopic, partition_of
from runtime.messaging.memory import MemoryBroker

TOPICS = {"orders.commands": 4, "orders.replies": 2}
REPLIES = TopicPartition("orders.replies", 1)

Story = Callable[[Broker], Awaitable[None]]

BROKERS: dict[str, Callable[[], Broker]] = {"memory": lambda: MemoryBroker(TOPICS)}


@pytest.fixture(params=BROKERS)
def tell(request: pytest.FixtureRequest) -> Callable[[Story], None]:
    """Runs a story against a fresh broker."""

    def run(story: Story) -> None:
        async def with_broker() -> None:
            broker = BROKERS[request.param]()
            try:
                await story(broker)
            finally:
                await broker.close()

        asyncio.run(asyncio.wait_for(with_broker(), 20))

    return run


def record(key: str, text: str, topic: str = "orders.commands", partition: int | None = None) -> Outbound:
    return Outbound(topic, key, text.encode(), {"type": "Said", "text": text}, partition)


def test_equal_keys_arrive_in_order_in_the_partition_of_their_crc(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([record("saga-1", str(number)) for number in range(20)])
        records = await consumer.poll(100, 2)
        assert [found.value for found in records] == [str(number).encode() for number in range(20)]
        assert {found.partition for found in records} == {partition_of("saga-1", 4)}
        assert [found.offset for found in records] == list(range(20))

    tell(story)


def test_a_record_keeps_its_key_headers_and_bytes(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([Outbound("orders.commands", "k", b"\x00\xff", {"type": "Said", "who": "Ærø"})])
        (found,) = await consumer.poll(10, 2)
        assert (found.key, found.value, dict(found.headers)) == ("k", b"\x00\xff", {"type": "Said", "who": "Ærø"})

    tell(story)


def test_an_explicit_partition_wins_over_the_key(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        reader = broker.reader({REPLIES: 0})
        await broker.publish([record(str(number), "x", "orders.replies", 1) for number in range(10)])
        assert {found.place for found in await reader.poll(100, 2)} == {REPLIES}

    tell(story)


def test_a_crashed_member_leaves_what_it_did_not_commit_to_the_next(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        first = broker.group("service", ["orders.commands"])
        await broker.publish([record("saga-1", str(number)) for number in range(4)])
        seen = await first.poll(100, 2)
        await first.commit({seen[1].place: seen[1].offset + 1})
        await first.close()
        second = broker.group("service", ["orders.commands"])
        assert [found.value for found in await second.poll(100, 2)] == [b"2", b"3"]

    tell(story)


def test_two_members_share_the_partitions(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        members = [broker.group("service", ["orders.commands"]) for _ in range(2)]
        await broker.publish([record(f"saga-{number}", str(number)) for number in range(40)])
        shares = [await member.poll(100, 2) for member in members]
        assert {found.value for share in shares for found in share} == {str(number).encode() for number in range(40)}
        assert not {found.partition for found in shares[0]} & {found.partition for found in shares[1]}

    tell(story)


def test_two_groups_each_read_everything(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        groups = [broker.group(name, ["orders.commands"]) for name in ("billing", "audit")]
        await broker.publish([record("saga-1", "paid")])
        assert [len(await group.poll(10, 2)) for group in groups] == [1, 1]

    tell(story)


def test_a_reader_starts_where_it_is_told(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        await broker.publish([record("k", str(number), "orders.replies", 1) for number in range(5)])
        assert await broker.end_offsets([REPLIES]) == {REPLIES: 5}
        assert [found.value for found in await broker.reader({REPLIES: 3}).poll(10, 2)] == [b"3", b"4"]
        assert len(await broker.reader({REPLIES: None}).poll(10, 2)) == 5

    tell(story)


def test_an_offset_that_is_not_there_is_an_error_and_not_a_guess(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        await broker.publish([record("k", "x", "orders.replies", 1)])
        with pytest.raises(OffsetOutOfRange) as gap:
            await broker.reader({REPLIES: 7}).poll(10, 2)
        assert (gap.value.place, gap.value.offset, gap.value.end) == (REPLIES, 7, 1)

    tell(story)


def test_poll_takes_no_more_than_asked_and_goes_on_from_there(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        await broker.publish([record(f"saga-{number % 7}", str(number)) for number in range(30)])
        first, second = await consumer.poll(20, 2), await consumer.poll(20, 2)
        assert (len(first), len(second)) == (20, 10)
        assert len({found.value for found in [*first, *second]}) == 30

    tell(story)


def test_poll_waits_for_what_is_published_meanwhile(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        consumer = broker.group("service", ["orders.commands"])
        waiting = asyncio.create_task(consumer.poll(10, 10))
        await asyncio.sleep(0.05)
        await broker.publish([record("saga-1", "late")])
        assert [found.value for found in await waiting] == [b"late"]
        assert list(await consumer.poll(10, 0.01)) == []

    tell(story)


def test_a_topic_that_does_not_exist_is_refused(tell: Callable[[Story], None]) -> None:
    async def story(broker: Broker) -> None:
        with pytest.raises(UnknownTopic, match=r"nowhere"):
            await broker.publish([record("k", "x", "nowhere")])

    tell(story)
