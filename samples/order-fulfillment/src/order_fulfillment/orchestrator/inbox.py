"""Brings what other processes left in the inbox to the orchestrator of this one."""

import asyncio
import json
from collections.abc import Iterable

from ..event_store.store import Request, Store
from ..messaging.broker import Broker, Outbound
from .intake import ask, cancel_name, start_name
from .rules import Rules

EVERY = 0.1
AT_ONCE = 200


async def watch(rules: Rules, store: Store, broker: Broker, shards: Iterable[int]) -> None:
    """Look again and again, until cancelled. A row stays until the saga has its answer, so it is sent only once."""
    owned, sent = list(shards), set[int]()
    while True:
        waiting = await store.waiting(owned, AT_ONCE)
        sent &= {request.id for request in waiting}
        await broker.publish([_record(rules, request) for request in waiting if request.id not in sent])
        sent |= {request.id for request in waiting}
        await asyncio.sleep(EVERY)


def _record(rules: Rules, request: Request) -> Outbound:
    body = json.loads(request.body)
    kind = start_name(rules) if request.verb == "start" else cancel_name(rules)
    return ask(rules, request.saga_id, kind, body["values"], body.get("client_key"), inbox=request.id)
