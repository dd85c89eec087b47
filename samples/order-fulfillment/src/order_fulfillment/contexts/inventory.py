"""Inventory Service: what it does for an order, and how it undoes it."""

from sqlalchemy import MetaData, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..messages import InventoryReleased, InventoryReserved, OutOfStock, ReleaseInventory, ReserveInventory
from ..participant.transaction import Transaction

DELIVERED = 500
"""How many pieces of a product lie in the warehouse when it is first asked for."""


class Table(DeclarativeBase):
    """The tables of the warehouse."""

    metadata = MetaData()


class Stock(Table):
    """How many pieces of a product nobody has reserved yet."""

    __tablename__ = "stock"

    sku: Mapped[str] = mapped_column(primary_key=True)
    available: Mapped[int]


class Reservation(Table):
    """Pieces that are held for an order."""

    __tablename__ = "reservation"

    id: Mapped[str] = mapped_column(primary_key=True)
    sku: Mapped[str]
    quantity: Mapped[int]


async def reserve_inventory(command: ReserveInventory, tx: Transaction) -> InventoryReserved | OutOfStock:
    """Hold the pieces for the order, if there are so many."""
    await _stock_of(command.sku, tx.session)
    enough = (Stock.sku == command.sku) & (Stock.available >= command.quantity)
    taken = update(Stock).where(enough).values(available=Stock.available - command.quantity).returning(Stock.sku)
    if await tx.session.scalar(taken) is None:
        return OutOfStock(reason=f"there are no {command.quantity} pieces of {command.sku}")
    reservation = Reservation(id=tx.new_id("reservation"), sku=command.sku, quantity=command.quantity)
    tx.session.add(reservation)
    return InventoryReserved(reservation_id=reservation.id)


async def release_inventory(command: ReleaseInventory, tx: Transaction) -> InventoryReleased:
    """Undo `reserve_inventory`: the pieces are free again."""
    reservation = await tx.session.get(Reservation, command.reservation_id)
    if reservation is not None:
        own = Stock.sku == reservation.sku
        await tx.session.execute(update(Stock).where(own).values(available=Stock.available + reservation.quantity))
        await tx.session.delete(reservation)
    return InventoryReleased()


async def _stock_of(sku: str, session: AsyncSession) -> Stock:
    stock = await session.get(Stock, sku)
    if stock is None:
        stock = Stock(sku=sku, available=DELIVERED)
        session.add(stock)
        await session.flush()
    return stock
