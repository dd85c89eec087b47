"""The structure of a saga as data: what is needed to issue and to read its messages. Never edited once recorded."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32


@dataclass(frozen=True)
class Condition:
    """One comparison of a guard: `quantity > 0`."""

    field: str
    op: str
    value: Any


@dataclass(frozen=True)
class EventName:
    """An event by its stored name, and the topic on which the world hears of it."""

    event: str
    topic: str


@dataclass(frozen=True)
class Forward:
    """The forward action of a step. `gives` maps the fields of its success to types."""

    command: str
    topic: str
    takes: tuple[str, ...]
    state: str
    success: EventName
    gives: Mapping[str, str]
    failures: tuple[EventName, ...]


@dataclass(frozen=True)
class Backward:
    """The compensating action of a step."""

    command: str
    topic: str
    takes: tuple[str, ...]
    state: str
    success: EventName


@dataclass(frozen=True)
class StepDefinition:
    """A step of the graph. `undo` is None where there is nothing to undo; `when` is empty where it always runs."""

    id: str
    context: str
    kind: str
    effect: str
    after: tuple[str, ...]
    when: tuple[Condition, ...]
    do: Forward
    undo: Backward | None

    @property
    def external(self) -> bool:
        """It takes effect in somebody else's system."""
        return self.effect == "external"


@dataclass(frozen=True)
class SagaTopics:
    """The topics of the saga itself."""

    replies: str
    starts: str
    events: str


@dataclass(frozen=True)
class Terminal:
    """What people call the two regular ends."""

    completed: str
    compensated: str


@dataclass(frozen=True)
class Definition:
    """One version of a saga's structure. The graph's questions are answered once and remembered."""

    saga: str
    version: int
    shards: int
    business_key: str
    input: Mapping[str, str]
    topics: SagaTopics
    terminal: Terminal
    steps: tuple[StepDefinition, ...]
    text: str
    sha: str

    @cached_property
    def by_id(self) -> Mapping[str, StepDefinition]:
        """The steps by id."""
        return {step.id: step for step in self.steps}

    def step(self, id: str) -> StepDefinition:
        """The step of that id; a `KeyError` where there is none."""
        return self.by_id[id]

    @cached_property
    def decisive(self) -> tuple[StepDefinition, ...]:
        """The steps that can bring the saga past its point of no return: its pivot and what must succeed in the end."""
        return tuple(step for step in self.steps if step.kind != "compensatable")

    @cached_property
    def descendants(self) -> Mapping[str, frozenset[str]]:
        """For each step all steps that come after it, directly or not."""
        below: dict[str, set[str]] = {step.id: set() for step in self.steps}
        for step in reversed(self.ordered):
            for before in step.after:
                below[before] |= {step.id} | below[step.id]
        return {id: frozenset(steps) for id, steps in below.items()}

    @cached_property
    def ordered(self) -> tuple[StepDefinition, ...]:
        """The steps, each after all its predecessors, otherwise as written."""
        placed: dict[str, StepDefinition] = {}
        waiting = list(self.steps)
        while waiting:
            step = next(step for step in waiting if all(before in placed for before in step.after))
            placed[step.id] = step
            waiting.remove(step)
        return tuple(placed.values())

    @cached_property
    def types(self) -> Mapping[str, str]:
        """The type of every field that an input or a result supplies."""
        gives = {name: kind for step in self.steps for name, kind in step.do.gives.items()}
        return {**self.input, **gives}


Definitions = tuple[Definition, ...]


@dataclass(frozen=True)
class StepPolicy:
    """How long an attempt of a step may take, and how it is repeated. Times are seconds."""

    timeout_s: float
    attempts: int
    first_s: float
    factor: float
    cap_s: float

    def pause(self, attempt: int, key: str) -> float:
        """How long to wait after that attempt: growing, capped, and spread by a hash of key and attempt."""
        spread = 0.75 + 0.5 * (crc32(f"{key}:{attempt}".encode()) / 0xFFFFFFFF)
        return min(self.first_s * self.factor ** min(attempt - 1, 60), self.cap_s) * spread

    def wait(self, attempt: int, key: str) -> float:
        """How long an attempt that must succeed in the end waits for its answer before it is repeated."""
        return self.timeout_s + self.pause(attempt, key)


@dataclass(frozen=True)
class Policy:
    """What may change while sagas run: times and attempts. `deadline_s` counts from the start."""

    deadline_s: float
    steps: Mapping[str, StepPolicy]


def load_definitions(folder: Path) -> Definitions:
    """Every recorded version, oldest first, from the `v<N>.json` of a folder."""
    found = (parse_definition(path.read_text(encoding="utf-8")) for path in folder.glob("v*.json"))
    return tuple(sorted(found, key=lambda definition: definition.version))


def parse_definition(text: str) -> Definition:
    """A definition from its JSON."""
    told = json.loads(text)
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return Definition(
        saga=told["saga"],
        version=told["version"],
        shards=told["shards"],
        business_key=told["business_key"],
        input=told["input"],
        topics=SagaTopics(**told["topics"]),
        terminal=Terminal(**told["terminal"]),
        steps=tuple(_step(step) for step in told["steps"]),
        text=canonical,
        sha=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def _step(told: Mapping[str, Any]) -> StepDefinition:
    do, undo = told["do"], told["undo"]
    return StepDefinition(
        id=told["id"],
        context=told["context"],
        kind=told["kind"],
        effect=told["effect"],
        after=tuple(told["after"]),
        when=tuple(Condition(**condition) for condition in told["when"]),
        do=Forward(
            command=do["command"],
            topic=do["topic"],
            takes=tuple(do["takes"]),
            state=do["state"],
            success=EventName(do["success"]["event"], do["success"]["topic"]),
            gives=do["success"].get("gives", {}),
            failures=tuple(EventName(**failure) for failure in do["failures"]),
        ),
        undo=(
            None
            if undo is None
            else Backward(
                undo["command"], undo["topic"], tuple(undo["takes"]), undo["state"], EventName(**undo["success"])
            )
        ),
    )
