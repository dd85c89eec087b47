"""The words in which `saga.py` tells its story, and the policy that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from typing import Protocol, TypeVar

from .messaging.message import Command, Event, Refusal
from .orchestrator.definitions import Policy, StepPolicy


@dataclass(frozen=True)
class Retry:
    """How often and how patiently a command is sent again; the first attempt counts."""

    attempts: int = 5
    first: timedelta = timedelta(milliseconds=200)
    factor: float = 2.0
    cap: timedelta = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One forward action, its outcomes, and what undoes it. Without an undo, `because` says why.

    `until` is the last version of the structure whose sagas speak these words; None for today's.
    """

    id: str
    title: str
    do: type[Command]
    done: type[Event]
    refused: tuple[type[Refusal], ...] = ()
    undo: type[Command] | None = None
    undone: type[Event] | None = None
    because: str = ""
    timeout: timedelta = timedelta(seconds=30)
    retry: Retry = field(default_factory=Retry)
    until: int | None = None

    def policy(self) -> StepPolicy:
        """Its times and attempts, in seconds."""
        retry = self.retry
        first, cap = retry.first.total_seconds(), retry.cap.total_seconds()
        return StepPolicy(self.timeout.total_seconds(), retry.attempts, first, retry.factor, cap)


@dataclass(frozen=True, kw_only=True)
class Saga:
    """The whole story. `version` names the structure that new sagas are pinned to.

    `retired` holds what only sagas of earlier versions still do. A snapshot is kept every so many events.
    """

    name: str
    title: str
    version: int
    starts: type[Command]
    deadline: timedelta
    steps: tuple[Step, ...]
    retired: tuple[Step, ...] = ()
    snapshot_every: int = 8

    def policy(self) -> Policy:
        """Times and attempts of all steps, as they are now."""
        policies = {step.id: step.policy() for step in (*self.retired, *self.steps)}
        return Policy(self.deadline.total_seconds(), policies)

    def step(self, id: str, version: int) -> Step:
        """The step as sagas of that version know it. Raises KeyError."""
        return as_of(version, [step for step in (*self.steps, *self.retired) if step.id == id])


class Dated(Protocol):
    """Something that holds up to a version, or from then on."""

    @property
    def until(self) -> int | None:
        """The last version for which it holds; None where there is no end."""
        ...


D = TypeVar("D", bound=Dated)


def as_of(version: int, dated: Iterable[D]) -> D:
    """What holds for a version: of all that have not ended before it, what ends first. Raises KeyError."""
    holding = [one for one in dated if one.until is None or version <= one.until]
    if not holding:
        raise KeyError(version)
    return min(holding, key=lambda one: inf if one.until is None else one.until)
