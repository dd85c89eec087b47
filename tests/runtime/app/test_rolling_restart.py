"""A new version of the project beside the old one: sagas end under the version that they began with."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest
from ledger.app import application
from ledger.checking import all_ended, begun, check_effects, desk, prepare, run, start
from ledger.processes import PARTS, processes

from runtime.adapters import membership
from runtime.event_store.store import Store

pytestmark = pytest.mark.slow

SHARDS = application.definitions[-1].shards


async def owners(store: Store) -> Mapping[int, str]:
    members = membership(store)
    assert members is not None
    return await members.owners()


def test_old_sagas_end_under_their_version_while_new_ones_start_under_the_next(
    schema_url: str, kafka_address: str, tmp_path: Path
) -> None:
    prefix = f"roll-{uuid4().hex[:12]}."

    async def story() -> None:
        await prepare(schema_url, kafka_address, prefix)
        async with desk(schema_url) as store:
            parts.start(*[name for name in PARTS if name != "shipping"])
            old = await start(store, 20)
            await begun(store, old, len(old))

            # Whoever carries out commands goes first: it must know what the new orchestrator will ask for.
            for name in PARTS[1:]:
                if name in parts.running:
                    assert await asyncio.to_thread(parts.end, name) == 0
                parts.start(name, version=2)
            before = set((await owners(store)).values())
            parts.start("orchestrator-2", version=2)
            while len(after := await owners(store)) < SHARDS or before & set(after.values()):
                await asyncio.sleep(0.1)
            new = await start(store, 20)
            ends = await all_ended(store, [*old, *new])
            assert await asyncio.to_thread(parts.end, "orchestrator") == 0

            assert ends == Counter(COMPLETED=15, FULFILLED=15, COMPENSATED=10)
            rows = await store.sagas([*old, *new])
            assert {rows[saga_id].row.def_version for saga_id in old} == {1}
            assert {rows[saga_id].row.def_version for saga_id in new} == {2}
            await check_effects(schema_url, store, [*old, *new])
            assert (await store.health()).dead_letters == 0

    with processes(schema_url, kafka_address, prefix, tmp_path) as parts:
        run(story)
