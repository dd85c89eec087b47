"""A million closed sagas in the store: `python tests/long/history.py [--sagas 1000000] [--rounds 5]`.

Starts PostgreSQL, lets a few hundred sagas of the example run in one schema, and copies their rows there under new
names until there are so many closed sagas, each with all its events and barrier rows. Then measures, in turns, an
orchestrator with all participants on that schema and on one with no history. Prints one line of JSON: sagas a second
and how long it takes to take over all shards on either, and milliseconds for what people and probes ask.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("templates", "tests", "tests/runtime")]

from example.app import application  # noqa: E402
from servers.postgres import postgres  # noqa: E402

from runtime.adapters import upgrade  # noqa: E402
from runtime.event_store.store import Filter  # noqa: E402
from runtime.orchestrator.front import Front  # noqa: E402
from runtime.postgres import place  # noqa: E402
from runtime.settings import Settings, database_urls  # noqa: E402
from runtime.up import everything  # noqa: E402

SEEDS = 500
IN_FLIGHT = 64
MEASURED = 2_000
AT_ONCE = 50
CONTEXTS = [one.context for one in application.participants]

NEW_ID = "split_part({id}, '.', 1) || '.' || md5({id} || copy)"
SAGAS = f"""
    INSERT INTO saga (id, type, def_version, shard, seq, status, label, business_key, state, state_seq, started_at,
        closed_at)
    SELECT {NEW_ID.format(id="id")}, type, def_version, shard, seq, status, label, business_key || '-' || copy, state,
        state_seq, started_at - 60 * copy, closed_at - 60 * copy
    FROM seed_saga, generate_series($1::int, $2::int) AS copy
"""
EVENTS = f"""
    INSERT INTO event (saga_id, seq, shard, pos, type, v, data, out, at, epoch)
    SELECT {NEW_ID.format(id="saga_id")}, seq, seed.shard,
        head + row_number() OVER (PARTITION BY seed.shard ORDER BY copy, pos), type, v, data, out, at - 60 * copy,
        seed.epoch
    FROM seed_event AS seed JOIN shard ON shard.id = seed.shard, generate_series($1::int, $2::int) AS copy
"""
HEADS = """
    UPDATE shard SET head = head + events * (1 + $2::int - $1::int), published = head + events * (1 + $2::int - $1::int)
    FROM (SELECT shard, count(*) AS events FROM seed_event GROUP BY shard) AS seed WHERE seed.shard = shard.id
"""
BARRIER = f"""
    INSERT INTO barrier (saga_id, step, state, command, result_type, result, undone_type, undone, run, at)
    SELECT {NEW_ID.format(id="saga_id")}, step, state, command, result_type, result, undone_type, undone, run, at
    FROM seed_barrier, generate_series($1::int, $2::int) AS copy
"""
BARE = ("ALTER TABLE event DROP CONSTRAINT pk_event, DROP CONSTRAINT uq_event_shard_pos",)
DRESSED = (
    "ALTER TABLE event ADD CONSTRAINT pk_event PRIMARY KEY (saga_id, seq)",
    "ALTER TABLE event ADD CONSTRAINT uq_event_shard_pos UNIQUE (shard, pos)",
)
COUNTS = """
    SELECT (SELECT count(*) FROM saga WHERE closed_at IS NOT NULL), (SELECT count(*) FROM event),
        pg_database_size(current_database()) / 1e9
