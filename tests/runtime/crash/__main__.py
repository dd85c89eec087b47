"""`python -m crash FOLDER SAGAS [POINT N [SIGNAL]]`: run what is in the folder to its end, with so many more sagas.

With a point, the process is killed there, or gets the signal. Without one, it prints how the sagas ended.
"""

import asyncio
import json
import signal
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

from ledger.app import REFUSED
from ledger.app import application as ledger
from ledger.checking import all_ended

from runtime.adapters import open_store
from runtime.event_store.store import Filter
from runtime.messaging.message import Command, Event
from runtime.participant.handlers import Handler, Handling, Participant
from runtime.participant.transaction import Transaction
from runtime.settings import Settings
from runtime.up import everything

from .points import Killer, install


class Provider:
    """A card network with a ledger of its own, which knows a request by its key."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "provider.db", isolation_level=None)
        self._connection.execute("CREATE TABLE IF NOT EXISTS request (key TEXT PRIMARY KEY, what TEXT)")

    def ask(self, key: str, what: str) -> None:
        """However often it is asked under a key, it does it once."""
        self._connection.execute("INSERT OR IGNORE INTO request VALUES (?, ?)", (key, what))


async def main() -> None:
    """Start, run, and tell."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    point, times, how = [*sys.argv[3:], *("", "0", "SIGKILL")[len(sys.argv) - 3 :]]
    killer = Killer(point, int(times), signal.Signals[how])
    install(killer, ledger.definitions[-1].topics.replies)
    urls = {one.context: f"sqlite:///{folder}/{one.context}.db" for one in ledger.participants}
    settings = Settings(database_url=f"sqlite:///{folder}/orchestrator.db", kafka_bootstrap_servers=None)
    parts = tuple(_wrapped(one, Provider(folder), killer) for one in ledger.participants)
    killer.armed = "takeover" in point
    async with everything(replace(ledger, participants=parts), settings, urls) as front:
        killer.armed = True
        for number in range(count):
            order = f"{REFUSED if number % 4 == 0 else 'order'}-{number}"
            await front.start(ledger.example.model_copy(update={"order_id": order}), f"key-{number}")
        store = await open_store(settings)
        ids = [row.id for row in await front.list(Filter(limit=1000))]
        ends = await all_ended(store, ids)
        killer.armed = False
        await store.close()
    print(json.dumps({"ends": ends, "ids": ids}))


def _wrapped(participant: Participant, provider: Provider, killer: Killer) -> Participant:
    def pointed(handler: Handler) -> Handler:
        async def called(command: Command, tx: Transaction) -> Event:
            killer.at("before handler")
            if participant.context == "payment":
                provider.ask(tx.key, command.stored_name)
            answer = await handler(command, tx)
            killer.at("after handler")
            return answer

        return called

    def handling(one: Handling) -> Handling:
        undo, find = (pointed(handler) if handler else None for handler in (one.undo, one.find))
        return replace(one, do=pointed(one.do), undo=undo, find=find)

    return replace(participant, handlings=tuple(map(handling, participant.handlings)))


asyncio.run(main())
