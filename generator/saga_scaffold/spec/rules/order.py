"""The graph of the steps: it is there, it refers to steps, it has no circle."""

from collections.abc import Iterator

from saga_scaffold.errors import Finding
from saga_scaffold.spec.graph import find_cycle
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.rules.wording import cut

MOST_STEPS = 200


def there_are_steps(spec: SagaSpec) -> Iterator[Finding]:
    """A saga of no steps would end as it starts; one of thousands is several sagas."""
    if not spec.steps:
        yield Finding(
            "steps",
            "steps",
            "the saga has no steps",
            "add one: an id, a context, a command, a success and an undo",
        )
    elif len(spec.steps) > MOST_STEPS:
        problem = f"the saga has {len(spec.steps)} steps, more than {MOST_STEPS}"
        yield Finding("steps", "steps", problem, "split it into sagas that start each other")


def predecessors_are_there(spec: SagaSpec) -> Iterator[Finding]:
    """`after` names other steps, each once."""
    ids = {step.id for step in spec.steps}
    for step in spec.steps:
        path = f"steps.{step.id}.after"
        for before in dict.fromkeys(step.after):
            if before == step.id:
                yield Finding(
                    "after", path, f"the step `{step.id}` comes after itself", "remove it from its own `after`"
                )
            elif before not in ids:
                problem = f"the step `{step.id}` comes after `{cut(before)}`, which is not there"
                yield Finding("after", path, problem, "name the id of another step")
        if len(set(step.after)) < len(step.after):
            yield Finding("after", path, f"the step `{step.id}` comes twice after the same step", "name each step once")


def steps_do_not_wait_in_a_circle(spec: SagaSpec) -> Iterator[Finding]:
    """Every path ends: no step waits for itself through others."""
    cycle = find_cycle(spec)
    if len(cycle) > 2:
        problem = f"steps wait for each other in a circle: {' -> '.join(cycle)}"
        yield Finding("after", f"steps.{cycle[0]}.after", problem, "take one of them out of another's `after`")
