"""Where a saga and its steps can be, what can be put to a saga, and what can come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from .events import Event

Phase = Literal["do", "undo", "resolve", "close"]
Status = Literal["RUNNING", "COMPENSATING", "ABANDONING", "COMPLETED", "COMPENSATED", "ABANDONED"]
Stated = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Idle:
    """Not issued yet."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Its guard was false."""


@dataclass(frozen=True, slots=True)
class Run:
    """Attempt `n` is under way; at `due` it counts as lost."""

    n: int
    due: float
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Backoff:
    """Attempt `n` came to nothing; the next one goes out at `due`."""

    n: int
    due: float
    parked: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """It has taken effect."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It was refused and has taken no effect."""


@dataclass(frozen=True, slots=True)
class Resolve:
    """Its participant is asked how it ended, because of `why`.

    With `given`, a step that has had no effect counts as done with that result. `stated` is what a person knows of
    the outside: `outcome`, `event` and `body`.
    """

    n: int
    due: float
    why: str
    parked: bool = False
    given: Mapping[str, Any] | None = None
    stated: Stated | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """It is being undone."""

    n: int
    due: float
    parked: bool = False
    stated: Stated | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Its participant is told to leave it as it is from now on."""

    n: int
    due: float
    parked: bool = False
    stated: Stated | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """It has no effect any more, or a person has said that its effect may stay."""


StepState = Idle | Skipped | Run | Backoff | Done | Failed | Resolve | Undo | Close | Undone
Asked = Resolve | Undo | Close
Open = Run | Backoff | Asked
IDLE, DONE, UNDONE = Idle(), Done(), Undone()
ASKED = (Resolve, Undo, Close)
OPEN = (Run, Backoff, *ASKED)
NOTHING: Mapping[str, Any] = MappingProxyType({})


class SagaState(NamedTuple):
    """A saga as it stands: the fold of its events. `steps` leaves out idle ones, `data` is input and all results.

    `forced` says that a person has it undone past its point of no return.
    """

    id: str
    version: int
    status: Status = "RUNNING"
    steps: Mapping[str, StepState] = NOTHING
    input: Mapping[str, Any] = NOTHING
    data: Mapping[str, Any] = NOTHING
    client_key: str | None = None
    deadline_at: float = 0.0
    forced: bool = False
    seq: int = 0

    def step(self, id: str) -> StepState:
        """The state of a step."""
        return self.steps.get(id, IDLE)

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.status in ("RUNNING", "COMPENSATING", "ABANDONING")

    @property
    def parked(self) -> bool:
        """Whether a step has used up its attempts and needs a person."""
        return any(getattr(step, "parked", False) for step in self.steps.values())


@dataclass(frozen=True, slots=True)
class Start:
    """Begin, with this input."""

    id: str
    input: Mapping[str, Any]
    client_key: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a participant says of a command. `retry_after` and `reason` belong to `retry` and `refused`."""

    step: str
    phase: Phase
    attempt: int
    outcome: Literal["ok", "refused", "retry", "undone"]
    event: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; whatever is due is dealt with."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Somebody, or the deadline, wants the saga undone."""

    by: str
    reason: str = ""
    why: Literal["operator", "deadline"] = "operator"


@dataclass(frozen=True, slots=True)
class Retry:
    """Somebody wants a parked step tried again as if for the first time."""

    step: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Somebody wants the saga to go on without a step: as if it were done with that result, or undone."""

    step: str
    by: str
    reason: str
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody knows what the outside did, and that it will not do it any more."""

    step: str
    by: str
    reason: str
    outcome: Literal["ok", "refused"]
    event: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ForceUndo:
    """Somebody wants the saga undone although it is past its point of no return."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """Somebody gives the saga up: nothing new begins, nothing more is undone."""

    by: str
    reason: str


Verb = Cancel | Retry | Skip | Found | ForceUndo | Abandon
Input = Start | Answer | Tick | Verb


@dataclass(frozen=True, slots=True)
class Decided:
    """What happens."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing happens; the reason is counted."""

    reason: str


@dataclass(frozen=True, slots=True)
class Denied:
    """What was asked for is not possible, and why."""

    reason: str


Decision = Decided | Ignored | Denied


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A command to a participant. The key is the same for every attempt; `stated` as in `Resolve`."""

    step: str
    phase: Phase
    attempt: int
    command: str
    topic: str
    body: Mapping[str, Any]
    key: str
    stated: Stated | None = None


def phase_of(step: StepState) -> Phase:
    """What its participant is asked for."""
    match step:
        case Undo():
            return "undo"
        case Resolve():
            return "resolve"
        case Close():
            return "close"
    return "do"
