"""A line between a client and a server that a test can cut, or make deaf in one direction."""

import asyncio
from contextlib import suppress


class Line:
    """Forwards connections to a loopback port until told otherwise."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._hears_nothing = False
        self._down = False
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def open(self, port: int = 0) -> None:
        """Listen, on a free port where none is given."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    def swallow_answers(self) -> None:
        """From now on the server hears everything, and the client hears nothing."""
        self._hears_nothing = True

    def cut(self) -> None:
        """Break what is connected, and refuse what comes."""
        self._down = True
        for writer in self._open:
            writer.transport.abort()

    def mend(self) -> None:
        """Work again, for new connections."""
        self._down = self._hears_nothing = False

    async def close(self) -> None:
        """Stop listening."""
        self.cut()
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._down:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._to_port)
        self._open |= {writer, there_writer}
        for source, target, answers in ((reader, there_writer, False), (there_reader, writer, True)):
            task = asyncio.create_task(self._carry(source, target, answers))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, answers: bool) -> None:
        with suppress(ConnectionError):
            while chunk := await source.read(65_536):
                if not (answers and self._hears_nothing):
                    target.write(chunk)
                    await target.drain()
        target.close()
