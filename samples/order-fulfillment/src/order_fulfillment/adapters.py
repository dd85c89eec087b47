"""Which database, and which broker: chosen by the settings, and imported only when chosen."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from importlib.util import find_spec

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from .database import open_engine, sqlite_path
from .errors import Refused
from .event_store.store import Membership, Store
from .messaging.broker import Broker
from .messaging.memory import MemoryBroker
from .orchestrator.ids import shard_of
from .orchestrator.ownership import FileLock
from .participant.barrier import Barrier
from .participant.handlers import Participant
from .settings import Settings, kafka_options, setting_of

OURS = "DATABASE_URL"


def is_postgres(url: str, setting: str = OURS) -> bool:
    """Whether the URL names PostgreSQL rather than a SQLite file. Raises Refused for anything else."""
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        backend = "nothing known"
    if backend in ("postgresql", "postgres"):
        _need("asyncpg", "postgres", f"{setting} names PostgreSQL")
        return True
    if backend != "sqlite":
        problem = f"{setting} names {backend}, which is neither SQLite nor PostgreSQL"
        raise Refused(problem, "write it as sqlite:///data/orchestrator.db or postgresql://user:password@host/database")
    return False


async def open_store(settings: Settings, create: bool = True) -> Store:
    """The event store. A SQLite file is made if need be, unless it must be there. Raises Refused."""
    url = settings.database_url
    if is_postgres(url):
        from .event_store import postgres
        from .postgres import place

        return await postgres.open_store(place(url, OURS, timeout=settings.lease_seconds * 0.45))
    from .event_store import sqlite

    if create:
        return await asyncio.to_thread(sqlite.open_store, url)
    if not is_there(settings):
        raise Refused(f"there is no database {sqlite_path(url)}", "start a saga, or run `up` first")
    return sqlite.SqliteStore(open_engine(url))


def is_there(settings: Settings) -> bool:
    """Whether there can be sagas: a SQLite file is made by the first start."""
    return is_postgres(settings.database_url) or sqlite_path(settings.database_url).exists()


async def open_barrier(participant: Participant, url: str) -> Barrier:
    """The database of a bounded context. Raises Refused."""
    setting = setting_of(participant.context)
    if is_postgres(url, setting):
        from .participant import postgres
        from .postgres import place

        return await postgres.open_barrier(place(url, setting, schema_of(participant.context)))
    from .participant import sqlite

    return await asyncio.to_thread(sqlite.open_barrier, url, participant.metadata)


async def upgrade_store(settings: Settings) -> None:
    """Make the tables of the event store, or bring them up to date. Raises Refused."""
    if is_postgres(settings.database_url):
        from .event_store import postgres
        from .postgres import place

        await postgres.prepare(place(settings.database_url, OURS))
    else:
        await (await open_store(settings)).close()


async def upgrade_barrier(participant: Participant, url: str) -> None:
    """Make the tables of a bounded context, or bring them up to date. Raises Refused."""
    setting = setting_of(participant.context)
    if is_postgres(url, setting):
        from .participant import postgres
        from .postgres import place

        await postgres.prepare(place(url, setting, schema_of(participant.context)), participant.metadata)
    else:
        await (await open_barrier(participant, url)).close()


async def upgrade(settings: Settings, participants: Iterable[Participant], urls: Mapping[str, str]) -> None:
    """Bring all of them up to date. Raises Refused."""
    await upgrade_store(settings)
    for one in participants:
        await upgrade_barrier(one, urls[one.context])


async def is_run(settings: Settings, store: Store, saga_id: str) -> bool:
    """Whether some process runs the saga right now."""
    return await is_owned(settings, store, shard_of(saga_id))


async def is_owned(settings: Settings, store: Store, shard: int) -> bool:
    """Whether some process owns the shard right now."""
    if (members := membership(store)) is not None:
        return shard in await members.owners()
    return FileLock(settings.database_url).is_held()


def membership(store: Store) -> Membership | None:
    """How processes share the shards of the store; None where a single process has all of them."""
    return store if isinstance(store, Membership) else None


async def open_broker(settings: Settings, topics: Mapping[str, int], exactly: Collection[str] = ()) -> Broker:
    """Kafka where the settings name it, else a broker within this process. Raises Refused.

    On Kafka the topics must be there; those in `exactly` with neither more nor fewer partitions.
    """
    if not settings.kafka_bootstrap_servers:
        return MemoryBroker(topics)
    need_kafka()
    from .messaging.kafka import KafkaBroker
    from .messaging.kafka_topics import check

    options = kafka_options(settings)
    await check(options, settings.kafka_topic_prefix, topics, exactly)
    return KafkaBroker(options, settings.kafka_topic_prefix)


def need_kafka() -> None:
    """Raises Refused when the extra is not installed."""
    _need("confluent_kafka", "kafka", "KAFKA_BOOTSTRAP_SERVERS names Kafka")


def schema_of(context: str) -> str:
    """The schema of a bounded context that shares a PostgreSQL database with others."""
    return context.replace("-", "_")


def _need(module: str, extra: str, why: str) -> None:
    if find_spec(module) is None:
        raise Refused(f"{why}, but the extra `{extra}` is not installed", f"run `uv sync --extra {extra}`")
