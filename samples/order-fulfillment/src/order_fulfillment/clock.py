"""Time as the database tells it: anchored at the last batch, carried on by the monotonic clock, never going back."""

import time


class Clock:
    """Seconds since 1970. A machine whose wall clock jumps does not fire timers early."""

    def __init__(self, now: float) -> None:
        self._anchor = now
        self._since = time.monotonic()

    def anchor(self, now: float) -> None:
        """The database says it is `now`."""
        self._anchor, self._since = max(now, self.now()), time.monotonic()

    def now(self) -> float:
        """The database's time, as far as this process can tell."""
        return self._anchor + time.monotonic() - self._since
