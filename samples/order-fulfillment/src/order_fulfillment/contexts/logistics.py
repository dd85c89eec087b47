"""Logistics Service: what it does for an order, and how it undoes it."""

from datetime import date, timedelta

from sqlalchemy import MetaData, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..messages import (
    CalendarFull,
    CancelFreightShipping,
    FreightShippingCancelled,
    FreightShippingScheduled,
    ScheduleFreightShipping,
)
from ..participant.transaction import Transaction

TRUCKS = 200
"""How many shipments leave on one day."""
HORIZON = 14
"""How many days ahead a shipment may be planned."""


class Table(DeclarativeBase):
    """The tables of the shipping calendar."""

    metadata = MetaData()


class Shipment(Table):
    """A place on a truck."""

    __tablename__ = "shipment"

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    address: Mapped[str]


async def schedule_freight_shipping(
    command: ScheduleFreightShipping, tx: Transaction
) -> FreightShippingScheduled | CalendarFull:
    """Plan the shipment for the first day on which a truck has room."""
    day = await _first_free_day(date.today() + timedelta(days=1), tx.session)
    if day is None:
        return CalendarFull(reason=f"no truck has room within {HORIZON} days")
    shipment = Shipment(id=tx.new_id("shipment"), day=day, address=command.address)
    tx.session.add(shipment)
    return FreightShippingScheduled(shipment_id=shipment.id)


async def cancel_freight_shipping(command: CancelFreightShipping, tx: Transaction) -> FreightShippingCancelled:
    """Undo `schedule_freight_shipping`: the place on the truck is free again."""
    shipment = await tx.session.get(Shipment, command.shipment_id)
    if shipment is not None:
        await tx.session.delete(shipment)
    return FreightShippingCancelled()


async def _first_free_day(first: date, session: AsyncSession) -> date | None:
    days = [first + timedelta(days=ahead) for ahead in range(HORIZON)]
    planned = select(Shipment.day, func.count()).where(Shipment.day.in_(days)).group_by(Shipment.day)
    counts = {day: count for day, count in await session.execute(planned)}
    return next((day for day in days if counts.get(day, 0) < TRUCKS), None)
