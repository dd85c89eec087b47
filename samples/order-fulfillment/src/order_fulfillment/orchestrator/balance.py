"""A fair share of the shards for every process that runs the saga on the same database."""

import logging
from collections.abc import Sequence

from ..event_store.store import Alive, Membership
from .node import Node
from .takeover import read_from_here, take

log = logging.getLogger(__name__)


def fair_share(shards: int, alive: Sequence[Alive], node: str) -> int:
    """How many shards a node is to own, among those that know the newest version of the saga."""
    newest = max(one.version for one in alive)
    able = sorted(one.node for one in alive if one.version == newest)
    if node not in able:
        return 0
    each, left = divmod(shards, len(able))
    return each + (able.index(node) < left)


async def balance(node: Node, members: Membership) -> None:
    """Hand over what is too much, take what is free and missing. Raises StoreUnavailable."""
    version, shards = node.rules.current.version, node.rules.current.shards
    alive = await members.announce(Alive(node.lease.owner, version), node.lease.seconds)
    node.share = fair_share(shards, alive, node.lease.owner)
    if len(node.shards) > node.share:
        await _hand_over(node, list(node.shards)[node.share :])
    elif len(node.shards) < node.share:
        owners = await members.owners()
        free = [shard for shard in range(shards) if owners.get(shard, node.lease.owner) == node.lease.owner]
        wanted = [shard for shard in free if shard not in node.shards]
        await take(node, wanted[: node.share - len(node.shards)])
    if node.reads != node.places().keys():
        await read_from_here(node)


async def _hand_over(node: Node, surplus: Sequence[int]) -> None:
    """Somebody else may have them at once."""
    log.info("handing over shards %s", ", ".join(map(str, surplus)))
    shards = [node.shards.pop(number) for number in surplus]
    await node.store.release([(shard.id, shard.epoch) for shard in shards], node.lease.owner)
