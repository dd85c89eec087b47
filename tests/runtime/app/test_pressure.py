"""More starts than can be recorded: the edge says so at once, and nothing that was accepted is lost."""

import asyncio
from pathlib import Path

from example.app import application

from runtime.orchestrator.front import Busy, Front
from runtime.settings import Settings
from runtime.up import everything


def test_beyond_its_limit_the_edge_refuses_and_what_it_accepted_comes_to_its_end(tmp_path: Path) -> None:
    urls = {one.context: f"sqlite:///{tmp_path}/{one.context}.db" for one in application.participants}
    settings = Settings(database_url=f"sqlite:///{tmp_path}/orchestrator.db", kafka_bootstrap_servers=None, waiting=20)

    async def attempt(front: Front) -> str | None:
        try:
            return (await front.start(application.example)).saga_id
        except Busy:
            return None

    async def story() -> None:
        async with everything(application, settings, urls) as front:
            told = await asyncio.gather(*(attempt(front) for _ in range(100)))
            accepted = [saga_id for saga_id in told if saga_id is not None]
            assert len(accepted) == 20
            assert {(await front.ended(saga_id)).label for saga_id in accepted} == {"COMPLETED"}
            assert await attempt(front) is not None

    asyncio.run(asyncio.wait_for(story(), 120))
