"""The limit of one connection: what four-step sagas write, many steps in one transaction, and nothing else.

`python group_commit.py URL IN_FLIGHT SAGAS` prints sagas a second. No kernel, no envelope, no handler, no broker.
"""

import asyncio
import sys
import time
from uuid import uuid4

import asyncpg

STEPS = 5
TABLES = """
DROP TABLE IF EXISTS limit_event, limit_outbox, limit_inbox, limit_saga;
CREATE TABLE limit_saga (id text PRIMARY KEY, seq int NOT NULL, state text NOT NULL);
CREATE TABLE limit_event (saga text, seq int, type text, data text, PRIMARY KEY (saga, seq));
CREATE TABLE limit_outbox (id bigserial PRIMARY KEY, saga text, seq int, data text);
CREATE TABLE limit_inbox (saga text, seq int, PRIMARY KEY (saga, seq));
"""
WRITE = """
WITH step AS (SELECT * FROM unnest($1::text[], $2::int[]) AS t(saga, seq)),
saga AS (
    INSERT INTO limit_saga SELECT saga, seq, 'RUNNING' FROM step
    ON CONFLICT (id) DO UPDATE SET seq = excluded.seq
),
event AS (
    INSERT INTO limit_event
    SELECT saga, 2 * seq + part, 'StepSucceeded', '{"step": "reserve-inventory"}'
    FROM step, generate_series(0, 1) AS part
    WHERE 2 * seq + part < 9
),
inbox AS (INSERT INTO limit_inbox SELECT saga, seq FROM step)
INSERT INTO limit_outbox (saga, seq, data)
SELECT saga, seq, '{"order_id": "order-1", "amount": "19.90"}' FROM step WHERE seq < 4
"""


async def main(url: str, in_flight: int, sagas: int) -> None:
    """Every saga's steps go one after the other; those of all sagas that wait are written at once."""
    connection = await asyncpg.connect(url)
    await connection.execute(TABLES)
    waiting: list[tuple[str, int, asyncio.Future[None]]] = []
    wake = asyncio.Event()

    async def writer() -> None:
        while True:
            await wake.wait()
            wake.clear()
            batch, waiting[:] = list(waiting), []
            await connection.execute(WRITE, [one[0] for one in batch], [one[1] for one in batch])
            for *_, written in batch:
                written.set_result(None)

    async def work() -> None:
        for _ in left:
            saga = uuid4().hex
            for step in range(STEPS):
                written = asyncio.get_running_loop().create_future()
                waiting.append((saga, step, written))
                wake.set()
                await written

    writing = asyncio.create_task(writer())
    for count in (sagas // 10, sagas):
        left, began = iter(range(count)), time.perf_counter()
        await asyncio.gather(*(work() for _ in range(in_flight)))
    print(sagas / (time.perf_counter() - began))
    writing.cancel()
    await connection.execute("DROP TABLE limit_event, limit_outbox, limit_inbox, limit_saga")
    await connection.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
