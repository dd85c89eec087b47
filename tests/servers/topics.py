"""Topics for a test."""

import asyncio
from collections.abc import Mapping

from confluent_kafka.admin import AdminClient, NewTopic


async def create_topics(address: str, prefix: str, partitions: Mapping[str, int]) -> None:
    """Topics with so many partitions each; returns when they can be used."""
    admin = AdminClient({"bootstrap.servers": address})
    wanted = [NewTopic(prefix + name, count, 1) for name, count in partitions.items()]
    for made in admin.create_topics(wanted).values():
        await asyncio.to_thread(made.result, 60)
    wait = {prefix + name for name in partitions}
    async with asyncio.timeout(120):
        while not wait <= (await asyncio.to_thread(admin.list_topics, timeout=60)).topics.keys():
            await asyncio.sleep(0.05)
