"""The orchestrator at work: take what is there, decide, commit, publish, again. It never lingers to fill a batch."""

import asyncio
import logging
import time
from collections.abc import Iterable

from ..event_store.store import StoreUnavailable
from .balance import balance
from .batch import Inputs, deal_with
from .node import Node
from .takeover import read, read_from_here, share_out, take
from .turn import Verdict

log = logging.getLogger(__name__)


class Orchestrator:
    """Owns shards, and moves their sagas along."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._renew_at = 0.0
        self._balance_at = 0.0
        self._has_heard = False

    async def take(self, shards: Iterable[int]) -> None:
        """Take what can be had of these shards, up to where timers may ring."""
        await take(self.node, shards)

    async def share(self) -> None:
        """Take a fair share, up to where timers may ring; all shards, where nobody else can reach the store."""
        while True:
            try:
                await self._share()
                self.node.store_outage.back()
                return
            except StoreUnavailable as trouble:
                self.node.store_outage.away(trouble)
                self.node.shards.clear()
                await asyncio.sleep(self.node.limits.pause)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self._round()
            except StoreUnavailable as trouble:
                self.node.store_outage.away(trouble)
                await self._take_again()

    async def close(self) -> None:
        """Hand the shards over."""
        node = self.node
        if node.reader is not None:
            await node.reader.close()
        try:
            await node.store.release([(shard.id, shard.epoch) for shard in node.shards.values()], node.lease.owner)
            if node.members is not None:
                await node.members.leave(node.lease.owner)
        except StoreUnavailable as trouble:
            log.error("the shards could not be handed over, so their leases have to lapse: %s", trouble)
        node.shards.clear()

    def expect(self, request: str) -> asyncio.Future[Verdict]:
        """What becomes of a request, once it is committed. Cancelled where that is not known."""
        self.node.waiting[request] = asyncio.get_running_loop().create_future()
        return self.node.waiting[request]

    async def _share(self) -> None:
        node = self.node
        if node.members is None:
            await take(node, range(node.rules.current.shards))
        else:
            await read_from_here(node)
            await balance(node, node.members)

    async def _round(self) -> None:
        node = self.node
        if node.members is not None and time.monotonic() >= self._balance_at:
            if not self._has_heard:
                await node.hear()
            self._has_heard = False
            self._balance_at = time.monotonic() + node.lease.renewal
            await balance(node, node.members)
        records = await read(node, self._patience())
        self._has_heard |= bool(records)
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
        while True:
            try:
                await take(node, shards)
                node.store_outage.back()
                return
            except StoreUnavailable as trouble:
                node.store_outage.away(trouble)
                node.shards.clear()
                await asyncio.sleep(node.limits.pause)
