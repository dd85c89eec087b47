"""What runs until it is told to stop: everything, the orchestrator or a participant, behind HTTP."""

import asyncio
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from socket import AF_INET, AF_INET6, create_server, socket

import uvicorn
from fastapi import FastAPI

from .application import Application
from .console.api import add_alive, create_api
from .errors import Refused
from .settings import Settings, database_urls, read_settings
from .tasks import collect_seldom
from .up import everything, orchestrator, participants

BACKLOG = 2048


async def serve(application: Application, host: str | None, port: int | None) -> bool:
    """Everything in this process; false when a part of it failed. Raises Refused."""
    settings, until = _settings(), Until()
    urls = _urls(application, settings)
    async with everything(application, settings, urls, until.fail) as front:
        return await until.served(create_api(application, front), settings, host, port)


async def serve_orchestrator(application: Application, host: str | None, port: int | None) -> bool:
    """The orchestrator alone; false when a part of it failed. Raises Refused."""
    settings, until = _settings(), Until()
    async with orchestrator(application, settings, until.fail) as front:
        return await until.served(create_api(application, front), settings, host, port)


async def serve_participants(application: Application, names: Sequence[str], port: int | None) -> bool:
    """These participants, with their health on a port where one is given; false when one failed. Raises Refused."""
    settings, until = _settings(), Until()
    async with participants(application, names, settings, _urls(application, settings), until.fail):
        if port is None:
            return await until.told(f"at work: {', '.join(names)}")
        api = FastAPI(title=f"{application.saga.title}: {', '.join(names)}")
        add_alive(api)
        return await until.served(api, settings, None, port)


class Until:
    """Serves until a signal comes, or until a part of the process fails."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._over = asyncio.Event()
        self._failed = False

    def fail(self) -> None:
        """A part has ended by itself: stop serving."""
        self._failed = True
        self._over.set()
        if self._server is not None:
            self._server.should_exit = True

    async def served(self, api: FastAPI, settings: Settings, host: str | None, port: int | None) -> bool:
        """Serve; returns whether no part has failed."""
        bound = _listening(host or settings.host, settings.port if port is None else port)
        self._server = Server(uvicorn.Config(api, log_level="warning", access_log=False))
        if not self._failed:
            await self._server.serve([bound])
        return not self._failed

    async def told(self, ready: str) -> bool:
        """Say that it is ready, and wait without serving anything; returns whether no part has failed."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):
                loop.add_signal_handler(one, self._over.set)
        print(ready, flush=True)
        await self._over.wait()
        return not self._failed


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


def _listening(host: str, port: int) -> socket:
    """Raises Refused, as where somebody else listens already."""
    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=BACKLOG)
    except OSError as trouble:
        problem = f"PORT: nobody can listen on {host}:{port} here: {trouble.strerror}"
        raise Refused(problem, "choose another with PORT and HOST, or --port; 0 takes a free one") from None


def _settings() -> Settings:
    settings = read_settings()
    collect_seldom()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return settings


def _urls(application: Application, settings: Settings) -> dict[str, str]:
    return dict(database_urls([one.context for one in application.participants], settings.database_url))
