"""A process of its own that starts one saga and hangs in one step: `python hanging.py FOLDER STEP`."""

import asyncio
import sys
import time
from pathlib import Path

from order_fulfillment.app import application
from order_fulfillment.up import everything

from recording import Ledger, databases, recording


async def hang(folder: Path, step: str) -> None:
    """Print the id of the saga, then every step that is called, and never come back from `step`."""

    def called(now: str) -> None:
        print(now, flush=True)
        if now == step:
            time.sleep(300)

    async with everything(recording(Ledger(), called), *databases(folder)) as front:
        print((await front.start(application.example)).saga_id, flush=True)
        await asyncio.sleep(300)


asyncio.run(hang(Path(sys.argv[1]), sys.argv[2]))
