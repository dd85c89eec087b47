"""What a participant has agreed to do: its steps with their words, handlers and topics."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..messaging.broker import Record
from ..messaging.envelope import CommandEnvelope, Undecodable, read_body, read_command
from ..messaging.message import Command
from ..orchestrator.definitions import Definition, StepDefinition
from ..story import Saga, Step, as_of
from .barrier import BarrierKey
from .handlers import Handling, Participant


@dataclass(frozen=True)
class Assignment:
    """One step of the participant. `topics` says where each of its events is announced."""

    step: Step
    handling: Handling
    external: bool
    topics: Mapping[str, str]


class Job(NamedTuple):
    """What a record asks for, and the barrier row that it concerns, `key`.

    `command` is the forward command in phase `do`; the other phases only carry a body.
    """

    record: Record
    envelope: CommandEnvelope
    body: Mapping[str, Any]
    assignment: Assignment
    command: Command | None
    key: BarrierKey


Decode = Callable[[Record], Job]


def decoder(saga: Saga, definitions: Iterable[Definition], participant: Participant) -> Decode:
    """Understands the commands of one participant. What it returns raises Undecodable."""
    known = {
        (definition.version, shape.id): _assignment(saga, participant, definition.version, shape)
        for definition in definitions
        for shape in definition.steps
        if shape.context == participant.context
    }

    def decode(record: Record) -> Job:
        envelope = read_command(record)
        assignment = known.get((envelope.def_version, envelope.step))
        if assignment is None:
            raise Undecodable(
                f"{participant.context} does not carry out {envelope.step!r} of version {envelope.def_version}"
            )
        body = read_body(record)
        command = _command(envelope, assignment, body)
        return Job(record, envelope, body, assignment, command, BarrierKey(envelope.saga_id, envelope.step))

    return decode


def _assignment(saga: Saga, participant: Participant, version: int, shape: StepDefinition) -> Assignment:
    handling = as_of(version, [one for one in participant.handlings if one.step == shape.id])
    return Assignment(saga.step(shape.id, version), handling, shape.effect == "external", _topics(shape))


def _command(envelope: CommandEnvelope, assignment: Assignment, body: Mapping[str, Any]) -> Command | None:
    if envelope.phase != "do":
        return None
    word = assignment.step.do
    if envelope.type != word.stored_name:
        raise Undecodable(f"{envelope.step!r} is asked for with {word.stored_name}, not with {envelope.type}")
    try:
        return word.model_validate(body)
    except ValidationError as problem:
        raise Undecodable(f"{envelope.type}: {problem}") from problem


def _topics(shape: StepDefinition) -> dict[str, str]:
    told = (shape.do.success, *shape.do.failures, *([shape.undo.success] if shape.undo else []))
    return {outcome.event: outcome.topic for outcome in told}
