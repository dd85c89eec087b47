"""Two participants whose handlers do as they are told, over a barrier: what is asked of them, what they answer."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any

from example.app import application
from example.messages import (
    InventoryNotReserved,
    InventoryReleased,
    InventoryReserved,
    PaymentDeclined,
    PaymentProcessed,
    PaymentRefunded,
    ShipmentArranged,
)
from sqlalchemy import Integer, MetaData, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from runtime.messaging.broker import Outbound, Record
from runtime.messaging.envelope import CommandEnvelope
from runtime.messaging.message import Command, Event
from runtime.participant.assignment import Job, decoder
from runtime.participant.barrier import Barrier, BarrierKey, BarrierRow
from runtime.participant.external import Answered, Lanes
from runtime.participant.handlers import Handling, Participant
from runtime.participant.local import SLOWEST, carry_out
from runtime.participant.transaction import Transaction

Behave = Callable[[Command, Transaction], Awaitable[Event]]
SAGA_ID = "0.counter"
BODIES: dict[str, dict[str, Any]] = {
    "reserve-inventory": {"order_id": "1", "sku": "pot", "quantity": 1},
    "process-payment": {"order_id": "1", "amount": "9.90"},
    "arrange-shipment": {"order_id": "1", "reservation_id": "r1"},
}
COMMANDS = {
    "reserve-inventory": "ReserveInventory",
    "process-payment": "ProcessPayment",
    "arrange-shipment": "ArrangeShipment",
}


class Base(DeclarativeBase):
    """Common ground of the table below."""

    metadata = MetaData()


class Entry(Base):
    """That a handler wrote something."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    what: Mapped[str]


class Counter:
    """A local step, an external one, one without an undo. `calls` are handlers that ran, in order, with their keys."""

    def __init__(self, barrier: Barrier) -> None:
        self.barrier = barrier
        self.calls: list[str] = []
        self.keys: list[str] = []
        self.behave: dict[str, Behave] = {}
        handlings = (
            self._handling("reserve-inventory", InventoryReserved(reservation_id="r1"), InventoryReleased()),
            self._handling("process-payment", PaymentProcessed(payment_id="p1"), PaymentRefunded()),
            self._handling("arrange-shipment", ShipmentArranged(tracking_number="t1"), None),
        )
        decode = {
            handling.step: decoder(
                application.saga, application.definitions, Participant(context, (handling,), Base.metadata)
            )
            for context, handling in zip(("inventory", "payment", "shipping"), handlings, strict=True)
        }
        self._decode = decode

    def job(
        self,
        step: str,
        phase: Any,
        attempt: int = 1,
        refusal: Any = "final",
        stated: dict[str, Any] | None = None,
        saga_id: str = SAGA_ID,
        body: dict[str, Any] | None = None,
    ) -> Job:
        """A command as it is read from its topic."""
        around = CommandEnvelope(
            type=COMMANDS[step],
            saga_id=saga_id,
            saga="order-fulfillment",
            def_version=1,
            step=step,
            phase=phase,
            attempt=attempt,
            key=f"{saga_id}:{step}:{phase}",
            refusal=refusal,
            shard=0,
            epoch=1,
            reply_topic="replies",
            reply_partition=0,
            deadline=4e9,
            subject="1",
            stated=None if stated is None else json.dumps(stated),
        )
        value = json.dumps(BODIES[step] if body is None else body).encode()
        return self._decode[step](Record("commands", 0, 0, saga_id, value, around.headers()))

    async def ask(self, step: str, phase: Any, **more: Any) -> tuple[str, dict[str, Any]]:
        """The answer to one command: its outcome and body."""
        [answer] = answers(await self.send([self.job(step, phase, **more)]))
        return answer

    async def send(self, jobs: Sequence[Job], slowest: float = SLOWEST) -> list[Outbound]:
        """What a batch of commands of one kind of step brings about."""
        if not jobs[0].assignment.external:
            return await carry_out(self.barrier, jobs, slowest)
        sent: list[Outbound] = []
        left = len(jobs)
        done = asyncio.Event()

        async def finish(answered: Sequence[Answered]) -> None:
            nonlocal left
            left -= len(answered)
            sent.extend(record for one in answered for record in one.records)
            if left == 0:
                done.set()

        lanes = Lanes(self.barrier, finish)
        running = asyncio.create_task(lanes.run())
        lanes.put(jobs)
        answered = asyncio.create_task(done.wait())
        await asyncio.wait({answered, running}, timeout=120, return_when=asyncio.FIRST_COMPLETED)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        assert done.is_set(), "nothing was answered"
        return sent

    async def row(self, step: str) -> BarrierRow | None:
        """The barrier row."""
        async with self.barrier.transaction() as work:
            return (await work.rows([BarrierKey(SAGA_ID, step)])).get(BarrierKey(SAGA_ID, step))

    async def state(self, step: str) -> str | None:
        """The state of the barrier row."""
        row = await self.row(step)
        return row and row.state

    async def written(self) -> list[str]:
        """What handlers wrote that lasts."""
        async with self.barrier.transaction() as work:
            return list((await work.session().scalars(select(Entry.what).order_by(Entry.id))).all())

    def _handling(self, step: str, done: Event, undone: Event | None) -> Handling:
        def handler(name: str, usual: Event) -> Behave:
            async def behave(command: Command, tx: Transaction) -> Event:
                self.calls.append(name)
                self.keys.append(tx.key)
                chosen = self.behave.get(name)
                return usual if chosen is None else await chosen(command, tx)

            return behave

        word = step.partition("-")[0]
        undo = handler(f"un{word}", undone) if undone else None
        return Handling(step, handler(word, done), undo, handler(f"find {word}", done))


async def refuses(command: Command, tx: Transaction) -> Event:
    """Say no."""
    refused: dict[str, Event] = {
        "ReserveInventory": InventoryNotReserved(reason="none left"),
        "ProcessPayment": PaymentDeclined(reason="no money"),
    }
    return refused[command.stored_name]


def writes(what: str, then: Behave | None = None, answer: Event | None = None) -> Behave:
    """Write a line, then answer or go on."""

    async def behave(command: Command, tx: Transaction) -> Event:
        await tx.session.execute(insert(Entry).values(what=what))
        if then is not None:
            return await then(command, tx)
        assert answer is not None
        return answer

    return behave


async def sleeps(command: Command, tx: Transaction) -> Event:
    """Never come back."""
    await asyncio.Event().wait()
    raise AssertionError("nobody wakes it")


def fails(problem: Exception) -> Behave:
    """Raise it."""

    async def behave(command: Command, tx: Transaction) -> Event:
        raise problem

    return behave


def answers(sent: Iterable[Outbound]) -> list[tuple[str, dict[str, Any]]]:
    """Outcome and body of those that go to the orchestrator."""
    return [(one.headers["outcome"], json.loads(one.value)) for one in sent if one.topic == "replies"]
