"""Starting and stopping the parts: everything in one process, or the orchestrator and each participant on their own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from .adapters import is_postgres, membership, open_barrier, open_broker, open_store
from .application import Application
from .database import sqlite_path
from .errors import Refused
from .event_store.store import Store, StoredDefinition, StoreUnavailable
from .messaging.broker import Broker, UnknownTopic
from .messaging.topics import dead_letters, topics_of
from .orchestrator import inbox
from .orchestrator.front import Front
from .orchestrator.loop import Orchestrator
from .orchestrator.node import Limits, Node
from .orchestrator.ownership import EMBEDDED, FileLock, Lease, node_name
from .orchestrator.rules import Rules, rules_of
from .participant.assignment import decoder
from .participant.handlers import Participant
from .participant.worker import Worker
from .settings import Settings
from .tasks import end

log = logging.getLogger(__name__)

OnFailure = Callable[[], None]
PATIENCE = 30
CLOSING = 5.0


@asynccontextmanager
async def everything(
    application: Application, settings: Settings, urls: Mapping[str, str], on_failure: OnFailure = lambda: None
) -> AsyncIterator[Front]:
    """Starts everything, and stops it in good order. Raises Refused when the databases do not fit or are in use.

    `urls` has the database of each bounded context. `on_failure` is called when a part of it ends by itself.
    """
    rules = rules_of(application.saga, application.definitions)
    async with AsyncExitStack() as stack:
        store = await _store(stack, rules, settings)
        broker = await _broker(stack, rules, settings)
        workers = [await _worker(stack, rules, broker, one, urls[one.context]) for one in application.participants]
        here = await _orchestrator(stack, rules, settings, store, broker)
        _run(stack, [here.run(), _inbox(here), *(worker.run() for worker in workers)], on_failure)
        yield Front(here)


@asynccontextmanager
async def orchestrator(
    application: Application, settings: Settings, on_failure: OnFailure = lambda: None
) -> AsyncIterator[Front]:
    """Starts the orchestrator alone, and stops it in good order. Raises Refused."""
    _need_kafka(settings)
    rules = rules_of(application.saga, application.definitions)
    async with AsyncExitStack() as stack:
        store = await _store(stack, rules, settings)
        broker = await _broker(stack, rules, settings)
        alone = await _orchestrator(stack, rules, settings, store, broker)
        _run(stack, [alone.run(), _inbox(alone)], on_failure)
        yield Front(alone)


@asynccontextmanager
async def participants(
    application: Application, names: Iterable[str], settings: Settings, urls: Mapping[str, str], on_failure: OnFailure
) -> AsyncIterator[None]:
    """Starts these participants without an orchestrator, and stops them in good order. Raises Refused."""
    _need_kafka(settings)
    rules = rules_of(application.saga, application.definitions)
    wanted = [_participant(application, name) for name in dict.fromkeys(names)]
    async with AsyncExitStack() as stack:
        broker = await _broker(stack, rules, settings)
        workers = [await _worker(stack, rules, broker, one, urls[one.context]) for one in wanted]
        _run(stack, [worker.run() for worker in workers], on_failure)
        yield


def _participant(application: Application, name: str) -> Participant:
    there = {one.context: one for one in application.participants}
    if name not in there:
        raise Refused(f"there is no participant {name}", f"name one of {', '.join(there)}")
    return there[name]


def _need_kafka(settings: Settings) -> None:
    if not settings.kafka_bootstrap_servers:
        problem = "processes of their own need a broker between them, and KAFKA_BOOTSTRAP_SERVERS is not set"
        raise Refused(problem, "set it, or run `up`, which keeps everything in one process")


async def _store(stack: AsyncExitStack, rules: Rules, settings: Settings) -> Store:
    if not is_postgres(settings.database_url):
        lock = FileLock(settings.database_url)
        lock.acquire_or_refuse(sqlite_path(settings.database_url))
        stack.callback(lock.release)
    store = await open_store(settings)
    stack.push_async_callback(store.close)
    await _patiently(lambda: _check_shards(store, rules.current.shards))
    await _patiently(lambda: _check_definitions(store, rules))
    return store


async def _broker(stack: AsyncExitStack, rules: Rules, settings: Settings) -> Broker:
    current = rules.current.topics
    broker = await open_broker(settings, topics_of(rules.definitions), (current.replies, current.starts))
    stack.push_async_callback(broker.close)
    return broker


async def _orchestrator(
    stack: AsyncExitStack, rules: Rules, settings: Settings, store: Store, broker: Broker
) -> Orchestrator:
    members = membership(store)
    lease = Lease(EMBEDDED if members is None else node_name(), settings.lease_seconds)
    limits = Limits(settings.batch, settings.open_sagas, settings.waiting, settings.max_open)
    here = Orchestrator(Node(rules, store, broker, lease, limits, members=members))
    stack.push_async_callback(here.close)
    await here.share()
    return here


def _inbox(orchestrator: Orchestrator) -> Coroutine[Any, Any, None]:
    node = orchestrator.node
    return inbox.watch(node.rules, node.store, node.broker, lambda: node.shards)


def _run(stack: AsyncExitStack, jobs: Iterable[Coroutine[Any, Any, None]], on_failure: OnFailure) -> None:
    tasks = [asyncio.create_task(job) for job in jobs]
    for task in tasks:
        task.add_done_callback(lambda ended: _report(ended, on_failure))
    stack.push_async_callback(end, tasks, CLOSING)


async def _check_shards(store: Store, wanted: int) -> None:
    there = await store.create_shards(wanted)
    if there != wanted:
        problem = f"the event store has {there} shards, the saga is written for {wanted}"
        raise Refused(problem, f"the number is fixed when the store is created: use {there}, or another store")


async def _check_definitions(store: Store, rules: Rules) -> None:
    ours = [
        StoredDefinition(definition.saga, definition.version, definition.text, definition.sha)
        for definition in rules.definitions
    ]
    await store.record_definitions(ours)
    for kept in await store.definitions():
        for one in ours:
            if (one.name, one.version) == (kept.name, kept.version) and one.sha != kept.sha:
                problem = f"version {one.version} of {one.name} has changed since sagas were started under it"
                raise Refused(problem, "put the change into a new version; those that run keep the old one")


async def _patiently(work: Callable[[], Awaitable[None]]) -> None:
    """An event store that restarts while we start is waited for, for a while. Raises StoreUnavailable."""
    for waited in range(PATIENCE):
        try:
            await work()
            return
        except StoreUnavailable as trouble:
            log.warning("the event store is away, %d seconds so far: %s", waited, trouble)
            await asyncio.sleep(1)
    await work()


async def _worker(stack: AsyncExitStack, rules: Rules, broker: Broker, participant: Participant, url: str) -> Worker:
    barrier = await open_barrier(participant, url)
    stack.push_async_callback(barrier.close)
    return Worker(
        name=participant.context,
        topics=_command_topics(rules, participant),
        decode=decoder(rules.saga, rules.definitions, participant),
        barrier=barrier,
        broker=broker,
        dead_letters=dead_letters(rules.saga.name),
    )


def _command_topics(rules: Rules, participant: Participant) -> Sequence[str]:
    steps = [
        step for definition in rules.definitions for step in definition.steps if step.context == participant.context
    ]
    topics = [topic for step in steps for topic in (step.do.topic, *([step.undo.topic] if step.undo else []))]
    return list(dict.fromkeys(topics))


def _report(ended: asyncio.Task[None], on_failure: OnFailure) -> None:
    if not ended.cancelled() and (failure := ended.exception()) is not None:
        if isinstance(failure, UnknownTopic):
            log.critical("%s; run `topics apply`", failure)
        else:
            log.critical("%s ended", ended.get_coro(), exc_info=failure)
        on_failure()
