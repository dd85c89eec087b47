"""One owned shard in memory: its open sagas, their timers, and how far it has come."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..event_store.store import SagaRow, Taken
from .states import SagaState
from .timers import Timers


@dataclass(frozen=True, slots=True)
class Live:
    """A saga as it stands, and its row as it lies in the store."""

    state: SagaState
    row: SagaRow

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.row.closed_at is None


class Shard:
    """What its owner knows of a shard. Changes only after the store has them."""

    def __init__(self, taken: Taken) -> None:
        self.id = taken.shard
        self.epoch = taken.epoch
        self.head = taken.head
        self.published = taken.published
        self.offsets = dict(taken.in_offsets)
        self.lapsed = taken.lapsed
        self.timers = Timers()
        self._sagas: OrderedDict[str, Live] = OrderedDict()
        self._not_before: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._sagas)

    def __iter__(self) -> Iterator[Live]:
        return iter(list(self._sagas.values()))

    def get(self, saga_id: str) -> Live | None:
        """The saga, where it is in memory."""
        return self._sagas.get(saga_id)

    def put(self, live: Live) -> None:
        """The saga as it is from now on."""
        saga_id = live.row.id
        if live.is_open:
            self._sagas[saga_id] = live
            self._sagas.move_to_end(saga_id)
            self._set_timer(live)
        else:
            self._sagas.pop(saga_id, None)
            self._not_before.pop(saga_id, None)
            self.timers.set(saga_id, None)

    def wait(self, live: Live, not_before: float) -> None:
        """Its commands were sent again after an outage: no timer of the saga rings before they had their time."""
        self._not_before[live.row.id] = not_before
        self._set_timer(live)

    def _set_timer(self, live: Live) -> None:
        saga_id, wake_at = live.row.id, live.row.wake_at
        earliest = self._not_before.get(saga_id, 0.0)
        self.timers.set(saga_id, None if wake_at is None else max(wake_at, earliest))

    def shrink(self, most: int) -> None:
        """Let go of the sagas that nothing has happened to for longest; they are read again when needed."""
        while len(self._sagas) > most:
            self._sagas.popitem(last=False)

    def missing(self, saga_ids: Sequence[str]) -> list[str]:
        """Those that are not in memory."""
        return [saga_id for saga_id in dict.fromkeys(saga_ids) if saga_id not in self._sagas]
