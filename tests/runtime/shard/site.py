"""An orchestrator and participants around one store and one broker, which stay when either is stopped or killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from example.app import application as example
from example.messages import (
    ConfirmationSent,
    InventoryReleased,
    InventoryReserved,
    PaymentProcessed,
    PaymentRefunded,
    ShipmentArranged,
)

from runtime.application import Application
from runtime.event_store import sqlite
from runtime.event_store.store import SagaRow, Store
from runtime.messaging.memory import MemoryBroker
from runtime.messaging.message import Command, Event
from runtime.messaging.topics import dead_letters, topics_of
from runtime.orchestrator import inbox
from runtime.orchestrator.front import Front
from runtime.orchestrator.loop import Orchestrator
from runtime.orchestrator.node import Limits, Node
from runtime.orchestrator.ownership import Lease
from runtime.orchestrator.rules import rules_of
from runtime.participant import sqlite as barriers
from runtime.participant.assignment import decoder
from runtime.participant.handlers import Handler, Handling, Participant
from runtime.participant.transaction import Transaction
from runtime.participant.worker import Pace, Worker
from runtime.story import Retry, Saga
from runtime.tasks import end

USUAL: dict[str, Event] = {
    "ReserveInventory": InventoryReserved(reservation_id="r"),
    "ReleaseInventory": InventoryReleased(),
    "ProcessPayment": PaymentProcessed(payment_id="p"),
    "RefundPayment": PaymentRefunded(),
    "ArrangeShipment": ShipmentArranged(tracking_number="t"),
    "SendConfirmation": ConfirmationSent(),
}
Behave = Callable[[Command, Transaction], Awaitable[Event]]
LEASE = Lease("first", 0.4)
TIMEOUT = timedelta(seconds=90)


def hasty(saga: Saga) -> Saga:
    """The saga with two attempts for each step, and short pauses; timeouts are longer than what any machine takes."""
    retry = Retry(attempts=2, first=timedelta(milliseconds=20), cap=timedelta(milliseconds=50))
    return replace(saga, steps=tuple(replace(one, timeout=TIMEOUT, retry=retry) for one in saga.steps))


@dataclass
class Site:
    """What stays. `done` counts the calls of handlers by saga and command."""

    folder: Path
    saga: Saga = field(default_factory=lambda: hasty(example.saga))
    behave: dict[str, Behave] = field(default_factory=dict)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        parts = tuple(self._recorded(one) for one in example.participants)
        self.application: Application = replace(example, saga=self.saga, participants=parts)
        self.rules = rules_of(self.saga, self.application.definitions)
        self.broker = MemoryBroker(topics_of(self.application.definitions))
        self.store: Store = sqlite.open_store(f"sqlite:///{self.folder}/store.db")

    async def orchestrator(self, owner: str = "first", store: Store | None = None, batch: int = 500) -> Orchestrator:
        """An orchestrator that has taken its shards."""
        store = store or self.store
        await store.create_shards(self.rules.current.shards)
        here = Orchestrator(
            Node(self.rules, store, self.broker, Lease(owner, LEASE.seconds), Limits(batch, pause=0.02))
        )
        await here.share()
        return here

    @asynccontextmanager
    async def running(self, here: Orchestrator) -> AsyncIterator[Front]:
        """The orchestrator at work; leaving the block kills it, so that it hands nothing over."""
        node = here.node
        watching = inbox.watch(node.rules, node.store, node.broker, lambda: node.shards)
        work = [asyncio.create_task(one) for one in (here.run(), watching)]
        try:
            yield Front(here)
        finally:
            await end(work, 1)

    @asynccontextmanager
    async def participants(self) -> AsyncIterator[None]:
        """All participants at work."""
        workers = [await self._worker(one) for one in self.application.participants]
        tasks = [asyncio.create_task(worker.run()) for worker in workers]
        try:
            yield
        finally:
            await end(tasks, 1)
            for worker in workers:
                await worker.barrier.close()

    async def start(self, front: Front, count: int) -> list[str]:
        """Start so many sagas."""
        started = [front.start(self.application.example) for _ in range(count)]
        return [one.saga_id for one in await asyncio.gather(*started)]

    async def ends(self, front: Front, ids: Sequence[str], seconds: float = 120) -> Counter[str]:
        """How many ended how."""
        async with asyncio.timeout(seconds):
            rows: list[SagaRow] = await asyncio.gather(*(front.ended(one) for one in ids))
        return Counter(row.label for row in rows)

    async def events(self, ids: Sequence[str]) -> Counter[str]:
        """Which events the sagas have, by name."""
        histories = [await self.store.history(one) for one in ids]
        return Counter(event.type for history in histories for event in history)

    async def _worker(self, participant: Participant) -> Worker:
        url = f"sqlite:///{self.folder}/{participant.context}.db"
        barrier = await asyncio.to_thread(barriers.open_barrier, url, None)
        steps = [step for step in self.rules.current.steps if step.context == participant.context]
        topics = [topic for step in steps for topic in (step.do.topic, *([step.undo.topic] if step.undo else []))]
        return Worker(
            participant.context,
            list(dict.fromkeys(topics)),
            decoder(self.saga, self.application.definitions, participant),
            barrier,
            self.broker,
            dead_letters(self.saga.name),
            Pace(pause=0.02),
        )

    def _recorded(self, participant: Participant) -> Participant:
        return replace(participant, handlings=tuple(map(self._handling, participant.handlings)))

    def _handling(self, one: Handling) -> Handling:
        undo, find = (self._handler if handler else None for handler in (one.undo, one.find))
        return replace(one, do=self._handler, undo=undo, find=find)

    @property
    def _handler(self) -> Handler:
        async def handler(command: Command, tx: Transaction) -> Event:
            self.done[tx.saga_id, command.stored_name] += 1
            chosen = self.behave.get(command.stored_name)
            return USUAL[command.stored_name] if chosen is None else await chosen(command, tx)

        return handler


def only_for(saga_ids: set[str], behave: Behave) -> Behave:
    """Only some sagas are treated so."""

    async def chosen(command: Command, tx: Transaction) -> Event:
        return await behave(command, tx) if tx.saga_id in saga_ids else USUAL[command.stored_name]

    return chosen
