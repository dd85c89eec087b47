"""What callers may ask: start a saga, look at it, and step in."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import uuid4

from ..errors import Refused
from ..event_store.store import Filter, Health, SagaRow, StoredEvent
from ..messaging.message import Command
from . import inbox
from .ids import saga_id, shard_of
from .intake import ask, kind_of
from .loop import Orchestrator
from .turn import Accepted, NotPossible, Verdict

PATIENCE = 30.0
LOOK_AGAIN = 1.0
LARGEST = 500_000


class NotThere(Refused):
    """The saga does not exist."""

    def __init__(self, saga_id: str) -> None:
        super().__init__(f"there is no saga {saga_id}", "list the sagas to see which there are")


class NoAnswerYet(Refused):
    """It may have been recorded or not."""

    def __init__(self) -> None:
        super().__init__("the saga is not recorded yet, or it is not known", "ask again with the same key")


class Busy(Refused):
    """More was asked than this process keeps up with. Nothing was recorded."""

    def __init__(self, already: str) -> None:
        super().__init__(f"{already} already", "ask again in a second")


class TooLarge(Refused):
    """No broker would carry it, nor the commands that follow from it. Nothing was recorded."""

    def __init__(self, size: int) -> None:
        problem = f"what was asked takes {size:,} bytes, and {LARGEST:,} is the most"
        super().__init__(problem, "keep elsewhere what is large, and say where it is")


def check_size(body: Mapping[str, Any]) -> None:
    """Raises TooLarge."""
    if (size := len(json.dumps(body).encode())) > LARGEST:
        raise TooLarge(size)


class Front:
    """The callers' side of an orchestrator in this process."""

    def __init__(self, orchestrator: Orchestrator) -> None:
        self._orchestrator = orchestrator
        self._node = orchestrator.node
        self._store = orchestrator.node.store
        self._shards = orchestrator.node.rules.current.shards

    async def start(self, command: Command, key: str | None = None) -> Accepted:
        """Start a saga; returns when it is recorded. The same key is the same saga. Raises Refused."""
        return await self._ask(self._choose(key), "start", command.model_dump(mode="json"), key)

    async def ask(self, saga_id: str, verb: str, said: Mapping[str, Any]) -> Accepted:
        """Ask one of the `VERBS` of a saga; `said` as `read_verb` takes it. Raises Refused."""
        await self.saga(saga_id)
        return await self._ask(saga_id, verb, said, None)

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
        """Whether this process owns all shards that it is to own."""
        return self._node.is_ready()

    def _choose(self, key: str | None) -> str:
        """The id that a key stands for; without one, the id of a saga that is run here, where any can be."""
        while True:
            chosen = saga_id(self._shards, key)
            if key is not None or not self._node.shards or shard_of(chosen) in self._node.shards:
                return chosen

    async def _ask(self, saga_id: str, verb: str, body: Mapping[str, Any], key: str | None) -> Accepted:
        """Here if the saga is run here, else by way of the inbox."""
        check_size(body)
        self._check_room(verb)
        if shard_of(saga_id) not in self._node.shards:
            return await self._ask_owner(saga_id, verb, body, key)
        request = uuid4().hex
        try:
            return await self._ask_here(request, saga_id, verb, body, key)
        finally:
            self._node.waiting.pop(request, None)

    def _check_room(self, verb: str) -> None:
        """Raises Busy. Whoever waits may be about to start a saga, so the limit of open ones is never passed."""
        waiting, is_open, limits = len(self._node.waiting), self._node.open_sagas(), self._node.limits
        if waiting >= limits.waiting:
            raise Busy(f"{waiting:,} requests wait to be recorded")
        if verb == "start" and is_open + waiting >= limits.max_open:
            raise Busy(f"{is_open:,} sagas are open in this process")

    async def _ask_here(
        self, request: str, saga_id: str, verb: str, body: Mapping[str, Any], key: str | None
    ) -> Accepted:
        rules, verdict = self._node.rules, self._orchestrator.expect(request)
        await self._node.broker.publish([ask(rules, saga_id, kind_of(rules, verb), body, key, request)])
        until = asyncio.get_running_loop().time() + PATIENCE
        while not verdict.done() and asyncio.get_running_loop().time() < until:
            await asyncio.wait([verdict], timeout=LOOK_AGAIN)
            if not verdict.done() and shard_of(saga_id) not in self._node.shards:
                return await self._ask_owner(saga_id, verb, body, key)
        if verdict.cancelled() or not verdict.done():
            raise NoAnswerYet
        return _accepted(verdict.result())

    async def _ask_owner(self, saga_id: str, verb: str, body: Mapping[str, Any], key: str | None) -> Accepted:
        number = await inbox.submit(self._store, saga_id, verb, body, key, "api")
        outcome = await inbox.outcome(self._store, number, PATIENCE)
        if outcome is None:
            raise NoAnswerYet
        if why := inbox.refusal(outcome):
            return _accepted(NotPossible(why))
        return Accepted(saga_id, inbox.is_new(outcome))


def _accepted(verdict: Verdict) -> Accepted:
    match verdict:
        case Accepted() as accepted:
            return accepted
        case NotPossible(reason):
            raise Refused(reason, "see what happened to the saga so far")
