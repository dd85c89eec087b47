"""One owned shard in memory: its open sagas, their timers, and how far it has come."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..event_store.store import SagaRow, Taken
from .states import Asked, Run, SagaState
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


Question = tuple[str, type, int]
"""Step, state and attempt: it is another question once any of them has changed."""


@dataclass(frozen=True, slots=True)
class Grace:
    """Until when a saga is left in peace, because of these questions that were put again."""

    not_before: float
    questions: frozenset[Question]


class Shard:
    """What its owner knows of a shard. Changes only after the store has them."""

    def __init__(self, taken: Taken) -> None:
        self.id = taken.shard
        self.epoch = taken.epoch
        self.head = taken.head
        self.published = taken.published
        self.offsets = dict(taken.in_offsets)
        self.lapsed = taken.lapsed
        self.open_sagas = 0
        self.timers = Timers()
        self._sagas: OrderedDict[str, Live] = OrderedDict()
        self._grace: dict[str, Grace] = {}

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
            self._grace.pop(saga_id, None)
            self.timers.set(saga_id, None)

    def wait(self, live: Live, not_before: float) -> None:
        """Its commands were sent again after an outage: until they are answered, no timer rings before that time."""
        self._grace[live.row.id] = Grace(not_before, _asked(live))
        self._set_timer(live)

    def _set_timer(self, live: Live) -> None:
        saga_id, wake_at = live.row.id, live.row.wake_at
        grace = self._grace.get(saga_id)
        if grace is not None and not grace.questions & _asked(live):
            del self._grace[saga_id]  # All were answered: what the saga waits for now has a time of its own.
            grace = None
        self.timers.set(saga_id, wake_at if wake_at is None or grace is None else max(wake_at, grace.not_before))

    def shrink(self, most: int) -> None:
        """Let go of the sagas that nothing has happened to for longest; they are read again when needed."""
        while len(self._sagas) > most:
            self._sagas.popitem(last=False)

    def missing(self, saga_ids: Sequence[str]) -> list[str]:
        """Those that are not in memory."""
        return [saga_id for saga_id in dict.fromkeys(saga_ids) if saga_id not in self._sagas]


def _asked(live: Live) -> frozenset[Question]:
    steps = live.state.steps.items()
    return frozenset((id, type(step), step.n) for id, step in steps if isinstance(step, Run | Asked))
