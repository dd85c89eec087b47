"""Forgetting sagas that ended long ago: histories and barrier rows, a bounded batch at a time."""

import re
from collections.abc import Sequence
from contextlib import AsyncExitStack

from .adapters import is_there, open_barrier, open_store
from .application import Application
from .errors import Refused
from .event_store.store import Store
from .participant.barrier import Barrier
from .settings import database_urls, read_settings

AT_ONCE = 500
UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}


def read_age(text: str) -> float:
    """Seconds, from `90d` and the like. Raises Refused."""
    found = re.fullmatch(r"(\d+)([smhdw])", text)
    if found is None:
        raise Refused(f"{text!r} is not an age", "write a number and one of s, m, h, d, w, as 90d")
    return int(found[1]) * UNITS[found[2]]


async def prune(application: Application, age: float) -> int:
    """Forget the sagas that ended more than `age` seconds ago; returns how many. Raises Refused."""
    settings = read_settings()
    if not is_there(settings):
        return 0
    urls = database_urls([one.context for one in application.participants], settings.database_url)
    async with AsyncExitStack() as stack:
        store = await open_store(settings, create=False)
        stack.push_async_callback(store.close)
        barriers = []
        for one in application.participants:
            barriers.append(await open_barrier(one, urls[one.context]))
            stack.push_async_callback(barriers[-1].close)
        return await forget(store, barriers, await store.now() - age)


async def forget(store: Store, barriers: Sequence[Barrier], before: float) -> int:
    """Forget the sagas that ended before a time, and what else was dealt with before it; returns how many sagas.

    The history goes last: whatever stops this half-way, the next time begins with the same sagas.
    """
    count = 0
    while ids := await store.closed(before, AT_ONCE):
        for barrier in barriers:
            async with barrier.transaction() as work:
                await work.forget(ids)
        count += await store.forget(ids)
    await store.forget_settled(before)
    return count


def told(count: int, age: str) -> str:
    """One line for people."""
    sagas = "1 saga" if count == 1 else f"{count:,} sagas"
    return f"{sagas} forgotten, ended more than {age} ago" if count else f"no saga ended more than {age} ago"
