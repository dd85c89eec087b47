"""Fields where they are used: each is known by then."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from saga_scaffold.errors import Finding
from saga_scaffold.spec.evaluate import type_problem
from saga_scaffold.spec.fields import Known, fields_before, fields_before_undo, suppliers
from saga_scaffold.spec.graph import ancestors
from saga_scaffold.spec.guard import Condition, Guard, parse_guard
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.rules.names import repeated
from saga_scaffold.spec.rules.wording import cut


def takes_are_known(spec: SagaSpec) -> Iterator[Finding]:
    """A command carries what the input or a step surely settled before supplies."""
    before = ancestors(spec)
    for step in spec.steps:
        path, who = f"steps.{step.id}.takes", f"the step `{step.id}`"
        yield from _known(spec, path, who, step.takes, fields_before(spec, step, before))


def undo_takes_are_known(spec: SagaSpec) -> Iterator[Finding]:
    """An undo carries what its step could carry, and what the step itself gave."""
    before = ancestors(spec)
    for step in spec.steps:
        if step.compensation:
            path, who = f"steps.{step.id}.undo.takes", f"the undo of `{step.id}`"
            yield from _known(spec, path, who, step.compensation.takes, fields_before_undo(spec, step, before))


def takes_name_a_field_once(spec: SagaSpec) -> Iterator[Finding]:
    """A message has each field once."""
    for step in spec.steps:
        lists = {f"steps.{step.id}.takes": step.takes}
        if step.compensation:
            lists[f"steps.{step.id}.undo.takes"] = step.compensation.takes
        for path, takes in lists.items():
            for name in repeated(takes):
                yield Finding("takes", path, f"the field `{cut(name)}` is taken twice", "name it once")


def guards_are_understood(spec: SagaSpec) -> Iterator[Finding]:
    """A guard is a conjunction of comparisons with literals."""
    for step in spec.steps:
        try:
            _guard(step.when)
        except ValueError as error:
            problem, _, hint = str(error).partition("; ")
            yield Finding("when", f"steps.{step.id}.when", f"{problem}, at the step `{step.id}`", hint)


def guards_are_known(spec: SagaSpec) -> Iterator[Finding]:
    """A guard asks for values that are surely there when it is asked."""
    before = ancestors(spec)
    for step in spec.steps:
        known = fields_before(spec, step, before)
        path, who = f"steps.{step.id}.when", f"the guard of `{step.id}`"
        for condition in _readable(step.when):
            yield from _known(spec, path, who, [condition.field], known)
            yield from _comparable(path, who, condition, known.get(condition.field))


def _comparable(path: str, who: str, condition: Condition, field: Known | None) -> Iterator[Finding]:
    if field is None:
        return
    if not field.sure:
        problem = f"{who} asks for `{field.name}`, which is not there when `{field.supplier}` was skipped"
        yield Finding("when", path, problem, "ask for a field of the input, or of a step that is never skipped")
    elif wrong := type_problem(condition, str(field.declared)):
        says, _, hint = wrong.partition("; ")
        yield Finding("when", path, f"{who} cannot be asked: {says}", hint or "ask for another field")


def _known(spec: SagaSpec, path: str, who: str, names: Iterable[str], known: Mapping[str, Known]) -> Iterator[Finding]:
    by_field = {name: supplier for supplier, name, _ in suppliers(spec)}
    for name in dict.fromkeys(names):
        if name in known:
            continue
        if name in by_field:
            problem = f"{who} takes `{cut(name)}`, but `{by_field[name]}`, which gives it, is not done before"
            hint = f"let the step come after `{by_field[name]}`, or take another field"
            yield Finding("takes", path, problem, hint)
        else:
            close = difflib.get_close_matches(name, by_field, n=1)
            hint = f"did you mean `{close[0]}`?" if close else "add it to `input`, or to the `gives` of a step before"
            yield Finding("takes", path, f"{who} takes `{cut(name)}`, which nothing supplies", hint)


def _readable(when: str | None) -> Guard:
    try:
        return _guard(when)
    except ValueError:
        return ()


def _guard(when: str | None) -> Guard:
    return () if when is None else parse_guard(when)
