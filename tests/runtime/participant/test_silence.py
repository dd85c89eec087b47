"""A database that says nothing any more: nobody's handler is to blame, so no attempt is used up."""

import asyncio

import pytest
from example.messages import InventoryReserved
from participant.counter import Base, Counter, Entry, answers, writes
from servers.proxy import Line
from sqlalchemy import insert, make_url

from runtime.messaging.message import Command, Event
from runtime.participant import postgres
from runtime.participant.barrier import BarrierUnavailable
from runtime.participant.transaction import Transaction
from runtime.postgres import place

pytestmark = pytest.mark.slow

RESERVED = InventoryReserved(reservation_id="r1")


def test_a_handler_that_waits_for_a_silent_database_is_carried_out_when_it_is_back(schema_url: str) -> None:
    async def story() -> None:
        line = Line(make_url(schema_url).port or 5432)
        await line.open()
        await postgres.prepare(place(schema_url, "INVENTORY_DATABASE_URL"), Base.metadata)
        through = make_url(schema_url).set(port=line.port).render_as_string(hide_password=False)
        counter = Counter(await postgres.open_barrier(place(through, "INVENTORY_DATABASE_URL")))

        async def falls_silent(command: Command, tx: Transaction) -> Event:
            await tx.session.execute(insert(Entry).values(what="lost"))
            line.swallow_answers()
            await tx.session.execute(insert(Entry).values(what="lost"))
            raise AssertionError("nobody answers")

        counter.behave["reserve"] = falls_silent
        with pytest.raises(BarrierUnavailable, match="INVENTORY_DATABASE_URL"):
            await counter.send([counter.job("reserve-inventory", "do")], slowest=0.5)

        line.mend()
        counter.behave["reserve"] = writes("held", answer=RESERVED)
        assert [outcome for outcome, _ in answers(await counter.send([counter.job("reserve-inventory", "do")]))] == [
            "ok"
        ]
        assert await counter.written() == ["held"]
        await counter.barrier.close()
        await line.close()

    asyncio.run(asyncio.wait_for(story(), 120))
