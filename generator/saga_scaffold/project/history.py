"""Earlier versions of the structure under which sagas may still be running, and what only they still say and do."""

from collections.abc import Iterator
from dataclasses import dataclass

from saga_scaffold.spec.model import Message, SagaSpec, Step


@dataclass(frozen=True)
class Recorded:
    """An earlier version: its spec, and its definition exactly as it was written."""

    version: int
    spec: SagaSpec
    definition: str


FIRST_VERSION = 1

History = tuple[Recorded, ...]
"""Every earlier version that is not drained, oldest first."""


@dataclass(frozen=True)
class Retired:
    """A step whose words have changed since, or that is gone: only sagas up to version `until` know it so."""

    step: Step
    spec: SagaSpec
    until: int


def retired_steps(spec: SagaSpec, history: History) -> tuple[Retired, ...]:
    """What only running sagas still do, the latest first."""
    heads = {step.id: _words(step) for step in spec.steps}
    found = []
    for one in reversed(history):
        for step in one.spec.steps:
            if heads.get(step.id) != _words(step):
                heads[step.id] = _words(step)
                found.append(Retired(step, one.spec, one.version))
    return tuple(found)


def messages_of(step: Step) -> Iterator[Message]:
    """Every command and event of a step."""
    yield from (step.command, step.success, *step.failure)
    if step.compensation:
        yield from (step.compensation.command, step.compensation.success)


def class_names(spec: SagaSpec, retired: tuple[Retired, ...]) -> dict[str, str]:
    """Class name by stored name; a retired message whose name was given anew gets its version added."""
    names = {message.stored_name: message.name for step in spec.steps for message in messages_of(step)}
    for one in retired:
        for message in messages_of(one.step):
            taken = message.name in names.values()
            names.setdefault(message.stored_name, f"{message.name}V{one.until}" if taken else message.name)
    return names


def _words(step: Step) -> tuple[object, ...]:
    undo = step.compensation
    back = (undo.command.stored_name, undo.success.stored_name) if undo else None
    failures = tuple(failure.stored_name for failure in step.failure)
    return (step.context, step.effect, step.command.stored_name, step.success.stored_name, failures, back)
