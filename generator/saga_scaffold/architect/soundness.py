"""What makes an architect's saga sound, beyond being readable: each function says what is wrong, or nothing."""

from collections.abc import Iterator

from saga_scaffold.spec.model import Message, SagaSpec, Step


def actions_without_undo(spec: SagaSpec, text: str) -> str:
    """The forward actions for which `text` names neither a compensating action nor a reason to have none."""
    silent = [step.id for step in spec.steps if not _undo_is_written(spec, step, text)]
    return f"no compensating action is written for {', '.join(silent)}" if silent else ""


def shared_topics(spec: SagaSpec) -> str:
    """The topics that two contexts use, and the names that two messages bear."""
    owners: dict[str, set[str]] = {}
    names: dict[str, int] = {}
    for step in spec.steps:
        for topic, owner in _topics(spec, step):
            owners.setdefault(topic, set()).add(owner)
        for message in _messages(step):
            names[message.stored_name] = names.get(message.stored_name, 0) + 1
    shared = sorted(topic for topic, users in owners.items() if len(users) > 1)
    twice = sorted(name for name, count in names.items() if count > 1)
    parts = [f"topics of two owners: {', '.join(shared)}"] * bool(shared) + [
        f"names used twice: {', '.join(twice)}"
    ] * bool(twice)
    return "; ".join(parts)


def open_states(spec: SagaSpec) -> str:
    """The states that two phases share or that are no end, and the steps that nothing leads to."""
    labels = [step.state for step in spec.steps] + [step.compensation.state for step in spec.steps if step.compensation]
    ends = {spec.terminal.completed, spec.terminal.compensated}
    twice = sorted({label for label in labels if labels.count(label) > 1})
    running_ends = sorted(ends & set(labels))
    parts = [f"states of two phases: {', '.join(twice)}"] * bool(twice)
    parts += [f"terminal states that still run: {', '.join(running_ends)}"] * bool(running_ends)
    parts += ["completed and compensated are one state"] * (len(ends) == 1)
    parts += [f"never reached: {', '.join(lost)}"] if (lost := _unreached(spec)) else []
    return "; ".join(parts)


def _undo_is_written(spec: SagaSpec, step: Step, text: str) -> bool:
    undo = step.compensation
    if f"steps.{step.id}.undo" not in spec.assumed:
        return True
    return undo is not None and undo.command.stored_name in text


def _topics(spec: SagaSpec, step: Step) -> Iterator[tuple[str, str]]:
    """Each topic with its owner: a context owns its commands apart from its events."""
    undo = step.compensation
    commands = [step.command] + ([undo.command] if undo else [])
    events = [step.success, *step.failure] + ([undo.success] if undo else [])
    yield from ((spec.command_topic(step, message), f"{step.context} commands") for message in commands)
    yield from ((spec.event_topic(step, message), f"{step.context} events") for message in events)


def _messages(step: Step) -> Iterator[Message]:
    yield from (step.command, step.success, *step.failure)
    if step.compensation:
        yield from (step.compensation.command, step.compensation.success)


def _unreached(spec: SagaSpec) -> list[str]:
    reached: set[str] = set()
    waiting = list(spec.steps)
    while ready := [step for step in waiting if set(step.after) <= reached]:
        reached |= {step.id for step in ready}
        waiting = [step for step in waiting if step.id not in reached]
    return [step.id for step in waiting]
