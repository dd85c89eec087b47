"""Barriers in both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from participant.counter import Base, Counter

from runtime.participant import postgres, sqlite
from runtime.participant.barrier import Barrier
from runtime.postgres import place

Story = Callable[[Counter], Awaitable[None]]
Tell = Callable[[Story], None]


async def _open(request: pytest.FixtureRequest) -> Barrier:
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("tmp_path")
        return await asyncio.to_thread(sqlite.open_barrier, f"sqlite:///{folder}/participant.db", Base.metadata)
    where = place(request.getfixturevalue("schema_url"), "PAYMENT_DATABASE_URL")
    await postgres.prepare(where, Base.metadata)
    return await postgres.open_barrier(where)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def tell(request: pytest.FixtureRequest) -> Tell:
    """Runs a story against a participant with a fresh database."""
    if request.param == "postgres":
        request.getfixturevalue("postgres_url")

    def run(story: Story) -> None:
        async def with_barrier() -> None:
            barrier = await _open(request)
            asyncio.get_running_loop().set_exception_handler(lambda _, told: unseen.append(told["message"]))
            try:
                await story(Counter(barrier))
            finally:
                await barrier.close()

        unseen: list[str] = []
        asyncio.run(with_barrier())
        assert unseen == []

    return run
