"""A workflow in prose as a draft: what the text states about its steps, and nothing else."""

from dataclasses import replace

from saga_scaffold.architect.prose.compensations import compensations
from saga_scaffold.architect.prose.conditions import conditions
from saga_scaffold.architect.prose.gherkin import without_scenarios
from saga_scaffold.architect.prose.kind_words import with_marks_spelled_out
from saga_scaffold.architect.prose.layout import layout
from saga_scaffold.architect.prose.limit_words import NONE, Limits
from saga_scaffold.architect.prose.limits import deadline_of, limits_of
from saga_scaffold.architect.prose.marks import with_plain_marks
from saga_scaffold.architect.prose.normal import normalise
from saga_scaffold.architect.prose.order import after
from saga_scaffold.architect.prose.owners import owners
from saga_scaffold.architect.prose.passages import MOST_STEPS, without_roles
from saga_scaffold.architect.prose.references import with_step_numbers
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.sources import steps_of
from saga_scaffold.architect.prose.titles import title_of
from saga_scaffold.architect.prose.turning import kinds
from saga_scaffold.architect.prose.undo_columns import with_undos_marked
from saga_scaffold.architecture.draft import SagaDraft, StepDraft, UndoDraft


def read_prose(text: str) -> SagaDraft:
    """What a text states of a saga; a draft without steps where it tells none."""
    spelled = with_marks_spelled_out(without_scenarios(normalise(text)))
    found = layout(with_undos_marked(with_plain_marks(spelled)))
    steps, announced = steps_of(found)
    if not steps:
        found = replace(found, passages=without_roles(found.passages))
        steps, announced = steps_of(found)
    steps = steps[:MOST_STEPS]
    found = replace(found, passages=with_step_numbers(found.passages, steps))
    undone = compensations(steps, found.passages)
    stated = frozenset(index for index, undo in undone.items() if undo.action)
    kind, beside, only = (
        kinds(steps, found.passages, stated),
        after(steps, found.passages),
        conditions(steps, found.passages),
    )
    limits = limits_of(steps, found.passages)
    doers = owners(steps, found.passages)
    endless = {index for index, limit in limits.items() if limit.unlimited and index not in stated}
    kind = (dict.fromkeys(endless, "retriable") if len(endless) < len(steps) else {}) | kind
    drafts = tuple(
        replace(
            _step(
                step, undone.get(index), kind.get(index), beside.get(index), only.get(index), limits.get(index, NONE)
            ),
            service=step.action.service or doers.get(index),
        )
        for index, step in enumerate(steps)
    )
    return SagaDraft(
        title=title_of(found, announced, frozenset(step.passage for step in steps)),
        steps=drafts,
        deadline=deadline_of(found.passages),
    )


def _step(
    seen: Seen,
    undo: UndoDraft | None,
    kind: str | None,
    after: tuple[int, ...] | None,
    condition: str | None,
    limits: Limits,
) -> StepDraft:
    return StepDraft(
        action=seen.action.text,
        service=seen.action.service,
        undo=undo,
        kind=kind,
        after=after,
        condition=condition,
        timeout=limits.timeout,
        attempts=limits.attempts,
        unlimited=limits.unlimited,
        backoff_first=limits.first,
        backoff_factor=limits.factor,
        backoff_cap=limits.cap,
        line=seen.line,
    )
