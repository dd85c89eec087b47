"""Event stores in both databases."""

import asyncio

import pytest
from store.stores import STORES, Story, Tell


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def tell(request: pytest.FixtureRequest) -> Tell:
    """Runs a story against a fresh store with four shards."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_url")

    def run(story: Story) -> None:
        async def with_store() -> None:
            store = await STORES[request.param](request)
            await store.create_shards(4)
            try:
                await story(store)
            finally:
                await store.close()

        asyncio.run(asyncio.wait_for(with_store(), 120))

    return run
