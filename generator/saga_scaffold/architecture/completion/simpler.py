"""What is left of a draft where `check` refuses something of it: as much as can stay."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, SagaDraft, StepDraft
from saga_scaffold.errors import Finding


def simpler(draft: SagaDraft, ids: Sequence[str], errors: Sequence[Finding]) -> Iterator[SagaDraft]:
    """Without the topics that are refused, then without any, then without order too, then nothing but its actions."""
    yield _without_refused(draft, ids, errors)
    without_topics = tuple(_without_topics(step) for step in draft.steps)
    yield replace(draft, steps=without_topics, partition_key=None)
    unordered = tuple(replace(step, after=None, kind=None, condition=None, state=None) for step in without_topics)
    yield replace(draft, steps=unordered, partition_key=None, completed=None, compensated=None)
    bare = tuple(StepDraft(action=step.action, service=step.service, line=step.line) for step in draft.steps)
    yield SagaDraft(title=draft.title, steps=bare)


def _without_refused(draft: SagaDraft, ids: Sequence[str], errors: Sequence[Finding]) -> SagaDraft:
    """The draft without the topics of the messages that the findings name."""
    steps = list(draft.steps)
    for found in errors:
        named = found.path.split(".")
        if found.path.startswith("steps.") and named[1] in ids:
            index = ids.index(named[1])
            part = named[2].partition("[")[0] if len(named) > 2 else ""
            steps[index] = _without_topic(steps[index], part)
    return replace(draft, steps=tuple(steps))


def _without_topic(step: StepDraft, part: str) -> StepDraft:
    bare = _without_topics(step)
    match part:
        case "command":
            return replace(step, command=bare.command)
        case "success":
            return replace(step, success=bare.success)
        case "failure":
            return replace(step, failures=bare.failures)
    return replace(step, undo=bare.undo)


def _without_topics(step: StepDraft) -> StepDraft:
    undo = step.undo
    if undo is not None:
        undo = replace(undo, command=_bare(undo.command), success=_bare(undo.success))
    failures = tuple(one for failure in step.failures if (one := _bare(failure)) is not None)
    return replace(step, command=_bare(step.command), success=_bare(step.success), failures=failures, undo=undo)


def _bare(message: MessageDraft | None) -> MessageDraft | None:
    return MessageDraft(message.name) if message and message.name else None
