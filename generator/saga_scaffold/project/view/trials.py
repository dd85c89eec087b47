"""The project's own tests: one story for the way through and one for each refusal, with what must have happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from saga_scaffold.project.history import History, Retired, retired_steps
from saga_scaffold.project.view import code
from saga_scaffold.project.view.contexts import Action, ContextModule, Handler
from saga_scaffold.project.view.examples import Argument, example_arguments, result_arguments, walked
from saga_scaffold.spec import naming
from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.fields import command_fields, undo_fields
from saga_scaffold.spec.graph import ancestors
from saga_scaffold.spec.model import Kind, SagaSpec, Step

_RECORDING_NEEDS = {
    ("collections.abc", "Callable"),
    ("dataclasses", "dataclass"),
    ("dataclasses", "field"),
    ("dataclasses", "replace"),
    ("pathlib", "Path"),
}

MOST_NAMED = 12


@dataclass(frozen=True)
class Answer:
    """What a recording handler answers for a step: an event of messages.py with its fields."""

    step: str
    event: str
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True)
class Recording:
    """tests/recording.py: what every step answers, forward and back."""

    imports: tuple[code.Import, ...]
    words: tuple[str, ...]
    results: tuple[Answer, ...]
    undos: tuple[Answer, ...]


@dataclass(frozen=True)
class RefusalTrial:
    """A test: the step is refused, then what was `done` before it is undone: `undone`, last first."""

    name: str
    title: str
    step: str
    refusal: str
    undone: tuple[str, ...]


@dataclass(frozen=True)
class StoryTrials:
    """tests/test_story.py. Where the saga is no `line`, steps beside each other come in any order.

    In a long line a refusal names how many of `last_first` are undone, so that the file does not grow with its square.
    """

    line: bool
    done: tuple[str, ...]
    last_first: tuple[str, ...]
    refusals: tuple[RefusalTrial, ...]
    words: tuple[str, ...]
    completed: str
    compensated: str


@dataclass(frozen=True)
class HandlerTrial:
    """A test of a handler: called with an example, it answers with one of its events."""

    handler: str
    command: str
    arguments: tuple[Argument, ...]
    answers: str


@dataclass(frozen=True)
class ContextTrials:
    """tests/contexts/test_<context>.py."""

    imports: tuple[code.Import, ...]
    words: tuple[str, ...]
    handlers: tuple[HandlerTrial, ...]


@dataclass(frozen=True)
class Trials:
    """Everything that the test templates need; contexts by their module. The crash test hangs in the step `last`."""

    recording: Recording
    story: StoryTrials
    contexts: dict[str, ContextTrials]
    last: str
    before_last: tuple[str, ...]


def trials(spec: SagaSpec, modules: tuple[ContextModule, ...], history: History = ()) -> Trials:
    """The tests of one saga."""
    last, before = walked(spec)[-1], ancestors(spec)
    return Trials(
        recording=_recording(spec),
        story=_story(spec),
        contexts={module.module: _context(spec, module, retired_steps(spec, history)) for module in modules},
        last=last.id,
        before_last=tuple(step.id for step in walked(spec) if step.id in before[last.id]),
    )


def _recording(spec: SagaSpec) -> Recording:
    undos = tuple(Answer(s.id, s.compensation.success.name) for s in spec.steps if s.compensation)
    results = tuple(Answer(step.id, step.success.name, result_arguments(spec, step)) for step in spec.steps)
    given = [parse_type(type_) for step in spec.steps for type_ in step.gives.values()]
    return Recording(
        imports=code.imports(_example_imports(given) | _RECORDING_NEEDS),
        words=tuple(sorted({answer.event for answer in (*results, *undos)})),
        results=results,
        undos=undos,
    )


def _story(spec: SagaSpec) -> StoryTrials:
    refusals = tuple(_refusals(spec))
    return StoryTrials(
        line=_is_line(spec),
        done=tuple(step.id for step in walked(spec)),
        last_first=_last_first(spec) if _is_line(spec) else (),
        refusals=refusals,
        words=tuple(sorted({trial.refusal for trial in refusals})),
        completed=spec.terminal.completed,
        compensated=spec.terminal.compensated,
    )


def _last_first(spec: SagaSpec) -> tuple[str, ...]:
    undone = tuple(step.id for step in reversed(walked(spec)) if step.compensation)
    return undone if len(undone) > MOST_NAMED else ()


def _is_line(spec: SagaSpec) -> bool:
    pairs = zip(spec.steps, spec.steps[1:], strict=False)
    return not spec.steps[0].after and all(later.after == (earlier.id,) for earlier, later in pairs)


def _refusals(spec: SagaSpec) -> Iterator[RefusalTrial]:
    before, steps = ancestors(spec), walked(spec)
    times = Counter(failure.name for step in steps for failure in step.failure)
    for step in steps:
        if step.kind is Kind.RETRIABLE:
            continue
        undone = [s.id for s in reversed(steps) if s.id in before[step.id] and s.compensation]
        for failure in step.failure:
            words = f"{failure.name} of {step.id}" if times[failure.name] > 1 else failure.name
            name = f"test_{naming.snake(words)}_{_outcome(undone)}"
            title = _refused_title(step, failure.name, bool(undone))
            yield RefusalTrial(name, title, step.id, failure.name, tuple(undone))


def _outcome(undone: list[str]) -> str:
    return "undoes_what_was_done" if undone else "leaves_nothing_to_undo"


def _refused_title(step: Step, failure: str, has_undone: bool) -> str:
    after = "what was done is undone, last first" if has_undone else "nothing was done, so nothing is undone"
    return code.docstring(f"{step.title} ends in {failure}: {after}.")


def _context(spec: SagaSpec, module: ContextModule, retired: tuple[Retired, ...]) -> ContextTrials:
    asked = [(spec, step) for step in spec.steps] + [(one.spec, one.step) for one in retired]
    own = [(one, step) for one, step in asked if step.context == module.name]
    asked_of = [(one, step, action) for (one, step), action in zip(own, module.actions, strict=True)]
    handlers = {trial.handler: trial for one in reversed(asked_of) for trial in _handlers(*one)}
    types = [t for one, s in own for t in (*command_fields(one, s).values(), *undo_fields(one, s).values())]
    trials = tuple(handlers[written.name] for written in module.written if written.name in handlers)
    words = {trial.command for trial in trials} | {word for one in trials for word in one.answers.split(" | ")}
    return ContextTrials(code.imports(_example_imports(types)), tuple(sorted(words)), trials)


def _handlers(spec: SagaSpec, step: Step, action: Action) -> Iterator[HandlerTrial]:
    yield _handler(spec, action.do, command_fields(spec, step))
    if action.undo:
        yield _handler(spec, action.undo, undo_fields(spec, step))


def _handler(spec: SagaSpec, handler: Handler, fields: Mapping[str, FieldType]) -> HandlerTrial:
    return HandlerTrial(handler.name, handler.command, example_arguments(spec, fields), handler.returns)


def _example_imports(types: Iterable[FieldType]) -> set[tuple[str, str]]:
    return code.type_imports(one for one in types if not one.many)
