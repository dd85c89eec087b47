"""Handlers that only write down that they were called. These tests are about the saga; yours are in tests/contexts/."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from order_fulfillment.app import application
from order_fulfillment.application import Application
from order_fulfillment.event_store.store import SagaRow
from order_fulfillment.messages import (
    FreightShippingCancelled,
    FreightShippingScheduled,
    InventoryReleased,
    InventoryReserved,
    LoyaltyPointsDeducted,
    LoyaltyPointsRestored,
    PaymentProcessed,
    PaymentRefunded,
)
from order_fulfillment.messaging.message import Event, Refusal
from order_fulfillment.orchestrator.front import Front
from order_fulfillment.participant.handlers import Handler, Participant
from order_fulfillment.participant.transaction import Transaction
from order_fulfillment.settings import Settings
from order_fulfillment.up import everything

RESULTS: dict[str, Event] = {
    "reserve-inventory": InventoryReserved(reservation_id="reservation-1"),
    "process-payment": PaymentProcessed(payment_id="payment-1"),
    "schedule-freight-shipping": FreightShippingScheduled(shipment_id="shipment-1"),
    "deduct-loyalty-points": LoyaltyPointsDeducted(loyalty_transaction_id="loyalty-transaction-1"),
}
UNDONE: dict[str, Event] = {
    "reserve-inventory": InventoryReleased(),
    "process-payment": PaymentRefunded(),
    "schedule-freight-shipping": FreightShippingCancelled(),
    "deduct-loyalty-points": LoyaltyPointsRestored(),
}
LONGEST = 120.0


@dataclass
class Ledger:
    """Who was called, in order; and what is to be refused, by step."""

    done: list[str] = field(default_factory=list)
    undone: list[str] = field(default_factory=list)
    refused: dict[str, Refusal] = field(default_factory=dict)


async def run_to_the_end(folder: Path, ledger: Ledger) -> SagaRow:
    """One saga, from the example start to its end, with fresh databases in the folder."""
    async with everything(recording(ledger), *databases(folder)) as front:
        return await ended(front, (await front.start(application.example)).saga_id)


async def ended(front: Front, saga_id: str) -> SagaRow:
    """The saga when it has ended, which must not take long."""
    async with asyncio.timeout(LONGEST):
        return await front.ended(saga_id)


def databases(folder: Path) -> tuple[Settings, dict[str, str]]:
    """Databases in the folder for the orchestrator and every bounded context."""
    urls = {one.context: f"sqlite:///{folder}/{one.context}.db" for one in application.participants}
    return Settings(database_url=f"sqlite:///{folder}/orchestrator.db", kafka_bootstrap_servers=None), urls


def recording(ledger: Ledger, called: Callable[[str], None] = lambda step: None) -> Application:
    """The application with recording handlers; `called` is told each forward step before it answers."""

    def recorded(participant: Participant) -> Participant:
        handlings = [
            replace(
                one, do=do(one.step), undo=undo(one.step) if one.undo else None, find=do(one.step) if one.find else None
            )
            for one in participant.handlings
        ]
        return replace(participant, handlings=tuple(handlings), metadata=None)

    def do(step: str) -> Handler:
        async def handler(command: object, tx: Transaction) -> Event:
            called(step)
            if step in ledger.refused:
                return ledger.refused[step]
            ledger.done.append(step)
            return RESULTS[step]

        return handler

    def undo(step: str) -> Handler:
        async def handler(command: object, tx: Transaction) -> Event:
            ledger.undone.append(step)
            return UNDONE[step]

        return handler

    return replace(application, participants=tuple(recorded(one) for one in application.participants))
