"""Dead letters on their way back: left in the inbox by the command line, sent again by whoever has the broker."""

import json
import time
from collections.abc import Sequence

from ..event_store.store import Done, Request, Store
from ..messaging.broker import Broker, UnknownTopic
from ..messaging.dead_letters import KeptLetter, once_more, to_send

VERB = "redrive"
SENT = "sent"
SHARD = 0


def request(letter: KeptLetter, by: str) -> Request:
    """What asks for a letter to be sent again. Any owner could do it."""
    return Request(0, SHARD, letter.saga_id or "", VERB, json.dumps(once_more(letter.record)), by)


async def send(store: Store, broker: Broker, requests: Sequence[Request]) -> None:
    """Send letters to where they came from, each with its own bytes, and say so. Raises BrokerUnavailable."""
    for one in requests:
        outcome = SENT
        try:
            await broker.publish([to_send(json.loads(one.body))])
        except UnknownTopic as problem:
            outcome = f"refused: {problem}"
        await store.finish([Done(one.id, outcome, time.time())])
