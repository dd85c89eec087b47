"""One batch over all owned shards: look up, decide, commit at once, tell, publish."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..event_store.store import Appended, Fenced, Outcome, OutcomeUnknown, Rejected
from ..messaging.broker import TopicPartition
from .intake import Arrived, Garbled
from .loading import restore_all
from .node import Node
from .shard import Live, Shard
from .states import Start
from .turn import Turn

log = logging.getLogger(__name__)

Found = Mapping[str, Live | str]
Committed = tuple[Shard, Turn]


@dataclass
class Inputs:
    """What one shard deals with in one batch: records, and sagas whose time has come."""

    heard: list[Arrived | Garbled] = field(default_factory=list)
    due: list[str] = field(default_factory=list)

    def concerns(self) -> list[str]:
        """Sagas that may exist. The id of one that is started without a key is new."""
        asked = [one for one in self.heard if isinstance(one, Arrived)]
        return self.due + [one.saga_id for one in asked if not _is_new(one)]

    def one_by_one(self) -> list["Inputs"]:
        """The same in the same order, a batch for each."""
        return [Inputs(heard=[one]) for one in self.heard] + [Inputs(due=[saga_id]) for saga_id in self.due]


async def deal_with(node: Node, inputs: Mapping[int, Inputs]) -> None:
    """Deal with the inputs of each shard. Raises OutcomeUnknown."""
    found = await _look_up(node, inputs)
    turns = [(shard, _turn(node, node.shards[shard], asked, found)) for shard, asked in inputs.items()]
    lease_until = node.clock.now() + node.lease.seconds
    outcomes = await node.store.append([turn.batch(lease_until) for _, turn in turns])
    committed: list[Committed] = []
    for (shard, turn), outcome in zip(turns, outcomes, strict=True):
        match outcome:
            case Appended(head):
                turn.commit(head)
                committed.append((node.shards[shard], turn))
            case Fenced():
                node.lose(shard)
            case Rejected(reason):
                committed += await _apart(node, shard, inputs[shard], reason)
    await _afterwards(node, committed)


async def _look_up(node: Node, inputs: Mapping[int, Inputs]) -> Found:
    """Sagas that are asked for and not in memory."""
    missing = [saga_id for shard, asked in inputs.items() for saga_id in node.shards[shard].missing(asked.concerns())]
    return restore_all(node.rules, (await node.store.sagas(missing)).values()) if missing else {}


def _turn(node: Node, shard: Shard, inputs: Inputs, found: Found) -> Turn:
    turn = Turn(node.rules, shard, _readable(found), node.clock.now())
    for one in inputs.heard:
        turn.read(one.record)
        if isinstance(one, Garbled):
            turn.bury(one.record, one.record.headers.get("saga_id"), one.problem)
        elif isinstance(problem := found.get(one.saga_id), str):
            turn.bury(one.record, one.saga_id, problem)
        else:
            turn.take(one)
    for saga_id in inputs.due:
        turn.ring(saga_id)
    return turn


async def _apart(node: Node, shard_id: int, inputs: Inputs, reason: str) -> list[Committed]:
    """The database refused a batch: each input on its own, so that only the saga it is about is set aside."""
    log.error("shard %d: a batch was refused: %s", shard_id, reason)
    committed: list[Committed] = []
    for one in inputs.one_by_one():
        shard = node.shards.get(shard_id)
        if shard is not None:
            committed += await _alone(node, shard, one)
    return committed


async def _alone(node: Node, shard: Shard, one: Inputs) -> list[Committed]:
    concerned = [heard.saga_id for heard in one.heard if isinstance(heard, Arrived)] + one.due
    found = restore_all(node.rules, (await node.store.sagas(shard.missing(concerned))).values())
    turn = _turn(node, shard, one, found)
    outcome = await _append(node, turn)
    if isinstance(outcome, Rejected):
        turn = _aside(node, shard, one, found, outcome.reason)
        outcome = await _append(node, turn)
    match outcome:
        case Appended(head):
            turn.commit(head)
            return [(shard, turn)]
        case Rejected(reason):
            raise OutcomeUnknown(f"an input can not even be set aside: {reason}")
        case Fenced():
            node.lose(shard.id)
    return []


def _aside(node: Node, shard: Shard, one: Inputs, found: Found, reason: str) -> Turn:
    turn = Turn(node.rules, shard, _readable(found), node.clock.now())
    for heard in one.heard:
        turn.read(heard.record)
        if isinstance(heard, Arrived):
            turn.set_aside(heard, reason)
    for saga_id in one.due:
        turn.park(saga_id)
    return turn


async def _append(node: Node, turn: Turn) -> Outcome:
    (outcome,) = await node.store.append([turn.batch(node.clock.now() + node.lease.seconds)])
    return outcome


async def _afterwards(node: Node, committed: Sequence[Committed]) -> None:
    """What is durable may be told: to whoever waits, and to the world."""
    for _, turn in committed:
        node.ignored.update(turn.ignored)
        for request, verdict in turn.verdicts.items():
            node.tell(request, verdict)
        for live in turn.changed.values():
            node.told_of(live.row)
    await node.publish([record for _, turn in committed for record in turn.records])
    read: dict[TopicPartition, int] = {}
    most = node.limits.open_sagas // max(len(node.shards), 1)
    for shard, _ in committed:
        shard.published = shard.head
        shard.shrink(most)
        read |= {TopicPartition(topic, shard.id): offset for topic, offset in shard.offsets.items()}
    await node.input().commit(read)


def _is_new(one: Arrived) -> bool:
    return isinstance(one.asked, Start) and one.asked.client_key is None


def _readable(found: Found) -> dict[str, Live]:
    return {saga_id: live for saga_id, live in found.items() if isinstance(live, Live)}
