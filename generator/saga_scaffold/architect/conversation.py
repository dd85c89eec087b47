"""What is said to a model and what it answers, as values. Nothing here knows a wire format or a key."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Purpose(StrEnum):
    """Why the model is asked."""

    DESIGN = "design"
    REPAIR = "repair"
    GAPS = "gaps"


@dataclass(frozen=True)
class Turn:
    """One message of a conversation; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Tokens:
    """What the server counted; zero where it does not count."""

    prompt: int = 0
    completion: int = 0

    def __add__(self, other: "Tokens") -> "Tokens":
        return Tokens(self.prompt + other.prompt, self.completion + other.completion)

    @property
    def total(self) -> int:
        """Both directions together."""
        return self.prompt + self.completion


@dataclass(frozen=True)
class Request:
    """One question. A server may refuse any of `parameters`; `shape` is the JSON Schema of a structured answer."""

    purpose: Purpose
    model: str
    turns: tuple[Turn, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    shape: Mapping[str, Any] | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what decides the answer: the turns and the shape, whichever server and model answer it."""
        asked = {"turns": [[turn.role, turn.content] for turn in self.turns], "shape": self.shape}
        return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Reply:
    """A complete answer: its text, the model that the server says it used, and what had to be done to get it."""

    text: str
    model: str
    tokens: Tokens = field(default_factory=Tokens)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asking:
    """A question is about to leave for `host`."""

    purpose: Purpose
    model: str
    host: str


@dataclass(frozen=True)
class Hearing:
    """A piece of the answer arrived, `elapsed` seconds after the question; `tokens` is the number of pieces so far."""

    delta: str
    elapsed: float
    tokens: int


@dataclass(frozen=True)
class Noting:
    """Something that the person who waits should know, in one line."""

    note: str


Progress = Asking | Hearing | Noting
OnProgress = Callable[[Progress], None]


def unheard(progress: Progress) -> None:
    """A listener for callers that show nothing."""


class Correspondent(Protocol):
    """Whoever answers questions: a server, or a recording of one. A `ScaffoldError` says why there is no answer."""

    def ask(self, request: Request, on_progress: OnProgress) -> Reply:
        """The whole answer; pieces of it go to `on_progress` as they arrive."""
        ...
