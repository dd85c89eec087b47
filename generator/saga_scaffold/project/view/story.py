"""saga.py: the story of the saga with its times and attempts; app.py: who handles what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from saga_scaffold.project.history import History, class_names, messages_of, retired_steps
from saga_scaffold.project.view import code
from saga_scaffold.project.view.contexts import ContextModule
from saga_scaffold.project.view.examples import Argument, start_arguments
from saga_scaffold.project.view.messages import start_class
from saga_scaffold.spec.field_type import parse_type
from saga_scaffold.spec.model import EventStore, Kind, Retry, SagaSpec, Step


@dataclass(frozen=True)
class StoryStep:
    """One `Step(...)` of saga.py; `notes` are the comment lines above it, `settings` its keyword arguments."""

    notes: tuple[str, ...]
    settings: tuple[Argument, ...]


@dataclass(frozen=True)
class Story:
    """saga.py."""

    doc: str
    lines: tuple[str, ...]
    words: tuple[str, ...]
    names: tuple[str, ...]
    settings: tuple[Argument, ...]
    steps: tuple[StoryStep, ...]
    retired: tuple[StoryStep, ...]


@dataclass(frozen=True)
class Composition:
    """app.py."""

    doc: str
    imports: tuple[code.Import, ...]
    contexts: tuple[ContextModule, ...]
    modules: tuple[str, ...]
    start: str
    example: tuple[Argument, ...]


def story(spec: SagaSpec, version: int, history: History = ()) -> Story:
    """The story as saga.py tells it."""
    retired = retired_steps(spec, history)
    retries = any(step.retry != Retry() for step in (*spec.steps, *(one.step for one in retired)))
    names = class_names(spec, retired)
    return Story(
        doc=code.docstring(f"{spec.title}, step by step."),
        lines=tuple(_outline(spec)),
        words=tuple(sorted({start_class(spec), *_words(spec.steps, names), *_words([r.step for r in retired], names)})),
        names=("Retry", "Saga", "Step") if retries else ("Saga", "Step"),
        settings=tuple(_saga_settings(spec, version)),
        steps=tuple(StoryStep(_notes(spec, step), tuple(_settings(step, names))) for step in spec.steps),
        retired=tuple(
            StoryStep((), (*_settings(one.step, names), Argument("until", str(one.until)))) for one in retired
        ),
    )


def _saga_settings(spec: SagaSpec, version: int) -> Iterator[Argument]:
    yield Argument("name", code.literal(spec.saga))
    yield Argument("title", code.literal(spec.title))
    yield Argument("version", str(version))
    yield Argument("starts", start_class(spec))
    yield Argument("deadline", code.duration(spec.deadline))
    if spec.event_store.snapshot_every != EventStore().snapshot_every:
        yield Argument("snapshot_every", str(spec.event_store.snapshot_every))


def composition(spec: SagaSpec, contexts: tuple[ContextModule, ...]) -> Composition:
    """Who handles what, and an example of a start."""
    standard = code.type_imports(parse_type(type_) for type_ in spec.input.values() if not parse_type(type_).many)
    return Composition(
        doc=code.docstring(f"Who handles what in {spec.title[:1].lower() + spec.title[1:]}."),
        imports=code.imports(standard | {("pathlib", "Path")}),
        contexts=contexts,
        modules=tuple(sorted(context.module for context in contexts)),
        start=start_class(spec),
        example=start_arguments(spec),
    )


def _outline(spec: SagaSpec) -> Iterator[str]:
    width = max(len(code.docstring(step.title)) for step in spec.steps)
    for number, step in enumerate(spec.steps, 1):
        undo = step.compensation
        back = f"undone by: {undo.title[:1].lower() + undo.title[1:]}" if undo else f"not undone: {step.because}"
        yield f"{number:>2}. {code.docstring(step.title):<{width}}  {code.docstring(back)}"


def _notes(spec: SagaSpec, step: Step) -> tuple[str, ...]:
    return tuple(code.comment(note) for note in (*_order(spec, step), *_kind(step)))


def _order(spec: SagaSpec, step: Step) -> Iterator[str]:
    index = spec.steps.index(step)
    previous = (spec.steps[index - 1].id,) if index else ()
    if step.after != previous:
        yield f"After {_list(step.after)}." if step.after else "At the start, beside the steps above."
    if step.when:
        yield f"Only when {step.when}; else it is skipped."


def _kind(step: Step) -> Iterator[str]:
    if step.kind is Kind.PIVOT:
        yield "The point of no return: once it is done, the saga only goes forward."
    if step.kind is Kind.RETRIABLE:
        yield "It is tried again until it succeeds."


def _list(ids: tuple[str, ...]) -> str:
    return ids[0] if len(ids) == 1 else f"{', '.join(ids[:-1])} and {ids[-1]}"


def _settings(step: Step, names: Mapping[str, str]) -> Iterator[Argument]:
    yield Argument("id", code.literal(step.id))
    yield Argument("title", code.literal(step.title))
    yield Argument("do", names[step.command.stored_name])
    yield Argument("done", names[step.success.stored_name])
    if step.failure:
        refusals = ", ".join(names[failure.stored_name] for failure in step.failure)
        yield Argument("refused", f"({refusals},)" if len(step.failure) == 1 else f"({refusals})")
    if step.compensation:
        yield Argument("undo", names[step.compensation.command.stored_name])
        yield Argument("undone", names[step.compensation.success.stored_name])
    else:
        yield Argument("because", code.literal(step.because or ""))
    yield Argument("timeout", code.duration(step.timeout))
    if step.retry != Retry():
        yield Argument("retry", _retry(step.retry))


def _retry(retry: Retry) -> str:
    times = f"first={code.duration(retry.first)}, factor={retry.factor}, cap={code.duration(retry.cap)}"
    return f"Retry(attempts={retry.attempts}, {times})"


def _words(steps: Iterable[Step], names: Mapping[str, str]) -> Iterator[str]:
    for step in steps:
        yield from (names[message.stored_name] for message in messages_of(step))
