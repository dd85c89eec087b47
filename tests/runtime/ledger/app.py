"""Every local handler leaves a row; shipping refuses some orders, so that their sagas are undone."""

from dataclasses import replace

from example.app import application as example
from example.messages import ArrangeShipment, ShipmentNotArranged
from sqlalchemy import Integer, MetaData, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from runtime.messaging.message import Command, Event
from runtime.participant.handlers import Handler, Handling, Participant
from runtime.participant.transaction import Transaction

REFUSED = "refused"
LOCAL = {"inventory", "shipping", "notification"}


class Base(DeclarativeBase):
    """Common ground of the table below."""

    metadata = MetaData()


class Entry(Base):
    """That a handler did something."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    saga_id: Mapped[str]
    what: Mapped[str]


def _written(handler: Handler) -> Handler:
    async def do(command: Command, tx: Transaction) -> Event:
        if isinstance(command, ArrangeShipment) and command.order_id.startswith(REFUSED):
            return ShipmentNotArranged(reason="no carrier wants it")
        await tx.session.execute(insert(Entry).values(saga_id=tx.saga_id, what=command.stored_name))
        return await handler(command, tx)

    return do


def _handling(one: Handling) -> Handling:
    return replace(one, do=_written(one.do), undo=_written(one.undo) if one.undo else None)


def _participant(one: Participant) -> Participant:
    if one.context not in LOCAL:
        return one
    return replace(one, handlings=tuple(map(_handling, one.handlings)), metadata=Base.metadata)


application = replace(example, participants=tuple(map(_participant, example.participants)))
