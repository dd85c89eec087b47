"""What can still be undone: compensatable steps, the pivot, retriable steps, in this order."""

from collections.abc import Iterator

from saga_scaffold.errors import Finding
from saga_scaffold.spec.graph import ancestors, ordered
from saga_scaffold.spec.model import Kind, SagaSpec, Step
from saga_scaffold.spec.rules.wording import listed


def there_is_one_pivot(spec: SagaSpec) -> Iterator[Finding]:
    """The point of no return is passed once."""
    pivots = _of(spec, Kind.PIVOT)
    for extra in pivots[1:]:
        problem = f"`{extra.id}` is a second pivot beside `{pivots[0].id}`"
        yield Finding("kind", f"steps.{extra.id}.kind", problem, "keep the one after which nothing is undone any more")


def nothing_runs_beside_the_pivot(spec: SagaSpec) -> Iterator[Finding]:
    """While the pivot decides, nothing else may be under way."""
    pivot, before = _pivot(spec), ancestors(spec)
    beside = [step.id for step in spec.steps if pivot and step is not pivot and not ordered(before, step.id, pivot.id)]
    if pivot and beside:
        problem = f"{listed(beside, 'and')} can run beside the pivot `{pivot.id}`"
        yield Finding("kind", f"steps.{pivot.id}.after", problem, "let every step come before or after the pivot")


def the_pivot_divides_the_kinds(spec: SagaSpec) -> Iterator[Finding]:
    """Before the pivot everything can be undone; after it everything succeeds in the end."""
    pivot, before = _pivot(spec), ancestors(spec)
    for step in spec.steps:
        path = f"steps.{step.id}.kind"
        if pivot and step.kind is Kind.RETRIABLE and step.id in before[pivot.id]:
            problem = f"`{step.id}` is retriable but comes before the pivot `{pivot.id}`"
            yield Finding("kind", path, problem, "make it compensatable, or let it come after the pivot")
        if pivot and step.kind is Kind.COMPENSATABLE and pivot.id in before[step.id]:
            problem = f"`{step.id}` is compensatable but comes after the pivot `{pivot.id}`"
            yield Finding("kind", path, problem, "make it retriable, or let it come before the pivot")


def retriable_steps_come_last(spec: SagaSpec) -> Iterator[Finding]:
    """Without a pivot the first retriable step is the point of no return: nothing may fail beside or after it."""
    if _pivot(spec):
        return
    before = ancestors(spec)
    for step in _of(spec, Kind.RETRIABLE):
        open_ = [other.id for other in _of(spec, Kind.COMPENSATABLE) if other.id not in before[step.id]]
        if open_:
            problem = f"`{step.id}` is retriable but does not come after {listed(open_, 'and')}"
            hint = "let retriable steps come after all compensatable ones, or make it compensatable"
            yield Finding("kind", f"steps.{step.id}.kind", problem, hint)


def nothing_to_undo_has_a_reason(spec: SagaSpec) -> Iterator[Finding]:
    """`undo: none` is a decision, and the next reader wants to know why."""
    for step in spec.steps:
        path = f"steps.{step.id}"
        if step.compensation is None and not (step.because or "").strip():
            problem = f"the step `{step.id}` has no undo and does not say why"
            yield Finding(
                "undo", f"{path}.undo", problem, "add a reason, for example: because: an e-mail cannot be unsent"
            )
        if step.compensation is not None and step.because is not None:
            problem = f"the step `{step.id}` has an undo and a reason for having none"
            yield Finding("undo", f"{path}.because", problem, "remove `because`, or write `undo: none`")


def _pivot(spec: SagaSpec) -> Step | None:
    return next(iter(_of(spec, Kind.PIVOT)), None)


def _of(spec: SagaSpec, kind: Kind) -> list[Step]:
    return [step for step in spec.steps if step.kind is kind]
