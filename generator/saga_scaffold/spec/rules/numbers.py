"""Durations and counts that make sense together."""

from collections.abc import Iterator
from datetime import timedelta

from saga_scaffold.errors import Finding, Severity
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.model import SagaSpec, Step

LONGEST = timedelta(days=36500)


def durations_are_possible(spec: SagaSpec) -> Iterator[Finding]:
    """Every duration is longer than nothing and shorter than a century."""
    for path, value in _durations(spec):
        if not timedelta(0) < value <= LONGEST:
            problem = f"`{path.rpartition('.')[2]}` is {format_duration(value)}"
            yield Finding("duration", path, problem, f"make it longer than 0ms and at most {format_duration(LONGEST)}")


def timeouts_fit_the_deadline(spec: SagaSpec) -> Iterator[Finding]:
    """One attempt of a step must be possible before the saga is given up."""
    for step in spec.steps:
        if step.timeout > spec.deadline:
            problem = f"one attempt of `{step.id}` may take {format_duration(step.timeout)}, longer than the saga"
            hint = f"make it at most the deadline, {format_duration(spec.deadline)}, or move the deadline"
            yield Finding("timeout", f"steps.{step.id}.timeout", problem, hint)


def pauses_grow_to_their_cap(spec: SagaSpec) -> Iterator[Finding]:
    """The first pause is the shortest."""
    for step in spec.steps:
        retry = step.retry
        if retry.first > retry.cap:
            problem = f"the first pause of `{step.id}` is {format_duration(retry.first)}, longer than its cap"
            hint = f"make it at most {format_duration(retry.cap)}, or raise `cap`"
            yield Finding("retry", f"steps.{step.id}.retry.first", problem, hint)


def attempts_fit_the_deadline(spec: SagaSpec) -> Iterator[Finding]:
    """A warning: attempts beyond the deadline are never made."""
    for step in spec.steps:
        if step.timeout <= spec.deadline < (longest := _longest(step)):
            problem = f"all attempts of `{step.id}` may take {format_duration(longest)}, longer than the saga"
            hint = f"make fewer attempts or shorter ones; the deadline is {format_duration(spec.deadline)}"
            yield Finding("retry", f"steps.{step.id}.retry", problem, hint, Severity.WARNING)


def messages_outlive_the_saga(spec: SagaSpec) -> Iterator[Finding]:
    """A warning: a command that is gone before the deadline cannot be read again after an outage."""
    kept = spec.topics.retention.commands
    if kept < spec.deadline:
        problem = f"commands are kept for {format_duration(kept)}, shorter than a saga may take"
        hint = f"keep them for at least {format_duration(spec.deadline)}"
        yield Finding("retention", "topics.retention.commands", problem, hint, Severity.WARNING)


def _longest(step: Step) -> timedelta:
    """Until the last attempt has timed out."""
    seconds = step.timeout.total_seconds() * step.retry.attempts
    pause = step.retry.first.total_seconds()
    for _ in range(step.retry.attempts - 1):
        seconds += min(pause, step.retry.cap.total_seconds())
        pause = min(pause * step.retry.factor, step.retry.cap.total_seconds())
    return timedelta(seconds=round(seconds))


def _durations(spec: SagaSpec) -> Iterator[tuple[str, timedelta]]:
    yield "deadline", spec.deadline
    for step in spec.steps:
        yield f"steps.{step.id}.timeout", step.timeout
        yield f"steps.{step.id}.retry.first", step.retry.first
        yield f"steps.{step.id}.retry.cap", step.retry.cap
    yield "event_store.retention", spec.event_store.retention
    for name in ("commands", "events", "dead_letters"):
        yield f"topics.retention.{name}", getattr(spec.topics.retention, name)
