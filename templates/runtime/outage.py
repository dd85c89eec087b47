"""Saying once that something is away, and once that it is back, however often it is tried meanwhile."""

import logging
import time
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass
class Outage:
    """Of one thing, which is named. `meanwhile` is what that means."""

    what: str
    meanwhile: str
    _since: float | None = None

    def away(self, trouble: Exception) -> None:
        """It does not answer."""
        if self._since is None:
            self._since = time.monotonic()
            log.error("%s is away, and is waited for; %s: %s", self.what, self.meanwhile, trouble)

    def back(self) -> None:
        """It answers."""
        if self._since is not None:
            log.warning("%s is back after %.1f s", self.what, time.monotonic() - self._since)
            self._since = None
