"""What the client library says in the log: each thing now and then, not ten times a second while a broker is away."""

import logging
import re
import time

EVERY = 60.0
MOST = 100
PLACE = re.compile(r"\[[^]]*\]|\d+")


class Seldom(logging.Filter):
    """Lets a message through when none like it came in the last minute; where and how long does not matter."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is to be said."""
        now, kind = time.monotonic(), PLACE.sub("", record.getMessage())
        if now < self._said.get(kind, -EVERY) + EVERY:
            return False
        if len(self._said) >= MOST:
            self._said.clear()
        self._said[kind] = now
        return True


log = logging.getLogger(__name__)
log.addFilter(Seldom())
