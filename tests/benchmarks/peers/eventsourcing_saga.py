"""The same order as an aggregate of `eventsourcing` with database functions.

`python eventsourcing_saga.py URL IN_FLIGHT SAGAS` prints sagas a second.
"""

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

where = urlsplit(sys.argv[1])
os.environ |= {
    "PERSISTENCE_MODULE": "eventsourcing.postgres",
    "POSTGRES_DBNAME": where.path.lstrip("/"),
    "POSTGRES_HOST": where.hostname or "127.0.0.1",
    "POSTGRES_PORT": str(where.port or 5432),
    "POSTGRES_USER": where.username or "postgres",
    "POSTGRES_PASSWORD": where.password or "none",
    "POSTGRES_ENABLE_DB_FUNCTIONS": "yes",
    "POSTGRES_POOL_SIZE": "16",
    "POSTGRES_MAX_OVERFLOW": "48",
}

from eventsourcing.application import Application  # noqa: E402
from eventsourcing.domain import Aggregate, event  # noqa: E402


class Order(Aggregate):
    """An order that remembers what was done for it."""

    @event("Reserved")
    def reserve(self) -> None:
        """Inventory is held."""

    @event("Paid")
    def pay(self) -> None:
        """Money is taken."""

    @event("Shipped")
    def ship(self) -> None:
        """It is on its way."""

    @event("Deducted")
    def deduct(self) -> None:
        """Points are taken."""


def main(in_flight: int, sagas: int) -> None:
    """Warm up with a tenth, then measure; each step is saved before the next one is taken."""
    application = Application()

    def saga(_: int) -> None:
        order = Order()
        application.save(order)
        for step in (order.reserve, order.pay, order.ship, order.deduct):
            step()
            application.save(order)

    with ThreadPoolExecutor(in_flight) as threads:
        for count in (max(sagas // 10, 1), sagas):
            began = time.perf_counter()
            list(threads.map(saga, range(count)))
    print(sagas / (time.perf_counter() - began))
    application.close()


main(int(sys.argv[2]), int(sys.argv[3]))
