"""When which saga wants to be looked at again."""

import heapq


class Timers:
    """One time for each saga; setting it again replaces it. Seconds since 1970."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []
        self._at: dict[str, float] = {}

    def set(self, saga_id: str, at: float | None) -> None:
        """Wake the saga then; None: not at all."""
        if at is None:
            self._at.pop(saga_id, None)
        elif self._at.get(saga_id) != at:
            self._at[saga_id] = at
            heapq.heappush(self._heap, (at, saga_id))

    def next(self) -> float | None:
        """The earliest time that is set."""
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def due(self, now: float, limit: int) -> list[str]:
        """Sagas whose time has come, earliest first; they are forgotten until set again."""
        found: list[str] = []
        while len(found) < limit and (at := self.next()) is not None and at <= now:
            _, saga_id = heapq.heappop(self._heap)
            del self._at[saga_id]
            found.append(saga_id)
        return found
