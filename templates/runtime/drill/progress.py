"""A bar on stderr, where somebody looks at it."""

import sys

WIDTH = 30


class Bar:
    """How far a drill has come."""

    def __init__(self, sagas: int) -> None:
        self._sagas = sagas
        self._seen = sys.stderr.isatty()

    def show(self, ended: int, faults: int, planned: int) -> None:
        """Draw it anew."""
        if self._seen:
            full = WIDTH * ended // self._sagas
            done = f"{ended:,} of {self._sagas:,} sagas ended, {faults} of {planned} faults"
            print(f"\r[{'#' * full}{'.' * (WIDTH - full)}] {done}", end="\x1b[K", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave an empty line."""
        if self._seen:
            print("\r", end="\x1b[K", file=sys.stderr, flush=True)
