"""How two versions of one step differ: its messages, its fields, its undo, its policy."""

from collections.abc import Iterator
from functools import partial

from saga_scaffold.spec.change import Change, breaking, new_version, safe
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.model import Message, SagaSpec, Step, Undo

_STRUCTURE = {
    "context": "running sagas ask the old context",
    "kind": "running sagas count on what its failure meant",
    "effect": "running sagas have asked for it the old way",
    "when": "running sagas decide by the old guard",
}


def step_changes(old: SagaSpec, before: Step, after: Step) -> Iterator[Change]:
    """The differences of a step that is in both specs, its place aside."""
    path, id = f"steps.{after.id}", after.id
    for key, why in _STRUCTURE.items():
        if getattr(before, key) != getattr(after, key):
            yield new_version(f"{path}.{key}", getattr(before, key), getattr(after, key), why, step=id)
    yield from _message(f"{path}.command", before.command, after.command, id)
    yield from _takes(f"{path}.takes", before.takes, after.takes, id)
    yield from _message(f"{path}.success", before.success, after.success, id)
    yield from _gives(old, before, after)
    yield from _failures(before, after)
    yield from _undo(before, after)
    yield from _words(before, after)
    yield from _policy(before, after)


def _message(path: str, before: Message, after: Message, step: str) -> Iterator[Change]:
    """A class name alone is a rename in the code; what is written is structure."""
    if before.stored_name != after.stored_name:
        yield new_version(
            path, before.stored_name, after.stored_name, "running sagas send and read the old name", step=step
        )
    elif before.name != after.name:
        yield safe(path, before.name, after.name, step=step)
    if before.topic != after.topic:
        yield new_version(f"{path}.topic", before.topic, after.topic, "running sagas use the old topic", step=step)


def _takes(path: str, before: tuple[str, ...], after: tuple[str, ...], step: str) -> Iterator[Change]:
    if before != after:
        yield new_version(path, before, after, "running sagas send the old fields", step=step)


def _gives(old: SagaSpec, before: Step, after: Step) -> Iterator[Change]:
    rewired = before.success.stored_name != after.success.stored_name
    needed = {
        name for step in old.steps for name in (*step.takes, *(step.compensation.takes if step.compensation else ()))
    }
    for name in dict.fromkeys((*before.gives, *after.gives)):
        was, now, path = before.gives.get(name), after.gives.get(name), f"steps.{after.id}.gives.{name}"
        if was == now:
            continue
        if was is None and now and now.endswith("?"):
            yield safe(path, was, now, step=after.id, structure=True)
        elif rewired or (now is None and name not in needed) or now == f"{was}?":
            yield new_version(path, was, now, "running sagas give the old fields", step=after.id)
        else:
            yield _broken(path, was, now, after.id)


def _broken(path: str, was: str | None, now: str | None, step: str) -> Change:
    tell = partial(breaking, path, was, now, step=step)
    if now is None:
        return tell("running sagas still take it", "keep it, or give the event another `wire`")
    if was is None or was == f"{now}?":
        return tell("stored events lack it", f"make it optional, `{now}?`, or give the event another `wire`")
    return tell(
        "stored events have it in the old type", "add a field of another name, or give the event another `wire`"
    )


def _failures(before: Step, after: Step) -> Iterator[Change]:
    old, new = ([failure.stored_name for failure in step.failure] for step in (before, after))
    path = f"steps.{after.id}.failure"
    if old != new:
        yield new_version(path, old, new, "running sagas read the old refusals", step=after.id)
    for one, other in zip(before.failure, after.failure, strict=False):
        if one.stored_name == other.stored_name:
            yield from _message(path, one, other, after.id)


def _undo(before: Step, after: Step) -> Iterator[Change]:
    path, old, new = f"steps.{after.id}.undo", before.compensation, after.compensation
    if old and new:
        yield from _message(f"{path}.command", old.command, new.command, after.id)
        yield from _takes(f"{path}.takes", old.takes, new.takes, after.id)
        yield from _message(f"{path}.success", old.success, new.success, after.id)
    elif old or new:
        names = (_command(old), _command(new))
        yield new_version(path, *names, "running sagas are undone as they were begun", step=after.id)


def _command(undo: Undo | None) -> str:
    return undo.command.stored_name if undo else "none"


def _words(before: Step, after: Step) -> Iterator[Change]:
    """Titles and reasons are for readers; labels are recorded, but nothing depends on them."""
    path, old, new = f"steps.{after.id}", before.compensation, after.compensation
    if before.title != after.title:
        yield safe(f"{path}.title", before.title, after.title, step=after.id)
    if before.because != after.because:
        yield safe(f"{path}.because", before.because, after.because, step=after.id)
    if before.state != after.state:
        yield safe(f"{path}.state", before.state, after.state, step=after.id, structure=True)
    if old and new and old.title != new.title:
        yield safe(f"{path}.undo.title", old.title, new.title, step=after.id)
    if old and new and old.state != new.state:
        yield safe(f"{path}.undo.state", old.state, new.state, step=after.id, structure=True)


def _policy(before: Step, after: Step) -> Iterator[Change]:
    path = f"steps.{after.id}"
    if before.timeout != after.timeout:
        yield safe(f"{path}.timeout", format_duration(before.timeout), format_duration(after.timeout), step=after.id)
    old, new = before.retry.model_dump(mode="json"), after.retry.model_dump(mode="json")
    for key in old:
        if old[key] != new[key]:
            yield safe(f"{path}.retry.{key}", old[key], new[key], step=after.id)
