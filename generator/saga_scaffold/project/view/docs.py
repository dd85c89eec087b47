"""What the project's README and docs/fsm.md show: the story, diagrams, tables. All text is escaped for Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass

from saga_scaffold.project.view import diagram
from saga_scaffold.project.view.contexts import handler_name
from saga_scaffold.spec import naming
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.graph import in_order
from saga_scaffold.spec.model import Effect, Kind, SagaSpec, Step

MOST_NAMED = 5


@dataclass(frozen=True)
class StepRow:
    """A step in tables: everything as Markdown."""

    number: int
    id: str
    title: str
    context: str
    module: str
    command: str
    handler: str
    success: str
    failure: str
    undo: str
    undo_handler: str
    state: str
    undo_state: str
    kind: str
    order: str
    timeout: str
    attempts: str


@dataclass(frozen=True)
class Docs:
    """What the Markdown files are made of."""

    title: str
    summary: str
    business_key: str
    rows: tuple[StepRow, ...]
    states: tuple[str, ...]
    mermaid: tuple[str, ...]
    stream: tuple[tuple[str, str], ...]
    start_json: str
    completed: str
    compensated: str
    pivot: str


def docs(spec: SagaSpec, start_json: str) -> Docs:
    """README and docs/fsm.md as values."""
    return Docs(
        title=text(spec.title),
        summary=text(spec.summary or _summary(spec)),
        business_key=spec.business_key,
        rows=tuple(_row(spec, number, step) for number, step in enumerate(spec.steps, 1)),
        states=tuple(_states(spec)),
        mermaid=tuple(diagram.states(spec)),
        stream=tuple(_stream(spec)),
        start_json=start_json,
        completed=spec.terminal.completed,
        compensated=spec.terminal.compensated,
        pivot=next((text(step.title) for step in spec.steps if step.kind is Kind.PIVOT), ""),
    )


def text(words: str) -> str:
    """Words as one line of Markdown that means nothing but itself."""
    one_line = " ".join(words.split())
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|~" else letter for letter in one_line)


def _summary(spec: SagaSpec) -> str:
    """What there is to say where nobody has said it."""
    *others, last = (context.title for context in spec.contexts.values())
    where = f"across {', '.join(others)} and {last}" if others else f"in {last}"
    where = where if len(others) < MOST_NAMED else f"across {len(others) + 1} bounded contexts"
    return f"A saga of {len(spec.steps)} step{'s' if len(spec.steps) > 1 else ''} {where}."


def _row(spec: SagaSpec, number: int, step: Step) -> StepRow:
    undo = step.compensation
    return StepRow(
        number=number,
        id=step.id,
        title=text(step.title),
        context=text(spec.contexts[step.context].title),
        module=naming.snake(step.context),
        command=step.command.name,
        handler=handler_name(step.command.name),
        success=step.success.name,
        failure=", ".join(f"`{failure.name}`" for failure in step.failure) or "none",
        undo=f"`{undo.command.name}`" if undo else text(step.because or "nothing to undo"),
        undo_handler=f"`{handler_name(undo.command.name)}`" if undo else "none",
        state=step.state,
        undo_state=f"`{undo.state}`" if undo else "",
        kind=step.kind.value + (", external" if step.effect is Effect.EXTERNAL else ""),
        order=", ".join(step.after) or "start",
        timeout=format_duration(step.timeout),
        attempts=str(step.retry.attempts),
    )


def _states(spec: SagaSpec) -> Iterator[str]:
    seen: dict[str, None] = {}
    for step in spec.steps:
        seen[step.state] = None
        if step.compensation:
            seen[step.compensation.state] = None
    yield from seen


def _stream(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    """The events of a saga that goes well: (event, what it is about)."""
    yield "SagaStarted", f"`{spec.business_key}` and the rest of the input"
    for step in in_order(spec):
        yield "StepStarted", f"`{step.id}`; `{step.command.name}` goes out"
        yield "StepSucceeded", f"`{step.id}`; `{step.success.name}` came back"
    yield "SagaCompleted", f"`{spec.terminal.completed}`"
