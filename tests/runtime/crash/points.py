"""The durable effects of a project, each with a point before it and one after it where the process can be killed."""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from runtime.event_store.sqlite import SqliteStore
from runtime.messaging.broker import Outbound
from runtime.messaging.memory import MemoryBroker, MemoryConsumer
from runtime.orchestrator import loop, takeover
from runtime.participant.barrier import BarrierRow
from runtime.participant.sqlite import SqliteBarrier, SqliteWork

EFFECTS = (
    "append",
    "snapshot",
    "publish",
    "acknowledge",
    "handler",
    "started row",
    "barrier commit",
    "reply",
    "takeover",
)
POINTS = tuple(f"{when} {effect}" for effect in EFFECTS for when in ("before", "after"))


class Killer:
    """Sends the process the signal the `n`th time that it comes to the point, counted from when it is armed."""

    def __init__(self, point: str, n: int, how: signal.Signals) -> None:
        self._point = point
        self._left = n
        self._how = how
        self.armed = False

    def at(self, point: str) -> None:
        """The process is at this point."""
        if self.armed and point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._how)

    async def around(self, effect: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do the work between its two points."""
        self.at(f"before {effect}")
        done = await work()
        self.at(f"after {effect}")
        return done


def install(killer: Killer, replies: str) -> None:
    """Put the points around what the runtime does."""
    append, publish, commit = SqliteStore.append, MemoryBroker.publish, MemoryConsumer.commit
    save, transaction, take = SqliteWork.save, SqliteBarrier.transaction, takeover.take
    beginning = set[SqliteWork]()

    async def _append(store: SqliteStore, batches: Sequence[Any]) -> Any:
        keeps = any(row.state is not None for batch in batches for row in batch.sagas)
        effect = "snapshot" if keeps else "append"
        return await killer.around(effect, lambda: append(store, batches))

    async def _publish(broker: MemoryBroker, records: Sequence[Outbound]) -> None:
        effect = "reply" if any(record.topic == replies for record in records) else "publish"
        await killer.around(effect, lambda: publish(broker, records))

    async def _commit(consumer: MemoryConsumer, offsets: Any) -> None:
        await killer.around("acknowledge", lambda: commit(consumer, offsets))

    async def _save(work: SqliteWork, rows: Iterable[BarrierRow]) -> None:
        saved = list(rows)
        begins = any(row.state == "started" for row in saved)
        if begins:
            killer.at("before started row")
            beginning.add(work)
        await save(work, saved)

    @asynccontextmanager
    async def _transaction(barrier: SqliteBarrier) -> AsyncIterator[SqliteWork]:
        inner: AbstractAsyncContextManager[SqliteWork] = transaction(barrier)
        async with inner as work:
            yield work
            killer.at("before barrier commit")
        killer.at("after barrier commit")
        if work in beginning:
            killer.at("after started row")

    async def _take(node: Any, wanted: Iterable[int]) -> None:
        await killer.around("takeover", lambda: take(node, wanted))

    patched: list[tuple[Any, str, Any]] = [
        (SqliteStore, "append", _append),
        (MemoryBroker, "publish", _publish),
        (MemoryConsumer, "commit", _commit),
        (SqliteWork, "save", _save),
        (SqliteBarrier, "transaction", _transaction),
        (loop, "take", _take),
    ]
    for owner, name, wrapped in patched:
        setattr(owner, name, wrapped)
