"""What an input record asks of which saga: starts and verbs from callers, answers from participants."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ..messaging.broker import Outbound, Record
from ..messaging.envelope import Undecodable, read_answer, read_body
from .ids import shard_of
from .requests import VERBS, read_verb
from .rules import Rules
from .states import Answer, Start, Verb

Asked = Start | Verb | Answer


@dataclass(frozen=True, slots=True)
class Arrived:
    """An input for a saga, and the record it came in."""

    saga_id: str
    asked: Asked
    record: Record


@dataclass(frozen=True, slots=True)
class Garbled:
    """A record that asks nothing that can be understood, and why not."""

    record: Record
    problem: str


def ask(
    rules: Rules,
    saga_id: str,
    kind: str,
    body: Mapping[str, Any],
    client_key: str | None = None,
    request: str | None = None,
    inbox: int | None = None,
) -> Outbound:
    """The record that asks something of a saga. `request` names who waits, `inbox` the row it comes from."""
    named = {"client_key": client_key, "request": request, "inbox": None if inbox is None else str(inbox)}
    headers = {"type": kind, "saga_id": saga_id} | {name: text for name, text in named.items() if text is not None}
    return Outbound(rules.current.topics.starts, saga_id, json.dumps(body).encode(), headers, shard_of(saga_id))


def start_name(rules: Rules) -> str:
    """The type of a record that starts a saga."""
    return rules.saga.starts.stored_name


def kind_of(rules: Rules, verb: str) -> str:
    """The type of a record that asks for a verb: `start` or one of `VERBS`."""
    return start_name(rules) if verb == "start" else f"{rules.saga.name}.{verb}"


def understand(rules: Rules, record: Record) -> Arrived | Garbled:
    """What the record asks."""
    try:
        return _understand(rules, record)
    except Undecodable as problem:
        return Garbled(record, str(problem))


def _understand(rules: Rules, record: Record) -> Arrived:
    if record.topic == rules.current.topics.replies:
        return _answer(record)
    kind = record.headers.get("type", "")
    if kind == start_name(rules):
        return Arrived(_saga_id(record), _start(rules, record), record)
    verb = kind.removeprefix(f"{rules.saga.name}.")
    if verb in VERBS and kind == kind_of(rules, verb):
        return Arrived(_saga_id(record), read_verb(verb, read_body(record)), record)
    raise Undecodable(f"{kind!r} is nothing that can be asked of a saga")


def _answer(record: Record) -> Arrived:
    around, body = read_answer(record), read_body(record)
    reason = str(body.get("reason", ""))
    asked = Answer(
        step=around.step,
        phase=around.phase,
        attempt=around.attempt,
        outcome=around.outcome,
        event=around.type,
        body=body,
        reason=reason,
        retry_after=around.retry_after,
    )
    return Arrived(around.saga_id, asked, record)


def _start(rules: Rules, record: Record) -> Start:
    try:
        command = rules.saga.starts.model_validate(read_body(record))
    except ValidationError as problem:
        raise Undecodable(f"{start_name(rules)}: {problem}") from problem
    return Start(_saga_id(record), command.model_dump(mode="json"), record.headers.get("client_key"))


def _saga_id(record: Record) -> str:
    saga_id = record.headers.get("saga_id", "")
    try:
        shard = shard_of(saga_id)
    except ValueError:
        raise Undecodable(f"header saga_id is {saga_id!r}, which is not the id of a saga") from None
    if shard != record.partition:
        raise Undecodable(f"saga {saga_id} belongs to partition {shard}, not to {record.partition}")
    return saga_id
