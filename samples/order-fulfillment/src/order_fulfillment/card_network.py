"""A stand-in for a card network: it keeps what was asked under each key, as real ones do, and answers the same again.

It lies in a file of its own (`CARD_NETWORK_FILE`, by default `data/card_network.db`), since it is not ours: no transaction
reaches it. Replace this module by the client of your provider; what it must offer is an idempotency key for every call.
"""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

LIMIT = Decimal("10000")
TABLES = """
    CREATE TABLE IF NOT EXISTS charge (
        key TEXT PRIMARY KEY, id TEXT NOT NULL, reference TEXT, amount TEXT, currency TEXT, declined TEXT
    );
    CREATE TABLE IF NOT EXISTS refund (key TEXT PRIMARY KEY, charge_id TEXT NOT NULL UNIQUE);
"""


@dataclass(frozen=True)
class Charge:
    """The money was taken."""

    id: str


@dataclass(frozen=True)
class Declined:
    """It was not, and never will be under this key."""

    reason: str


class NotYetKnown(Exception):
    """Nothing is known under the key; the request may still be under way."""


async def charge(key: str, reference: str, amount: Decimal, currency: str) -> Charge | Declined:
    """Take the money; asked again under the same key, the same answer."""
    return await asyncio.to_thread(_charge, key, reference, amount, currency)


async def look_up(key: str) -> Charge | Declined:
    """What became of a charge. Raises NotYetKnown."""
    return await asyncio.to_thread(_look_up, key)


async def refund(key: str, charge_id: str) -> None:
    """Give the money back, once."""
    await asyncio.to_thread(_refund, key, charge_id)


def _charge(key: str, reference: str, amount: Decimal, currency: str) -> Charge | Declined:
    declined = f"the limit is {LIMIT} {currency}" if amount > LIMIT else None
    with _opened() as network:
        network.execute(
            "INSERT INTO charge VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, f"ch_{uuid4().hex}", reference, str(amount), currency, declined),
        )
    return _look_up(key)


def _look_up(key: str) -> Charge | Declined:
    with _opened() as network:
        found = network.execute("SELECT id, declined FROM charge WHERE key = ?", (key,)).fetchone()
    if found is None:
        raise NotYetKnown(f"the card network does not know {key} yet")
    id, declined = found
    return Charge(id) if declined is None else Declined(declined)


def _refund(key: str, charge_id: str) -> None:
    with _opened() as network:
        network.execute("INSERT INTO refund VALUES (?, ?) ON CONFLICT DO NOTHING", (key, charge_id))


@contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    file = Path(os.environ.get("CARD_NETWORK_FILE", "data/card_network.db"))
    file.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(file, timeout=30)
    try:
        connection.executescript(TABLES)
        with connection:
            yield connection
    finally:
        connection.close()
