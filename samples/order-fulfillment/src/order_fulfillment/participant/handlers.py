"""Who handles what: the handlers of a bounded context, forward next to undo."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import MetaData

from ..messaging.message import Event
from .transaction import Transaction

Handler = Callable[[Any, Transaction], Awaitable[Event]]


class TryLater(Exception):
    """Raised by a handler that cannot answer yet: the command comes again, after `after` where it is given."""

    def __init__(self, reason: str = "try later", after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class Handling:
    """The handlers of one step. `find` belongs to steps that take effect outside: it says what became of a request.

    `until` is the last version of the structure whose sagas call them; None for today's.
    """

    step: str
    do: Handler
    undo: Handler | None = None
    find: Handler | None = None
    until: int | None = None


@dataclass(frozen=True)
class Participant:
    """A bounded context: its handlers, and the tables they write to."""

    context: str
    handlings: tuple[Handling, ...]
    metadata: MetaData | None = None
