"""Ids, contexts, packages and states: each usable where it ends up, and each there once."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from saga_scaffold.errors import Finding
from saga_scaffold.spec import naming, reserved
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.rules.wording import cut, listed

_STATE = re.compile(r"[A-Za-z][A-Za-z0-9]*([ _.-][A-Za-z0-9]+)*")


def saga_is_kebab(spec: SagaSpec) -> Iterator[Finding]:
    """The saga names topics and the command that starts it."""
    yield from _kebab("saga", "saga", spec.saga, ())


def package_is_importable(spec: SagaSpec) -> Iterator[Finding]:
    """The package is a folder and a module, and must not hide another one."""
    name = spec.package
    if not naming.SNAKE.fullmatch(name) or len(name) > naming.LONGEST:
        problem = f"the package `{cut(name)}` is no name for a Python package"
        yield Finding("package", "package", problem, f"call it `{naming.safe_package(name)}`")
    elif name in reserved.PACKAGES:
        problem = f"the package `{name}` would hide the module of that name"
        yield Finding("package", "package", problem, f"call it `{naming.safe_package(name)}`")


def step_ids_are_kebab(spec: SagaSpec) -> Iterator[Finding]:
    """A step's id names it in the log of events for good."""
    for step in spec.steps:
        yield from _kebab("step id", f"steps.{step.id}.id", step.id, reserved.STEP_IDS)


def step_ids_are_unique(spec: SagaSpec) -> Iterator[Finding]:
    """Two steps of the same id could not be told apart."""
    for id in repeated(step.id for step in spec.steps):
        yield Finding("step-id", f"steps.{id}.id", f"two steps have the id `{id}`", "give one of them another id")


def former_ids_are_former(spec: SagaSpec) -> Iterator[Finding]:
    """`was` names a step that is no longer there under that id, and only one step can have been it."""
    ids = {step.id for step in spec.steps}
    twice = set(repeated(step.was for step in spec.steps if step.was))
    for step in spec.steps:
        path = f"steps.{step.id}.was"
        if step.was is None:
            continue
        yield from _kebab("former id", path, step.was, ())
        if step.was in ids:
            problem = f"the step `{step.id}` was `{step.was}`, which is still the id of a step"
            yield Finding("former-id", path, problem, "remove `was`, or rename the other step")
        elif step.was in twice:
            problem = f"two steps say that they were `{step.was}`"
            yield Finding("former-id", path, problem, "keep `was` at the step that was renamed")


def contexts_are_kebab(spec: SagaSpec) -> Iterator[Finding]:
    """A context names topics and a module."""
    for name in spec.contexts:
        yield from _kebab("context", f"contexts.{name}", name, reserved.CONTEXTS)


def contexts_are_there(spec: SagaSpec) -> Iterator[Finding]:
    """A step is carried out by a context of the saga."""
    for step in spec.steps:
        if step.context not in spec.contexts:
            hint = f"add it under `contexts`, or write {listed(spec.contexts)}"
            problem = f"the step `{step.id}` names the context `{step.context}`, which is not there"
            yield Finding("context", f"steps.{step.id}.context", problem, hint)


def contexts_have_steps(spec: SagaSpec) -> Iterator[Finding]:
    """A context that carries out nothing would be a service that never hears a command."""
    used = {step.context for step in spec.steps}
    for name in spec.contexts:
        if name not in used:
            problem = f"no step is carried out by the context `{name}`"
            yield Finding("context", f"contexts.{name}", problem, "remove it, or name it in a step")


def states_are_words(spec: SagaSpec) -> Iterator[Finding]:
    """A state is a label in logs, tables and diagrams."""
    for path, state in states(spec):
        if not _STATE.fullmatch(state) or len(state) > naming.LONGEST:
            problem = f"the state `{cut(state)}` is no name of a state"
            yield Finding("state", path, problem, "write it in words of letters and digits, like RESERVING_INVENTORY")


def states_tell_apart(spec: SagaSpec) -> Iterator[Finding]:
    """A label that a running saga shares with a finished one, or that both ends share, misleads."""
    ends = {spec.terminal.completed: "completed", spec.terminal.compensated: "compensated"}
    if len(ends) == 1:
        problem = f"both ends of the saga are called `{spec.terminal.completed}`"
        yield Finding("state", "terminal.compensated", problem, "give one of them another name")
    for path, state in _running_states(spec):
        if state in ends:
            problem = f"the state `{state}` of a running saga is also the name of its end"
            yield Finding("state", path, problem, f"rename it, or rename `terminal.{ends[state]}`")


def states(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    """Every label with its path."""
    yield from _running_states(spec)
    yield "terminal.completed", spec.terminal.completed
    yield "terminal.compensated", spec.terminal.compensated


def repeated(names: Iterable[str]) -> list[str]:
    """The names that are there more than once, in order."""
    return [name for name, count in Counter(names).items() if count > 1]


def _running_states(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    for step in spec.steps:
        yield f"steps.{step.id}.state", step.state
        if step.compensation:
            yield f"steps.{step.id}.undo.state", step.compensation.state


def _kebab(what: str, path: str, name: str, refused: Iterable[str]) -> Iterator[Finding]:
    if not naming.KEBAB.fullmatch(name) or len(name) > naming.LONGEST:
        better = naming.kebab(name)[: naming.LONGEST].strip("-")
        sound = naming.KEBAB.fullmatch(better)
        hint = f"write `{better}`" if sound else "write lower-case words joined by dashes, like reserve-inventory"
        yield Finding("name", path, f"the {what} `{cut(name)}` is not in kebab-case", hint)
    elif name in refused:
        yield Finding("name", path, f"the {what} `{name}` is reserved", "add a word that says more")
