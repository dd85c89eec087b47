"""Logistics Service: what it does for an order, and how it undoes it."""

from datetime import date, timedelta

from sqlalchemy import MetaData, update
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

PLACES = 200
"""How many shipments leave on one day."""
HORIZON = 14
"""How many days ahead a shipment may be planned."""


class Table(DeclarativeBase):
    """The tables of the shipping calendar."""

    metadata = MetaData()


class Day(Table):
    """How many places on the trucks of a day are taken."""

    __tablename__ = "day"

    day: Mapped[date] = mapped_column(primary_key=True)
    taken: Mapped[int]


class Shipment(Table):
    """A place on a truck."""

    __tablename__ = "shipment"

    id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    address: Mapped[str]


async def schedule_freight_shipping(
    command: ScheduleFreightShipping, tx: Transaction
) -> FreightShippingScheduled | CalendarFull:
    """Plan the shipment for the first day on which a truck has room."""
    day = await _place_on(date.today() + timedelta(days=1), tx.session)
    if day is None:
        return CalendarFull(reason=f"no truck has room within {HORIZON} days")
    shipment = Shipment(id=tx.new_id("shipment"), day=day, address=command.address)
    tx.session.add(shipment)
    return FreightShippingScheduled(shipment_id=shipment.id)


async def cancel_freight_shipping(command: CancelFreightShipping, tx: Transaction) -> FreightShippingCancelled:
    """Undo `schedule_freight_shipping`: the place on the truck is free again."""
    shipment = await tx.session.get(Shipment, command.shipment_id)
    if shipment is not None:
        await tx.session.execute(update(Day).where(Day.day == shipment.day).values(taken=Day.taken - 1))
        await tx.session.delete(shipment)
    return FreightShippingCancelled()


async def _place_on(first: date, session: AsyncSession) -> date | None:
    """Take a place on the first day that has one."""
    for day in (first + timedelta(days=ahead) for ahead in range(HORIZON)):
        if await session.get(Day, day) is None:
            session.add(Day(day=day, taken=0))
            await session.flush()
        free = (Day.day == day) & (Day.taken < PLACES)
        if await session.scalar(update(Day).where(free).values(taken=Day.taken + 1).returning(Day.day)) is not None:
            return day
    return None
