"""What callers may ask: start a saga, cancel it, look at it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

from ..errors import Refused
from ..event_store.store import Filter, Health, SagaRow, StoredEvent
from ..messaging.message import Command
from .ids import saga_id
from .intake import ask, cancel_name, start_name
from .loop import Orchestrator
from .turn import Accepted, NotPossible, Verdict

PATIENCE = 30.0
LOOK_AGAIN = 1.0


class NotThere(Refused):
    """The saga does not exist."""

    def __init__(self, saga_id: str) -> None:
        super().__init__(f"there is no saga {saga_id}", "list the sagas to see which there are")


class NoAnswerYet(Refused):
    """It may have been recorded or not."""

    def __init__(self) -> None:
        super().__init__("the saga is not recorded yet, or it is not known", "ask again with the same key")


class Front:
    """The callers' side of an orchestrator in this process."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._node = orchestrator.node
        self._store = orchestrator.node.store
        self._shards = orchestrator.node.rules.current.shards

    async def start(self, command: Command, key: str | None = None) -> Accepted:
        """Start a saga; returns when it is recorded. The same key is the same saga. Raises Refused."""
        chosen = saga_id(self._shards, key)
        rules = self._node.rules
        return await self._ask(chosen, start_name(rules), command.model_dump(mode="json"), key)

    async def cancel(self, saga_id: str, by: str, why: str) -> Accepted:
        """Undo a saga that has not passed the point of no return. Raises Refused."""
        await self.saga(saga_id)
        return await self._ask(saga_id, cancel_name(self._node.rules), {"by": by, "reason": why}, None)

    async def saga(self, saga_id: str) -> SagaRow:
        """Where a saga stands. Raises NotThere."""
        found = await self._store.sagas([saga_id])
        if saga_id not in found:
            raise NotThere(saga_id)
        return found[saga_id].row

    async def ended(self, saga_id: str) -> SagaRow:
        """Where a saga stands once it has ended. Raises NotThere."""
        while True:
            end = self._node.end_of(saga_id)
            if not self._node.holds(saga_id) and (row := await self.saga(saga_id)).closed_at is not None:
                return row
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    return await asyncio.shield(end)

    async def history(self, saga_id: str) -> Sequence[StoredEvent]:
        """Everything that happened to a saga."""
        return await self._store.history(saga_id)

    async def list(self, wanted: Filter) -> Sequence[SagaRow]:
        """Sagas, newest first."""
        return await self._store.list(wanted)

    async def health(self) -> Health:
        """Counts for people."""
        return await self._store.health()

    def is_ready(self) -> bool:
        """Whether all shards are owned here."""
        return len(self._node.shards) == self._shards

    async def _ask(self, saga_id: str, kind: str, body: Mapping[str, Any], key: str | None) -> Accepted:
        request = uuid4().hex
        verdict = self._orchestrator.expect(request)
        await self._node.broker.publish([ask(self._node.rules, saga_id, kind, body, key, request)])
        match await _within(PATIENCE, verdict):
            case Accepted() as accepted:
                return accepted
            case NotPossible(reason):
                raise Refused(reason, "see what happened to the saga so far")


async def _within(seconds: float, verdict: asyncio.Future[Verdict]) -> Verdict:
    try:
        async with asyncio.timeout(seconds):
            return await verdict
    except (TimeoutError, asyncio.CancelledError):
        if verdict.cancelled() or not verdict.done():
            raise NoAnswerYet from None
        raise
