"""Dead letters of all databases in one list, and on their way back to where they came from."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from .adapters import is_owned, is_there, open_barrier, open_store
from .application import Application
from .errors import Refused
from .event_store.store import Store
from .messaging.dead_letters import KeptLetter
from .orchestrator import inbox, redrive
from .participant.barrier import Barrier
from .settings import Settings, database_urls, read_settings
from .who import who

ORCHESTRATOR = "orchestrator"
MOST = 10_000
PATIENCE = 30.0


class Listed(NamedTuple):
    """A letter, and whose it is: the orchestrator's, or that of a bounded context."""

    whose: str
    letter: KeptLetter

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return f"{self.whose}:{self.letter.id}"


class Box(NamedTuple):
    """Where letters lie: how they are read, and how they are marked as dealt with."""

    whose: str
    letters: Callable[[int], Awaitable[Sequence[KeptLetter]]]
    resolve: Callable[[Sequence[int]], Awaitable[None]]


async def listed(application: Application, limit: int, as_json: bool) -> list[str]:
    """The letters that nobody has dealt with, a line for each, oldest first in each database. Raises Refused."""
    settings = read_settings()
    if not is_there(settings):
        return []
    async with _boxes(application, settings) as (_, boxes):
        found = [Listed(box.whose, letter) for box in boxes for letter in await box.letters(limit)]
    return [_json(one) if as_json else _line(one) for one in found[:limit]]


async def redriven(application: Application, names: Sequence[str], everything: bool) -> list[str]:
    """Send letters again, and a line for each. Raises Refused."""
    if bool(names) == everything:
        raise Refused("which letters are meant is not said", "name them as `dead-letters list` does, or give --all")
    settings = read_settings()
    if not is_there(settings):
        raise Refused("there is no database, so there are no dead letters", "start a saga, or run `up` first")
    async with _boxes(application, settings) as (store, boxes):
        there = {Listed(box.whose, one).name: (box, one) for box in boxes for one in await box.letters(MOST)}
        if unknown := [name for name in names if name not in there]:
            hint = "see which there are with `dead-letters list`"
            raise Refused(f"there is no dead letter {', '.join(unknown)} to be dealt with", hint)
        chosen = {name: there[name] for name in names or there}
        return [f"{name}: {await _send(settings, store, *found)}" for name, found in chosen.items()]


async def _send(settings: Settings, store: Store, box: Box, letter: KeptLetter) -> str:
    """Recorded first and marked afterwards: stopped in between, it is sent twice, which a barrier absorbs."""
    (number,) = await store.submit([redrive.request(letter, who())])
    if not await is_owned(settings, store, redrive.SHARD):
        await box.resolve([letter.id])
        return "recorded; nothing runs here now, so the next `up` or `orchestrator` will send it"
    outcome = await inbox.outcome(store, number, PATIENCE)
    if outcome is not None and inbox.refusal(outcome) is not None:
        return outcome
    await box.resolve([letter.id])
    return f"recorded, but not sent within {PATIENCE:.0f} s" if outcome is None else outcome


@asynccontextmanager
async def _boxes(application: Application, settings: Settings) -> AsyncIterator[tuple[Store, list[Box]]]:
    urls = database_urls([one.context for one in application.participants], settings.database_url)
    store = await open_store(settings, create=False)
    barriers: list[Barrier] = []
    try:
        boxes = [Box(ORCHESTRATOR, store.letters, store.resolve)]
        for one in application.participants:
            barriers.append(await open_barrier(one, urls[one.context]))
            boxes.append(_box(one.context, barriers[-1]))
        yield store, boxes
    finally:
        for barrier in barriers:
            await barrier.close()
        await store.close()


def _box(context: str, barrier: Barrier) -> Box:
    async def letters(limit: int) -> Sequence[KeptLetter]:
        async with barrier.transaction() as work:
            return await work.letters(limit)

    async def resolve(ids: Sequence[int]) -> None:
        async with barrier.transaction() as work:
            await work.resolve(ids)

    return Box(context, letters, resolve)


def _line(one: Listed) -> str:
    record, letter = one.letter.record, one.letter
    at = datetime.fromtimestamp(letter.at).astimezone().isoformat(" ", "seconds")[:19]
    place = f"{record.topic}[{record.partition}]@{record.offset}"
    return "  ".join((one.name, at, place, letter.saga_id or "-", (letter.error.splitlines() or [""])[0]))


def _json(one: Listed) -> str:
    record, letter = one.letter.record, one.letter
    place = {"topic": record.topic, "partition": record.partition, "offset": record.offset, "key": record.key}
    body = {"headers": dict(record.headers), "bytes": len(record.value)}
    return json.dumps(
        {"id": one.name, "at": letter.at, "saga_id": letter.saga_id, "error": letter.error, **place, **body}
    )
