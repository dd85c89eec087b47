"""The same order as a service of Restate: `python restate_saga.py URL IN_FLIGHT SAGAS` prints sagas a second.

Restate keeps its own log, so URL is not used. Its server comes from the npm registry by way of `npx`.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

import httpx
import hypercorn.asyncio
import hypercorn.config
import restate

SERVER = "@restatedev/restate-server@1.7.12"
order = restate.Service("order")


@order.handler()
async def fulfil(ctx: restate.Context, number: int) -> str:
    """Four steps, each recorded before the next."""
    for word in ("reservation", "payment", "shipment", "points"):
        await ctx.run_typed(word, lambda word=word: f"{word} of order-{number}")
    return "done"


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(folder: str, ingress: int, admin: int) -> subprocess.Popen[bytes]:
    """The server on loopback, alone in its own session so that all of it can be stopped."""
    environment = {
        **os.environ,
        "RESTATE_BASE_DIR": folder,
        "RESTATE_BIND_IP": "127.0.0.1",
        "RESTATE_BIND_PORT": str(free_port()),
        "RESTATE_LISTEN_MODE": "tcp",
        "RESTATE_INGRESS__BIND_PORT": str(ingress),
        "RESTATE_ADMIN__BIND_PORT": str(admin),
        "RESTATE_DISABLE_TELEMETRY": "true",
    }
    command = ["npx", "--yes", SERVER, "--no-logo"]
    with open(os.path.join(folder, "log"), "wb") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True, cwd=folder)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ends npx and what it started."""
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    while _has_members(server.pid):
        time.sleep(0.05)


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


async def register(client: httpx.AsyncClient, admin: int, service: int) -> None:
    """Tell the server where the service is, as soon as both are there."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            asked = {"uri": f"http://127.0.0.1:{service}"}
            (await client.post(f"http://127.0.0.1:{admin}/deployments", json=asked)).raise_for_status()
            return
        except httpx.HTTPError:
            await asyncio.sleep(0.2)
    raise TimeoutError("Restate does not answer")


async def main(in_flight: int, sagas: int, folder: str) -> None:
    """Warm up with a tenth, then measure."""
    ingress, admin, service = free_port(), free_port(), free_port()
    server = start_server(folder, ingress, admin)
    config = hypercorn.config.Config()
    config.bind = [f"127.0.0.1:{service}"]
    ended = asyncio.Event()
    serving = asyncio.create_task(
        hypercorn.asyncio.serve(restate.app([order]), config, shutdown_trigger=ended.wait)  # type: ignore[arg-type]
    )
    try:
        limits = httpx.Limits(max_connections=in_flight, max_keepalive_connections=in_flight)
        async with httpx.AsyncClient(limits=limits, timeout=120) as client:
            await register(client, admin, service)

            async def work() -> None:
                for number in left:
                    answer = await client.post(f"http://127.0.0.1:{ingress}/order/fulfil", json=number)
                    answer.raise_for_status()

            for count in (max(sagas // 10, 1), sagas):
                left, began = iter(range(count)), time.perf_counter()
                await asyncio.gather(*(work() for _ in range(in_flight)))
            print(sagas / (time.perf_counter() - began))
    finally:
        stop(server)
        ended.set()
        await serving


with tempfile.TemporaryDirectory(prefix="restate-") as place:
    asyncio.run(main(int(sys.argv[2]), int(sys.argv[3]), place))
