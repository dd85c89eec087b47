"""One batch of one shard: inputs in, and everything that a single commit changes out. Nothing here waits or writes."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..event_store.store import Action, Batch, DeadLetter, Done, NewEvent, SagaRow
from ..jsons import to_text
from ..messaging.broker import Outbound, Record
from . import snapshot
from .definitions import Definition
from .events import encode
from .fsm import decide, initial, label, wake_at
from .intake import Arrived, Asked
from .outbox import follows, subject_of, to_stored
from .requests import NAMES, Unfit, fitted
from .rules import Rules
from .shard import Live, Shard
from .states import Denied, Happened, Ignored, Retry, SagaState, Start, Tick, Verb

log = logging.getLogger(__name__)

STUCK = "STUCK"
NOTHING_DUE = 60.0


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was asked for is recorded. `new` is false when it was recorded before."""

    saga_id: str
    new: bool = True


@dataclass(frozen=True, slots=True)
class NotPossible:
    """What was asked for is refused, and why."""

    reason: str


Verdict = Accepted | NotPossible


class Turn:
    """What a batch changes. It counts only when the store has it: until then the shard stays as it was."""

    def __init__(self, rules: Rules, shard: Shard, found: Mapping[str, Live], now: float) -> None:
        self._rules = rules
        self._shard = shard
        self._found = found
        self._now = now
        self._events: list[NewEvent] = []
        self._letters: list[DeadLetter] = []
        self._actions: list[Action] = []
        self._done: list[Done] = []
        self._offsets = dict(shard.offsets)
        self.changed: dict[str, Live] = {}
        self.records: list[Outbound] = []
        self.verdicts: dict[str, Verdict] = {}
        self.ignored: Counter[str] = Counter()
        self._rung: list[str] = []

    def read(self, record: Record) -> None:
        """The record belongs to this batch, whatever becomes of it."""
        self._offsets[record.topic] = record.offset + 1

    def bury(self, record: Record, saga_id: str | None, error: str) -> None:
        """The record cannot be used: it goes to the dead letters, and whoever sent it is told."""
        log.error("%s[%d]@%d: %s", record.topic, record.partition, record.offset, error)
        self._letters.append(DeadLetter(record, saga_id, error, self._now))
        self._tell(record, NotPossible(error))

    def take(self, arrived: Arrived) -> None:
        """Let the saga decide what the input means. One that cannot is set aside, and the shard goes on."""
        try:
            verdict = self._hear(arrived)
        except Exception as problem:
            log.exception("saga %s cannot go on and is set aside", arrived.saga_id)
            self.set_aside(arrived, f"{type(problem).__name__}: {problem}")
            return
        said = self._tell(arrived.record, verdict)
        if isinstance(asked := arrived.asked, Verb):
            step, verb = getattr(asked, "step", None), NAMES[type(asked)]
            self._actions.append(Action(arrived.saga_id, verb, step, asked.by, asked.reason, said, self._now))

    def ring(self, saga_id: str) -> None:
        """The saga's time has come: a timer, or its deadline."""
        live = self._live(saga_id)
        if live is None:
            return
        self._rung.append(saga_id)
        try:
            self._ask(saga_id, live, Tick())
        except Exception:
            log.exception("saga %s cannot go on and is set aside", saga_id)
            self._mark_stuck(live)

    def park(self, saga_id: str) -> None:
        """The saga waits for a person."""
        live = self._live(saga_id)
        if live is not None:
            self._mark_stuck(live)

    def set_aside(self, arrived: Arrived, problem: str) -> None:
        """The input goes to the dead letters, its saga waits for a person."""
        self.bury(arrived.record, arrived.saga_id, problem)
        live = self._live(arrived.saga_id)
        if live is not None:
            self._mark_stuck(live)

    def batch(self, lease_until: float) -> Batch:
        """Everything at once, for the store."""
        shard = self._shard
        return Batch(
            shard=shard.id,
            epoch=shard.epoch,
            head=shard.head,
            lease_until=lease_until,
            published=shard.published,
            in_offsets=self._offsets,
            events=self._events,
            sagas=[live.row for live in self.changed.values()],
            dead_letters=self._letters,
            actions=self._actions,
            done=self._done,
        )

    def commit(self, head: int) -> None:
        """The store has it: now the shard has it too."""
        self._shard.head = head
        self._shard.offsets = self._offsets
        for saga_id, live in self.changed.items():
            before = self._shard.get(saga_id) or self._found.get(saga_id)
            self._shard.open_sagas += live.is_open - (before is not None and before.is_open)
            self._shard.put(live)
        for saga_id in self._rung:
            if saga_id not in self.changed:
                self._shard.timers.set(saga_id, self._now + NOTHING_DUE)

    def _live(self, saga_id: str) -> Live | None:
        return self.changed.get(saga_id) or self._shard.get(saga_id) or self._found.get(saga_id)

    def _hear(self, arrived: Arrived) -> Verdict:
        live = self._live(arrived.saga_id)
        if live is None and not isinstance(arrived.asked, Start):
            problem = f"there is no saga {arrived.saga_id}"
            self.bury(arrived.record, arrived.saga_id, problem)
            return NotPossible(problem)
        if live is not None and isinstance(arrived.asked, Start):
            return self._started_before(live, arrived.asked)
        if live is not None and isinstance(arrived.asked, Verb):
            return self._ask_verb(live, arrived.asked)
        return self._ask(arrived.saga_id, live, arrived.asked)

    def _ask_verb(self, live: Live, asked: Verb) -> Verdict:
        set_aside = live.row.status == STUCK and not live.state.parked
        if isinstance(asked, Retry) and set_aside:
            self._advance(self._rules.version(live.state.version), live.row.id, live, [])
            return Accepted(live.row.id)
        try:
            return self._ask(live.row.id, live, fitted(self._rules.saga, live.state, asked))
        except Unfit as problem:
            return NotPossible(str(problem))

    def _started_before(self, live: Live, asked: Start) -> Verdict:
        if live.state.input != asked.input:
            return NotPossible(f"the key {asked.client_key!r} has started saga {live.row.id} with another input")
        self.ignored["started before"] += 1
        return Accepted(live.row.id, new=False)

    def _ask(self, saga_id: str, live: Live | None, asked: Asked | Tick) -> Verdict:
        definition = self._rules.current if live is None else self._rules.version(live.state.version)
        decided = decide(definition, self._rules.policy, None if live is None else live.state, asked, self._now)
        if isinstance(decided, Ignored):
            self.ignored[decided.reason] += 1
            return Accepted(saga_id, new=False)
        if isinstance(decided, Denied):
            return NotPossible(decided.reason)
        self._advance(definition, saga_id, live, decided.happened)
        return Accepted(saga_id)

    def _advance(self, definition: Definition, saga_id: str, live: Live | None, happened: Sequence[Happened]) -> None:
        """Note what happened, and what follows from each event. All of it, or nothing."""
        state = initial(definition, saga_id) if live is None else live.state
        appended: list[NewEvent] = []
        records: list[Outbound] = []
        for event, state in happened:
            out = follows(definition, self._shard, state, event, self._now)
            kind, version, values = encode(event)
            appended.append(NewEvent(saga_id, state.seq, kind, version, to_text(values), to_stored(out), self._now))
            records += out
        self.changed[saga_id] = Live(state, self._row(definition, state, live))
        self._events += appended
        self.records += records

    def _row(self, definition: Definition, state: SagaState, live: Live | None) -> SagaRow:
        state_seq = 0 if live is None else live.row.state_seq
        parked, is_open = state.parked, state.is_open
        keep = not is_open or parked or state.seq - state_seq >= self._rules.saga.snapshot_every
        return SagaRow(
            id=state.id,
            type=definition.saga,
            def_version=definition.version,
            shard=self._shard.id,
            seq=state.seq,
            status=STUCK if parked else state.status,
            label=label(definition, state),
            business_key=subject_of(definition, state),
            client_key=state.client_key,
            wake_at=wake_at(definition, state),
            state=to_text(snapshot.to_json(state)) if keep else None,
            state_seq=state.seq if keep else state_seq,
            started_at=self._now if live is None else live.row.started_at,
            closed_at=None if is_open else self._now,
        )

    def _mark_stuck(self, live: Live) -> None:
        row = live.row._replace(status=STUCK, wake_at=None, state=None)
        self.changed[live.row.id] = Live(live.state, row)

    def _tell(self, record: Record, verdict: Verdict) -> str:
        """Whoever asked gets to know, once the batch is committed."""
        said = _said(verdict)
        if (request := record.headers.get("request")) is not None:
            self.verdicts[request] = verdict
        if (inbox := record.headers.get("inbox", "")).isdigit():
            self._done.append(Done(int(inbox), said, self._now))
        return said


def _said(verdict: Verdict) -> str:
    """What the inbox is told; `inbox.py` reads it."""
    if isinstance(verdict, NotPossible):
        return f"refused: {verdict.reason}"
    return "accepted" if verdict.new else "accepted before"
