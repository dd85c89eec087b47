"""Mermaid diagrams of a saga: its states, the messages of a run with its compensation, its topics."""

from collections.abc import Iterator

from saga_scaffold.project.view import code
from saga_scaffold.spec import naming
from saga_scaffold.spec.graph import in_order
from saga_scaffold.spec.model import Kind, SagaSpec, Step


def states(spec: SagaSpec) -> Iterator[str]:
    """The labels of the saga: forward along `after`, and back from every refusal. Branches run beside each other."""
    yield "stateDiagram-v2"
    followed = {before for step in spec.steps for before in step.after}
    for step in in_order(spec):
        if not step.after:
            yield f"    [*] --> {step.state}"
        yield from (f"    {spec.step(id).state} --> {step.state}: {spec.step(id).success.name}" for id in step.after)
        if step.id not in followed:
            yield f"    {step.state} --> {spec.terminal.completed}: {step.success.name}"
    yield from _refusals(spec)
    yield from _undos(spec)
    yield f"    {spec.terminal.completed} --> [*]"
    yield f"    {spec.terminal.compensated} --> [*]"


def _refusals(spec: SagaSpec) -> Iterator[str]:
    for step in in_order(spec):
        if step.kind is not Kind.RETRIABLE:
            for target in _undone_next(spec, step):
                yield from (f"    {step.state} --> {target}: {failure.name}" for failure in step.failure)


def _undos(spec: SagaSpec) -> Iterator[str]:
    for step in reversed(in_order(spec)):
        if step.compensation and step.kind is Kind.COMPENSATABLE:
            for target in _undone_next(spec, step):
                yield f"    {step.compensation.state} --> {target}: {step.compensation.success.name}"


def _undone_next(spec: SagaSpec, step: Step) -> tuple[str, ...]:
    """The states after the step is settled backward: the undos of the nearest steps before it, or the end."""
    waiting, found = list(step.after), dict[str, None]()
    while waiting:
        before = spec.step(waiting.pop(0))
        if before.compensation and before.kind is Kind.COMPENSATABLE:
            found[before.compensation.state] = None
        else:
            waiting += before.after
    return tuple(found) or (spec.terminal.compensated,)


def sequence(spec: SagaSpec) -> Iterator[str]:
    """Who tells whom what: all goes well, or the last step that can be refused is, and what follows."""
    yield "sequenceDiagram"
    yield "    participant orchestrator as Orchestrator"
    for name in dict.fromkeys(step.context for step in spec.steps):
        yield f"    participant {_id(name)} as {_label(spec.contexts[name].title)}"
    may_fail = (step for step in reversed(in_order(spec)) if step.failure and step.kind is not Kind.RETRIABLE)
    refused = next(may_fail, None)
    for step in in_order(spec):
        yield f"    orchestrator->>{_id(step.context)}: {step.command.name}"
        if step is refused:
            yield from _alternatives(spec, step)
        else:
            yield f"    {_id(step.context)}-->>orchestrator: {step.success.name}"


def _alternatives(spec: SagaSpec, refused: Step) -> Iterator[str]:
    here = _id(refused.context)
    yield f"    alt {refused.success.name}"
    yield f"        {here}-->>orchestrator: {refused.success.name}"
    yield f"    else {refused.failure[0].name}"
    yield f"        {here}-->>orchestrator: {refused.failure[0].name}"
    ordered = in_order(spec)
    for step in reversed(ordered[: ordered.index(refused)]):
        if step.compensation and step.kind is Kind.COMPENSATABLE:
            yield f"        orchestrator->>{_id(step.context)}: {step.compensation.command.name}"
            yield f"        {_id(step.context)}-->>orchestrator: {step.compensation.success.name}"
    yield "    end"


def topics(spec: SagaSpec) -> Iterator[str]:
    """Who writes to and reads from which topic."""
    yield "flowchart LR"
    yield "    orchestrator([Orchestrator])"
    for name in dict.fromkeys(step.context for step in spec.steps):
        yield f'    {_id(name)}(["{_label(spec.contexts[name].title)}"])'
    yield from dict.fromkeys(_flows(spec))
    yield f"    {_topic(spec.starts_topic)} --> orchestrator"
    yield f"    {_topic(spec.replies_topic)} --> orchestrator --> {_topic(spec.lifecycle_topic)}"


def _flows(spec: SagaSpec) -> Iterator[str]:
    for step in spec.steps:
        context = _id(step.context)
        commands, events = [step.command], [step.success, *step.failure]
        if step.compensation:
            commands.append(step.compensation.command)
            events.append(step.compensation.success)
        for command in commands:
            yield f"    orchestrator --> {_topic(spec.command_topic(step, command))} --> {context}"
        for event in events:
            yield f"    {context} --> {_topic(spec.event_topic(step, event))}"
        yield f"    {context} --> {_topic(spec.replies_topic)}"


def _topic(name: str) -> str:
    return f'topic_{naming.snake(name.replace(".", "_").replace("-", "_"))}[("{name}")]'


def _id(context: str) -> str:
    return f"context_{naming.snake(context)}"


def _label(text: str) -> str:
    """Text that Mermaid shows as it is."""
    return "".join(f"#{ord(letter)};" if letter in '"#;<>{}[]()' else letter for letter in code.comment(text))
