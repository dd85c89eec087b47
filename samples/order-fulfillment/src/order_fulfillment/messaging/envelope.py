"""What travels around a message: the headers of commands, answers and domain events, all text."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

from pydantic_core import from_json

from .broker import Record

Phase = Literal["do", "undo", "resolve", "close"]
AnswerOutcome = Literal["ok", "refused", "retry", "undone"]
RefusalPolicy = Literal["final", "retry"]

LARGEST = 1_000_000
PHASES, OUTCOMES, REFUSALS = map(get_args, (Phase, AnswerOutcome, RefusalPolicy))


class Undecodable(Exception):
    """The record is not what its place promises; what is wrong with it."""


class CommandEnvelope(NamedTuple):
    """Around a command: who asks for which step, and where the answer goes. `deadline` is seconds since 1970.

    `stated` is what a person says that the outside did, as JSON: `outcome`, `event`, `body`.
    """

    type: str
    saga_id: str
    saga: str
    def_version: int
    step: str
    phase: Phase
    attempt: int
    key: str
    refusal: RefusalPolicy
    shard: int
    epoch: int
    reply_topic: str
    reply_partition: int
    deadline: float
    subject: str
    stated: str | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """As text."""
        texts = {
            "type": self.type,
            "saga_id": self.saga_id,
            "saga": self.saga,
            "def_version": str(self.def_version),
            "step": self.step,
            "phase": self.phase,
            "attempt": str(self.attempt),
            "key": self.key,
            "refusal": self.refusal,
            "shard": str(self.shard),
            "epoch": str(self.epoch),
            "reply_topic": self.reply_topic,
            "reply_partition": str(self.reply_partition),
            "deadline": str(self.deadline),
            "subject": self.subject,
        }
        rare = {"stated": self.stated, "traceparent": self.traceparent}
        return texts | {name: text for name, text in rare.items() if text is not None}


class AnswerEnvelope(NamedTuple):
    """Around an answer: to which attempt of which command, and how it went. `retry_after` is seconds."""

    outcome: AnswerOutcome
    type: str
    saga_id: str
    step: str
    phase: Phase
    attempt: int
    key: str
    retry_after: float | None = None
    traceparent: str | None = None

    def headers(self) -> dict[str, str]:
        """As text."""
        texts = {
            "outcome": self.outcome,
            "type": self.type,
            "saga_id": self.saga_id,
            "step": self.step,
            "phase": self.phase,
            "attempt": str(self.attempt),
            "key": self.key,
        }
        if self.retry_after is not None:
            texts["retry_after"] = str(self.retry_after)
        if self.traceparent is not None:
            texts["traceparent"] = self.traceparent
        return texts


def read_command(record: Record) -> CommandEnvelope:
    """The envelope of a command. Raises Undecodable."""
    found = record.headers
    try:
        return CommandEnvelope(
            type=found["type"],
            saga_id=found["saga_id"],
            saga=found["saga"],
            def_version=int(found["def_version"]),
            step=found["step"],
            phase=_one_of(PHASES, found["phase"]),
            attempt=int(found["attempt"]),
            key=found["key"],
            refusal=_one_of(REFUSALS, found["refusal"]),
            shard=int(found["shard"]),
            epoch=int(found["epoch"]),
            reply_topic=found["reply_topic"],
            reply_partition=int(found["reply_partition"]),
            deadline=float(found["deadline"]),
            subject=found["subject"],
            stated=found.get("stated"),
            traceparent=found.get("traceparent"),
        )
    except (KeyError, ValueError) as problem:
        raise Undecodable(f"not a command: {_said(problem)}") from problem


def read_answer(record: Record) -> AnswerEnvelope:
    """The envelope of an answer. Raises Undecodable."""
    found = record.headers
    try:
        return AnswerEnvelope(
            outcome=_one_of(OUTCOMES, found["outcome"]),
            type=found["type"],
            saga_id=found["saga_id"],
            step=found["step"],
            phase=_one_of(PHASES, found["phase"]),
            attempt=int(found["attempt"]),
            key=found["key"],
            retry_after=float(found["retry_after"]) if "retry_after" in found else None,
            traceparent=found.get("traceparent"),
        )
    except (KeyError, ValueError) as problem:
        raise Undecodable(f"not an answer: {_said(problem)}") from problem


def read_body(record: Record) -> Mapping[str, Any]:
    """The JSON object that a record carries. Raises Undecodable."""
    if len(record.value) > LARGEST:
        raise Undecodable(f"{len(record.value):,} bytes are too many, {LARGEST:,} are allowed")
    try:
        body = from_json(record.value, allow_inf_nan=False)
    except ValueError as problem:
        raise Undecodable(f"not JSON: {problem}") from problem
    if not isinstance(body, dict):
        raise Undecodable(f"not a JSON object but {type(body).__name__}")
    return body


def cloud_event(kind: str, source: str, event_id: str, subject: str, at: float) -> dict[str, str]:
    """The CloudEvents headers of an event that is there for everybody. `at` is seconds since 1970."""
    return {
        "ce_specversion": "1.0",
        "ce_id": event_id,
        "ce_type": kind,
        "ce_source": source,
        "ce_subject": subject,
        "ce_time": datetime.fromtimestamp(at, UTC).isoformat(),
        "content-type": "application/json",
    }


def _one_of(words: tuple[Any, ...], given: str) -> Any:
    if given not in words:
        raise ValueError(f"{given!r} is none of {', '.join(words)}")
    return given


def _said(problem: Exception) -> str:
    return f"header {problem} is missing" if isinstance(problem, KeyError) else str(problem)
