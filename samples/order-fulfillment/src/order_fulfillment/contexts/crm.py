"""CRM Service: what it does for an order, and how it undoes it."""

from sqlalchemy import MetaData, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from ..messages import (
    DeductLoyaltyPoints,
    LoyaltyPointsDeducted,
    LoyaltyPointsRestored,
    NotEnoughPoints,
    RestoreLoyaltyPoints,
)
from ..participant.transaction import Transaction

WELCOME = 5000
"""The points that a customer starts with."""


class Table(DeclarativeBase):
    """The tables of the loyalty programme."""

    metadata = MetaData()


class Account(Table):
    """What a customer has in points."""

    __tablename__ = "account"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]


class Deduction(Table):
    """Points that were spent on an order."""

    __tablename__ = "deduction"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str]
    points: Mapped[int]


async def deduct_loyalty_points(
    command: DeductLoyaltyPoints, tx: Transaction
) -> LoyaltyPointsDeducted | NotEnoughPoints:
    """Take the points from the customer's account, if there are so many."""
    account = await _account_of(command.customer_id, tx.session)
    enough = (Account.customer_id == command.customer_id) & (Account.points >= command.points)
    spent = update(Account).where(enough).values(points=Account.points - command.points).returning(Account.customer_id)
    if await tx.session.scalar(spent) is None:
        return NotEnoughPoints(reason=f"{command.customer_id} has {account.points} points, not {command.points}")
    deduction = Deduction(id=tx.new_id("deduction"), customer_id=command.customer_id, points=command.points)
    tx.session.add(deduction)
    return LoyaltyPointsDeducted(loyalty_transaction_id=deduction.id)


async def restore_loyalty_points(command: RestoreLoyaltyPoints, tx: Transaction) -> LoyaltyPointsRestored:
    """Undo `deduct_loyalty_points`: the customer has the points again."""
    deduction = await tx.session.get(Deduction, command.loyalty_transaction_id)
    if deduction is not None:
        own = Account.customer_id == deduction.customer_id
        await tx.session.execute(update(Account).where(own).values(points=Account.points + deduction.points))
        await tx.session.delete(deduction)
    return LoyaltyPointsRestored()


async def _account_of(customer_id: str, session: AsyncSession) -> Account:
    account = await session.get(Account, customer_id)
    if account is None:
        account = Account(customer_id=customer_id, points=WELCOME)
        session.add(account)
        await session.flush()
    return account
