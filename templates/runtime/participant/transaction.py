"""What a handler is given beside its command: who asks, under which key, and a session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

KEYS = UUID("6f1d3c52-8f0e-5a9b-9d55-3c1f0e6b7a21")


def no_session() -> AsyncSession:
    """There is none: the step acts outside, and no transaction may be open while it waits."""
    raise RuntimeError("this step takes effect outside, so it has no database session; write in a local step beside it")


@dataclass
class Transaction:
    """One attempt at one command. What is written through `session` commits together with the answer, or not at all."""

    key: str
    saga_id: str
    attempt: int
    deadline: datetime
    open_session: Callable[[], AsyncSession] = field(default=no_session, repr=False)

    def new_id(self, name: str) -> str:
        """An id derived from the key: a repeated attempt gets the same one."""
        return str(uuid5(KEYS, f"{self.key}:{name}"))

    @property
    def session(self) -> AsyncSession:
        """The participant's own database, opened inside a savepoint when it is first touched. Do not commit it.

        Wait for whatever is slow before you touch it: a handler that keeps it for 20 s is stopped and tried again.
        """
        return self.open_session()
