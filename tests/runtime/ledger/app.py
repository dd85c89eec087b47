"""Every local handler leaves a row; shipping refuses some orders, so that their sagas are undone."""

import json
import os
from dataclasses import replace

from example.app import application as example
from example.messages import ArrangeShipment, ShipmentNotArranged
from sqlalchemy import Integer, MetaData, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from runtime.application import Application
from runtime.messaging.message import Command, Event
from runtime.orchestrator.definitions import parse_definition
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


def _with_version_2(application: Application) -> Application:
    """The next version of the structure: whoever completes under it is called FULFILLED."""
    told = json.loads(application.definitions[-1].text)
    new = told | {"version": 2, "terminal": told["terminal"] | {"completed": "FULFILLED"}}
    definitions = (*application.definitions, parse_definition(json.dumps(new)))
    return replace(application, saga=replace(application.saga, version=2), definitions=definitions)


first = replace(example, participants=tuple(map(_participant, example.participants)))
application = _with_version_2(first) if os.environ.get("LEDGER_VERSION") == "2" else first
