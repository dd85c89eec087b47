"""Which names of the code have become which, told from the steps, whose ids stay."""

from collections import defaultdict
from collections.abc import Iterator

from saga_scaffold.project.history import History, retired_steps
from saga_scaffold.project.view.contexts import context_modules, handler_name
from saga_scaffold.spec.model import SagaSpec, Step


def renames(old: SagaSpec, new: SagaSpec) -> dict[str, str]:
    """Old class and function names by new ones, also where another step has the old one now.

    A word that some step has kept, or that two steps have replaced by different ones, is left alone.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for before, after in _pairs(old, new):
        for was, now in _names(before, after):
            found[was].add(now)
    return {was: now for was, (now, *others) in found.items() if not others and was != now}


def copies(new: SagaSpec, history: History) -> dict[str, str]:
    """Retired functions by those whose body they begin with: what the earlier version had for the same message."""
    steps = {(one.step.id, one.until): one.step for one in retired_steps(new, history)}
    actions = (action for module in context_modules(new, history) for action in module.actions if action.until)
    found: dict[str, str] = {}
    for action in actions:
        step = steps[action.step, action.until or 0]
        found[action.do.name] = handler_name(step.command.name)
        if action.undo and step.compensation:
            found[action.undo.name] = handler_name(step.compensation.command.name)
    return found


def _pairs(old: SagaSpec, new: SagaSpec) -> Iterator[tuple[Step, Step]]:
    before = {step.id: step for step in old.steps}
    for step in new.steps:
        source = before.get(step.id) or (before.get(step.was) if step.was else None)
        if source is not None:
            yield source, step


def _names(before: Step, after: Step) -> Iterator[tuple[str, str]]:
    yield from zip(_forward(before), _forward(after), strict=True)
    yield from zip((one.name for one in before.failure), (one.name for one in after.failure), strict=False)
    if before.compensation and after.compensation:
        yield from zip(_backward(before), _backward(after), strict=True)


def _forward(step: Step) -> tuple[str, ...]:
    name = step.command.name
    return (name, handler_name(name), f"find_{handler_name(name)}", step.success.name)


def _backward(step: Step) -> tuple[str, ...]:
    assert step.compensation is not None
    name = step.compensation.command.name
    return (name, handler_name(name), step.compensation.success.name)
