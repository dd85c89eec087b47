"""The same order of four trivial steps with DBOS: `python dbos_saga.py URL IN_FLIGHT SAGAS` prints sagas a second."""

import asyncio
import sys
import time

from dbos import DBOS, DBOSConfig


async def main(url: str, in_flight: int, sagas: int) -> None:
    """Warm up with a tenth, then measure."""
    config: DBOSConfig = {"name": "order", "system_database_url": url, "log_level": "ERROR", "run_admin_server": False}
    DBOS(config=config)

    @DBOS.step()
    async def reserve(order: str) -> str:
        return f"reservation of {order}"

    @DBOS.step()
    async def pay(order: str) -> str:
        return f"payment of {order}"

    @DBOS.step()
    async def ship(order: str) -> str:
        return f"shipment of {order}"

    @DBOS.step()
    async def deduct(order: str) -> str:
        return f"points of {order}"

    @DBOS.workflow()
    async def fulfil(order: str) -> None:
        for step in (reserve, pay, ship, deduct):
            await step(order)

    DBOS.launch()

    async def work() -> None:
        for number in left:
            await fulfil(f"order-{number}")

    for count in (max(sagas // 10, 1), sagas):
        left, began = iter(range(count)), time.perf_counter()
        await asyncio.gather(*(work() for _ in range(in_flight)))
    print(sagas / (time.perf_counter() - began))
    DBOS.destroy()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
