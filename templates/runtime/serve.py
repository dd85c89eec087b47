"""`up`: everything in this process behind its HTTP interface, until it is told to stop."""

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

import uvicorn

from .application import Application
from .console.api import create_api
from .settings import Settings, database_urls
from .up import everything


async def serve(application: Application, host: str | None, port: int | None) -> bool:
    """Serve until interrupted; false when a part of it failed. Raises Refused."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    urls = database_urls([one.context for one in application.participants], settings.database_url)
    failed = False

    def stop() -> None:
        nonlocal failed
        failed = server.should_exit = True

    async with everything(application, settings, urls, stop) as front:
        config = uvicorn.Config(
            create_api(application, front),
            host=host or settings.host,
            port=settings.port if port is None else port,
            log_level="warning",
            access_log=False,
        )
        server = Server(config)
        await server.serve()
    return not failed


class Server(uvicorn.Server):
    """Says where it listens once it does, and leaves the process to end in good order when it is told to stop."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Bind, then print the address on stdout."""
        await super().startup(sockets)
        for server in self.servers:
            for bound in server.sockets:
                host, port = bound.getsockname()[:2]
                print(f"listening on http://{host}:{port}", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """A signal ends the serving and nothing else: the shards are handed over before the process ends."""
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        yield
        for one, handler in before.items():
            signal.signal(one, handler)
