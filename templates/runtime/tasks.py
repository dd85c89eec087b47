"""Running tasks beside each other, and ending them.

A cancellation can be lost on its way: a driver or a handler answers it with an error of its own, which is then dealt
with like any other. So it is said again until the task has ended.
"""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

SOON = 1.0


async def together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run them until one fails; returns, or raises what it raised, when all have ended."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        await end(tasks, SOON)
    for task in done:
        task.result()


async def end(tasks: Collection[asyncio.Task[None]], patience: float) -> None:
    """Cancel them, again every `patience` seconds; returns when all have ended, however they did."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=patience)
    await asyncio.gather(*tasks, return_exceptions=True)
