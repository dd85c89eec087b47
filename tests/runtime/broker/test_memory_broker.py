"""What only the broker within the process does: it is bounded, and begins where its reader left off."""

import asyncio

import pytest

from runtime.messaging.broker import BrokerUnavailable, Outbound, TopicPartition
from runtime.messaging.memory import KEPT, MemoryBroker

PLACE = TopicPartition("orders", 0)


def some(count: int) -> list[Outbound]:
    return [Outbound("orders", "k", str(number).encode(), {}) for number in range(count)]


def test_an_empty_log_begins_where_its_reader_left_off_before_the_restart() -> None:
    async def story() -> None:
        broker = MemoryBroker({"orders": 1})
        reader = broker.reader({PLACE: 41})
        await broker.publish(some(1))
        (record,) = await reader.poll(10, 1)
        assert record.offset == 41

    asyncio.run(story())


def test_a_full_partition_makes_publishers_wait_until_it_is_read() -> None:
    async def story() -> None:
        broker = MemoryBroker({"orders": 1}, capacity=3)
        group = broker.group("service", ["orders"])
        await broker.publish(some(3))
        waiting = asyncio.create_task(broker.publish(some(1)))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        await group.commit({PLACE: len(await group.poll(10, 1))})
        await asyncio.wait_for(waiting, 60)

    asyncio.run(story())


def test_a_publisher_gives_up_when_nobody_reads() -> None:
    async def story() -> None:
        broker = MemoryBroker({"orders": 1}, capacity=1, patience=0.01)
        broker.group("service", ["orders"])
        await broker.publish(some(1))
        with pytest.raises(BrokerUnavailable, match=r"orders\[0\] has been full for 0.01 s"):
            await broker.publish(some(1))

    asyncio.run(story())


def test_what_everybody_has_read_is_let_go() -> None:
    async def story() -> None:
        broker = MemoryBroker({"orders": 1})
        group = broker.group("service", ["orders"])
        await broker.publish(some(5 * KEPT))
        await group.commit({PLACE: 5 * KEPT})
        assert len(broker.log(PLACE).records) == KEPT
        assert broker.log(PLACE).end == 5 * KEPT

    asyncio.run(story())


def test_a_topic_nobody_reads_keeps_only_its_last_records() -> None:
    async def story() -> None:
        broker = MemoryBroker({"orders": 1})
        await broker.publish(some(10 * KEPT))
        assert len(broker.log(PLACE).records) <= 2 * KEPT

    asyncio.run(story())
