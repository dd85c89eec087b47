"""The orchestrator at work: take what is there, decide, commit, publish, again. It never lingers to fill a batch."""

import asyncio
import logging
import time
from collections.abc import Iterable

from ..event_store.store import OutcomeUnknown
from ..messaging.broker import OffsetOutOfRange
from .batch import Inputs, deal_with
from .node import Node
from .takeover import share_out, skip, take
from .turn import Verdict

log = logging.getLogger(__name__)


class Orchestrator:
    """Owns shards, and moves their sagas along."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._renew_at = 0.0

    async def take(self, shards: Iterable[int]) -> None:
        """Take what can be had of these shards, up to where timers may ring."""
        await take(self.node, shards)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self._round()
            except OutcomeUnknown as trouble:
                log.error("the outcome of a commit is unknown, so the shards are taken again: %s", trouble)
                await self._take_again()
            except OffsetOutOfRange as gap:
                await skip(self.node, gap)

    async def close(self) -> None:
        """Hand the shards over."""
        node = self.node
        if node.reader is not None:
            await node.reader.close()
        await node.store.release([(shard.id, shard.epoch) for shard in node.shards.values()], node.lease.owner)
        node.shards.clear()

    def expect(self, request: str) -> asyncio.Future[Verdict]:
        """What becomes of a request, once it is committed. Cancelled where that is not known."""
        self.node.waiting[request] = asyncio.get_running_loop().create_future()
        return self.node.waiting[request]

    async def _round(self) -> None:
        node = self.node
        records = await node.input().poll(node.limits.batch, self._patience())
        inputs = share_out(node, records)
        now = node.clock.now()
        for shard in node.shards.values():
            if due := shard.timers.due(now, node.limits.batch):
                inputs[shard.id].due = due
        if time.monotonic() >= self._renew_at:
            await self._renew(inputs)
        if inputs:
            await deal_with(node, inputs)

    def _patience(self) -> float:
        """Until the next timer, or the next sign of life."""
        now = self.node.clock.now()
        rings = [at - now for shard in self.node.shards.values() if (at := shard.timers.next()) is not None]
        return max(0.0, min([self._renew_at - time.monotonic(), *rings]))

    async def _renew(self, inputs: dict[int, Inputs]) -> None:
        """Shards with nothing to do give a sign of life with an empty batch."""
        self.node.clock.anchor(await self.node.store.now())
        self._renew_at = time.monotonic() + self.node.lease.renewal
        for shard in self.node.shards:
            inputs.setdefault(shard, Inputs())

    async def _take_again(self) -> None:
        """Drop everything and load it afresh, under a new epoch; whoever waits is told that nothing is known."""
        node = self.node
        shards = list(node.shards)
        node.shards.clear()
        for waiting in node.waiting.values():
            waiting.cancel()
        node.waiting.clear()
        while not node.shards:
            try:
                await take(node, shards)
            except OutcomeUnknown as trouble:
                log.error("the event store is away: %s", trouble)
                await asyncio.sleep(node.limits.pause)