"""


class Site:
    """A schema with an event store, and one beside it for each bounded context."""

    def __init__(self, url: str, schema: str) -> None:
        self.url = f"{url}?schema={schema}"
        self.settings = Settings(database_url=self.url, kafka_bootstrap_servers=None, lease_seconds=60)
        self.urls = dict(database_urls(CONTEXTS, self.url))

    async def run(self, sagas: int) -> dict[str, float]:
        """So many sagas to their end: sagas a second, and how long it took until the first could be started."""
        began = time.perf_counter()
        async with everything(application, self.settings, self.urls) as front:
            ready = time.perf_counter()
            left = iter(range(sagas))

            async def work() -> None:
                for _ in left:
                    await front.ended((await front.start(application.example)).saga_id)

            await asyncio.gather(*(work() for _ in range(IN_FLIGHT)))
            return {"sagas_s": sagas / (time.perf_counter() - ready), "take_over_ms": 1000 * (ready - began)}

    async def ask(self) -> dict[str, float]:
        """Milliseconds for what people and probes ask, the median of five."""
        async with everything(application, self.settings, self.urls) as front:
            (newest,) = await front.list(Filter(limit=1))
            return {
                "readyz_ms": await took(front.health),
                "list_ms": await took(lambda: front.list(Filter())),
                "list_stuck_ms": await took(lambda: front.list(Filter(status="STUCK"))),
                "by_business_key_ms": await took(lambda: front.list(Filter(business_key="no such order"))),
                "show_ms": await took(lambda: told(front, newest.id)),
            }


async def told(front: Front, saga_id: str) -> None:
    """What `show` reads."""
    await front.saga(saga_id)
    await front.history(saga_id)


async def took(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds, the median of five."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        await work()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


async def fill(site: Site, sagas: int) -> None:
    """Closed sagas, by copying those that are there."""
    copies = max(1, sagas // SEEDS)
    store = await connect(site.url)
    await every(store, ("CREATE TABLE seed_saga AS TABLE saga", "CREATE TABLE seed_event AS TABLE event", *BARE))
    for first in range(1, copies + 1, AT_ONCE):
        block = (first, min(first + AT_ONCE - 1, copies))
        for statement in (SAGAS, EVENTS, HEADS):
            await store.execute(statement, *block)
        progress(f"{block[1] * SEEDS:,} sagas")
    progress("indexes")
    await every(
        store, (*DRESSED, "DROP TABLE seed_saga, seed_event", "VACUUM (ANALYZE) event", "VACUUM (ANALYZE) saga")
    )
    await store.close()
    for url in site.urls.values():
        progress("barriers")
        context = await connect(url)
        await context.execute("CREATE TABLE seed_barrier AS TABLE barrier")
        await context.execute(BARRIER, 1, copies)
        await every(context, ("DROP TABLE seed_barrier", "VACUUM (ANALYZE) barrier"))
        await context.close()


async def connect(url: str) -> asyncpg.Connection:
    """A connection that has as much time as it needs."""
    return await place(url, "", timeout=3 * 3600).connect()


async def every(connection: asyncpg.Connection, statements: tuple[str, ...]) -> None:
    """One after the other."""
    for statement in statements:
        await connection.execute(statement)


def progress(said: str) -> None:
    """Where somebody looks."""
    if sys.stderr.isatty():
        print(f"\r{said}", end="\x1b[K", file=sys.stderr, flush=True)


async def measure(url: str, sagas: int, rounds: int) -> dict[str, Any]:
    """Both schemas in turns, the median of each figure."""
    sites = {"no history": Site(url, "none"), "history": Site(url, "long")}
    for site in sites.values():
        await upgrade(site.settings, application.participants, site.urls)
        await site.run(SEEDS)
    await fill(sites["history"], sagas)
    store = await connect(sites["history"].url)
    closed, events, gigabytes = await store.fetchrow(COUNTS)
    await store.close()
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in sites}
    for _ in range(rounds):
        for name, site in sites.items():
            runs[name].append(await site.run(MEASURED))
    found = {
        name: {what: statistics.median(run[what] for run in runs[name]) for what in runs[name][0]} | await site.ask()
        for name, site in sites.items()
    }
    shown = {name: {what: round(value, 1) for what, value in values.items()} for name, values in found.items()}
    return {"closed": closed, "events": events, "gigabytes": round(float(gigabytes), 1), **shown}


def main() -> None:
    """Run, and tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sagas", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    options = asked.parse_args()
    with postgres() as database:
        print(json.dumps(asyncio.run(measure(database.url(), options.sagas, options.rounds))))


if __name__ == "__main__":
    main()
