"""Calls a handler as the saga would, with a database of its own in memory."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from order_fulfillment.app import application
from order_fulfillment.messaging.message import Command, Event
from order_fulfillment.participant.handlers import Handler
from order_fulfillment.participant.transaction import Transaction


def call(context: str, *calls: tuple[Handler, Command]) -> Event:
    """Call the handlers one after the other for one saga, and return the answer of the last."""
    return asyncio.run(_answers(context, calls))[-1]


async def _answers(context: str, calls: Sequence[tuple[Handler, Command]]) -> list[Event]:
    tables = next(one.metadata for one in application.participants if one.context == context)
    engine = create_async_engine("sqlite+aiosqlite://")
    answers = []
    async with engine.begin() as connection:
        if tables is not None:
            await connection.run_sync(tables.create_all)
        async with AsyncSession(bind=connection) as session:
            for handler, command in calls:
                tx = Transaction("0.test:step:do", "0.test", 1, datetime(2030, 1, 31, tzinfo=UTC), lambda: session)
                answers.append(await handler(command, tx))
                await session.flush()
    await engine.dispose()
    return answers
