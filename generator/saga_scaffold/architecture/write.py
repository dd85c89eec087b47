"""A spec as the architecture document: the form that both architects answer in, and that `own_form.py` reads back."""

from collections.abc import Iterator

from saga_scaffold.architecture.inline import bold, code, prose
from saga_scaffold.architecture.promises import compensation, event_store, policies
from saga_scaffold.spec import naming
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.model import Channel, Message, SagaSpec, Step, Undo

ASSUMED = " *(assumed)*"
USUAL = "(usual)"
OWN = "(its own)"


def write_architecture(spec: SagaSpec) -> str:
    """The document; `read_architecture` reads the same spec from it."""
    parts = [
        [f"# {prose(spec.title)}"],
        list(_orchestrator(spec)),
        list(_steps(spec)),
        ["## 3. Compensation", "", *compensation(spec)],
        ["## 4. Event store", "", *event_store(spec), *_proposals(spec, "event_store")],
        list(_policies(spec)),
        list(_assumed(spec)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _orchestrator(spec: SagaSpec) -> Iterator[str]:
    mark = _Marks(spec)
    yield from ("## 1. Orchestrator and states", "")
    yield f"- Saga: {code(spec.saga)}{mark('saga')}"
    yield f"- Orchestrator: {prose(spec.title)} Orchestrator, a bounded context of its own"
    yield f"- Package: {code(spec.package)}"
    if spec.summary:
        yield f"- Summary: {prose(spec.summary)}"
    yield f"- Input: {_fields(spec.input)}{mark('input')}"
    yield f"- Deadline: {format_duration(spec.deadline)}{mark('deadline')}"
    yield ""
    yield from _contexts(spec)
    yield ""
    yield from _states(spec)
    yield ""
    yield f"- Terminal state, completed: {code(spec.terminal.completed)}{mark('terminal.completed', 'terminal')}"
    yield f"- Terminal state, compensated: {code(spec.terminal.compensated)}{mark('terminal.compensated', 'terminal')}"


def _contexts(spec: SagaSpec) -> Iterator[str]:
    yield "| Bounded context | Title | Command topic | Event topic |"
    yield "| --- | --- | --- | --- |"
    for name, context in spec.contexts.items():
        commands = _channel(context.commands, f"{name}.commands")
        events = _channel(context.events, f"{name}.events")
        yield f"| {code(name)} | {prose(context.title)} | {commands} | {events} |"


def _channel(channel: Channel | None, usual: str) -> str:
    if channel is None:
        return f"{bold(usual)} {USUAL}"
    return bold(channel.topic) + (f", {channel.partitions} partitions" if channel.partitions is not None else "")


def _states(spec: SagaSpec) -> Iterator[str]:
    yield "| State | Bounded context | Meaning |"
    yield "| --- | --- | --- |"
    for step in spec.steps:
        yield f"| {code(step.state)} | {code(step.context)} | {code(step.command.name)} is under way |"
    for step in reversed(spec.steps):
        if step.compensation:
            undo = step.compensation
            yield f"| {code(undo.state)} | {code(step.context)} | {code(undo.command.name)} is under way |"
    yield f"| {code(spec.terminal.completed)} | orchestrator | terminal: every step is done or was skipped |"
    yield f"| {code(spec.terminal.compensated)} | orchestrator | terminal: what had been done is undone |"


def _steps(spec: SagaSpec) -> Iterator[str]:
    yield "## 2. Forward steps"
    for number, step in enumerate(spec.steps, start=1):
        yield from ("", f"### Step {number}: {prose(step.title)}", "")
        yield from _step(spec, step)


def _step(spec: SagaSpec, step: Step) -> Iterator[str]:
    mark = _Marks(spec, f"steps.{step.id}.")
    yield f"- Step id: {code(step.id)}"
    if step.was is not None:
        yield f"- Former step id: {code(step.was)}"
    yield f"- Bounded context: {code(step.context)} ({prose(spec.contexts[step.context].title)}){mark('context')}"
    yield f"- Command: {_message(step.command)}{mark('command')}"
    yield f"- **Command topic**: {_topic(spec.command_topic(step), step.command)}"
    yield f"- Takes: {_names(step.takes)}{mark('takes')}"
    yield f"- State: {code(step.state)}{mark('state')}"
    yield f"- Success event: {_message(step.success)}{mark('success')}"
    yield f"- Gives: {_fields(step.gives)}{mark('gives')}"
    yield f"- Failure event: {', '.join(map(_routed, step.failure)) or 'none'}{mark('failure')}"
    yield f"- **Event topic**: {_topic(spec.event_topic(step, step.success), step.success)}"
    yield from _undo(step, mark)
    yield f"- Kind: {step.kind.value}{mark('kind')}"
    yield f"- Effect: {step.effect.value}{mark('effect')}"
    yield f"- Runs after: {_names(step.after) if step.after else 'nothing'}{mark('after')}"
    if step.when is not None:
        yield f"- Condition: {code(step.when)}{mark('when')}"
    yield f"- Timeout: {format_duration(step.timeout)}{mark('timeout')}"
    yield f"- Retries: {_retry(step)}{mark('retry')}"


def _undo(step: Step, mark: "_Marks") -> Iterator[str]:
    undo = step.compensation
    if undo is None:
        because = f", because {prose(step.because)}" if step.because is not None else ""
        yield f"- **Compensating action**: none{because}{mark('undo')}"
        return
    yield f"- **Compensating action**: {_routed(undo.command, bold)}{mark('undo')}"
    if undo.title != naming.sentence(undo.command.name):
        yield f"- Compensation title: {prose(undo.title)}"
    yield f"- Compensation takes: {_names(undo.takes)}{mark('undo.takes')}"
    yield f"- Compensation event: {_routed(undo.success)}{mark('undo.success')}"
    yield f"- Compensation state: {code(undo.state)}{mark('undo.state')}"
    yield from _reason_beside(step, undo)


def _reason_beside(step: Step, undo: Undo) -> Iterator[str]:
    if step.because is not None:
        yield f"- Nothing to undo: {prose(step.because)}, says the file, beside {code(undo.command.name)}"


def _message(message: Message) -> str:
    return code(message.name) + (f", stored as {code(message.wire)}" if message.wire is not None else "")


def _routed(message: Message, as_=code) -> str:  # type: ignore[no-untyped-def]
    stored = f" stored as {code(message.wire)}" if message.wire is not None else ""
    return f"{as_(message.name)}{stored}" + (f" on {bold(message.topic)}" if message.topic is not None else "")


def _topic(topic: str, message: Message) -> str:
    return f"{bold(topic)} {OWN}" if message.topic is not None else bold(topic)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(code, names)) or "none"


def _fields(fields: dict[str, str]) -> str:
    return ", ".join(code(f"{name}: {type_}") for name, type_ in fields.items()) or "none"


def _retry(step: Step) -> str:
    retry = step.retry
    factor = f"{retry.factor!r}".removesuffix(".0")
    first, cap = format_duration(retry.first), format_duration(retry.cap)
    return f"{retry.attempts} attempts, first after {first}, factor {factor}, at most {cap}"


def _policies(spec: SagaSpec) -> Iterator[str]:
    yield "## 5. Idempotency, retries, ordering, split brain"
    for heading, kind, bullets in policies(spec):
        yield from ("", f"### {heading}", "", *bullets, *_proposals(spec, kind))


def _proposals(spec: SagaSpec, kind: str) -> Iterator[str]:
    for text in getattr(spec.proposed, kind):
        yield f"- *Proposed:* {prose(text)}"


def _assumed(spec: SagaSpec) -> Iterator[str]:
    if spec.assumed:
        yield from ("## 6. Assumed values", "")
        yield from (f"- {code(path)}" for path in spec.assumed)


class _Marks:
    """What stands behind a value that no text stated: `mark('timeout')`."""

    def __init__(self, spec: SagaSpec, prefix: str = "") -> None:
        self._assumed = frozenset(spec.assumed)
        self._prefix = prefix

    def __call__(self, *paths: str) -> str:
        return ASSUMED if any(f"{self._prefix}{path}" in self._assumed for path in paths) else ""
