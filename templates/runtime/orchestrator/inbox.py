"""What is asked of sagas by way of the database: left by any process, taken up by the one that owns the shard."""

import asyncio
import json
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from ..event_store.store import Request, Store, StoreUnavailable
from ..messaging.broker import Broker, BrokerUnavailable, Outbound
from ..outage import Outage
from . import redrive
from .ids import shard_of
from .intake import ask, kind_of
from .rules import Rules

EVERY = 0.1
LOOK = 0.02
AT_ONCE = 200
REFUSED = "refused: "
BEFORE = "accepted before"


async def watch(rules: Rules, store: Store, broker: Broker, owned: Callable[[], Collection[int]]) -> None:
    """Look again and again, until cancelled. A row stays until the saga has its answer, so it is sent only once."""
    sent, outage = set[int](), Outage("the event store or the broker", "what others asked for has to wait")
    while True:
        try:
            waiting = await store.waiting(list(owned()), AT_ONCE)
            sent &= {request.id for request in waiting}
            new = [request for request in waiting if request.id not in sent]
            await redrive.send(store, broker, [request for request in new if request.verb == redrive.VERB])
            await broker.publish([_record(rules, request) for request in new if request.verb != redrive.VERB])
            sent |= {request.id for request in waiting}
            outage.back()
        except (StoreUnavailable, BrokerUnavailable) as trouble:
            outage.away(trouble)
        await asyncio.sleep(EVERY)


async def submit(
    store: Store, saga_id: str, verb: str, values: Mapping[str, Any], client_key: str | None, by: str
) -> int:
    """Leave a request for the owner of the saga's shard; returns its number."""
    body = json.dumps({"values": values, "client_key": client_key})
    (number,) = await store.submit([Request(0, shard_of(saga_id), saga_id, verb, body, by)])
    return number


async def outcome(store: Store, number: int, patience: float) -> str | None:
    """What came of a request, or None if nothing has within `patience` seconds."""
    until = time.monotonic() + patience
    while (found := await store.outcome(number)) is None and time.monotonic() < until:
        await asyncio.sleep(LOOK)
    return found


def refusal(outcome: str) -> str | None:
    """Why it was refused; None where it was not."""
    return outcome.removeprefix(REFUSED) if outcome.startswith(REFUSED) else None


def is_new(outcome: str) -> bool:
    """Whether something came of it that had not been asked for before."""
    return outcome != BEFORE


def _record(rules: Rules, request: Request) -> Outbound:
    body = json.loads(request.body)
    kind = kind_of(rules, request.verb)
    return ask(rules, request.saga_id, kind, body["values"], body.get("client_key"), inbox=request.id)
