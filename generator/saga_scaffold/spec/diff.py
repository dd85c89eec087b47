"""How two specs differ, by step id, and whether sagas that are already running can go on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from saga_scaffold.spec.change import Change, Impact, Sort, breaking, new_version, safe
from saga_scaffold.spec.diff_step import step_changes
from saga_scaffold.spec.duration import format_duration
from saga_scaffold.spec.graph import ancestors
from saga_scaffold.spec.model import Channel, SagaSpec, Step

Renames = Mapping[str, str]
"""Old step id by new one."""


@dataclass(frozen=True)
class SpecDiff:
    """The changes, and pairs of a removed and an added step that look like one renamed without `was`."""

    changes: tuple[Change, ...]
    look_alikes: tuple[tuple[str, str], ...] = ()

    @property
    def impact(self) -> Impact:
        """What the changes together mean for running sagas."""
        return max((change.impact for change in self.changes), default=Impact.SAFE)

    @property
    def affects_definition(self) -> bool:
        """Whether the structure changed, so that a new definition is recorded."""
        return any(change.structure for change in self.changes)

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that running sagas cannot survive."""
        return tuple(change for change in self.changes if change.impact is Impact.BREAKING)

    def steps(self, sort: Sort) -> tuple[str, ...]:
        """The ids of the steps that were added, removed, renamed, moved as a whole; of the others, that changed."""
        found = (change.step for change in self.changes if change.step and change.sort is sort and _is_step(change))
        return tuple(dict.fromkeys(found))


def diff(old: SagaSpec, new: SagaSpec) -> SpecDiff:
    """Every difference between two specs that `check` accepts, in the order of the file."""
    renames = _renames(old, new)
    changes = (*_saga(old, new), *_input(old, new), *_contexts(old, new), *_steps(old, new, renames), *_rest(old, new))
    return SpecDiff(changes, _look_alikes(old, new, renames))


def _renames(old: SagaSpec, new: SagaSpec) -> Renames:
    before = {step.id for step in old.steps}
    kept = {step.id: step.id for step in new.steps if step.id in before}
    return kept | {step.id: step.was for step in new.steps if step.id not in before and step.was in before and step.was}


def _saga(old: SagaSpec, new: SagaSpec) -> Iterator[Change]:
    if old.saga != new.saga:
        why, instead = "running sagas answer on topics of the old name", "keep the name, and change the title"
        yield breaking("saga", old.saga, new.saga, why, instead)
    for key in ("package", "title", "summary"):
        if getattr(old, key) != getattr(new, key):
            yield safe(key, getattr(old, key), getattr(new, key))
    if old.deadline != new.deadline:
        yield safe("deadline", format_duration(old.deadline), format_duration(new.deadline))


def _input(old: SagaSpec, new: SagaSpec) -> Iterator[Change]:
    for name in dict.fromkeys((*old.input, *new.input)):
        before, after, path = old.input.get(name), new.input.get(name), f"input.{name}"
        if before is None and after and after.endswith("?"):
            yield safe(path, before, after, structure=True)
        elif before != after:
            yield new_version(path, before, after, "running sagas were started with the old input")
    if old.business_key != new.business_key:
        why = "running sagas are known by the old business key"
        yield new_version("input", old.business_key, new.business_key, why)


def _contexts(old: SagaSpec, new: SagaSpec) -> Iterator[Change]:
    for name in dict.fromkeys((*old.contexts, *new.contexts)):
        before, after, path = old.contexts.get(name), new.contexts.get(name), f"contexts.{name}"
        if before is None:
            yield safe(path, None, name, structure=True)
        elif after is None:
            why, instead = "running sagas still call it", "keep it with its steps until no saga of that version is open"
            yield breaking(path, name, None, why, instead)
        else:
            if before.title != after.title:
                yield safe(f"{path}.title", before.title, after.title)
            yield from _channel(f"{path}.commands", before.commands, after.commands, f"{name}.commands")
            yield from _channel(f"{path}.events", before.events, after.events, f"{name}.events")


def _channel(path: str, before: Channel | None, after: Channel | None, usual: str) -> Iterator[Change]:
    old, new = before or Channel(topic=usual), after or Channel(topic=usual)
    if old.topic != new.topic:
        why, instead = "running sagas use the old topic", "keep it, or name the new one at the messages of new steps"
        yield breaking(path, old.topic, new.topic, why, instead)
    if old.partitions and new.partitions and new.partitions < old.partitions:
        why, instead = "Kafka does not take partitions away", "keep the number, or raise it"
        yield breaking(f"{path}.partitions", old.partitions, new.partitions, why, instead)
    elif old.partitions != new.partitions:
        yield safe(f"{path}.partitions", old.partitions, new.partitions)


def _steps(old: SagaSpec, new: SagaSpec, renames: Renames) -> Iterator[Change]:
    kept = set(renames.values())
    for step in old.steps:
        if step.id not in kept:
            yield new_version(f"steps.{step.id}", step.id, None, "running sagas still do it", step=step.id)
    moved = _moved(old, new, renames)
    for step in new.steps:
        if step.id not in renames:
            yield new_version(f"steps.{step.id}", None, step.id, "running sagas do not know it", step=step.id)
        else:
            yield from _kept(old, old.step(renames[step.id]), step, moved.get(step.id))
    if not moved and _common(old, new, renames):
        yield safe("steps", *_common(old, new, renames), structure=True)


def _kept(old: SagaSpec, before: Step, after: Step, place: Change | None) -> Iterator[Change]:
    path = f"steps.{after.id}"
    if before.id != after.id:
        why = "running sagas know it by its old id"
        yield Change(path, Sort.RENAMED, before.id, after.id, Impact.NEW_VERSION, True, why, step=after.id)
    if place:
        yield place
    yield from step_changes(old, before, after)


def _moved(old: SagaSpec, new: SagaSpec, renames: Renames) -> dict[str, Change]:
    """By step id, what changed in its place; steps that were only inserted or taken out around it do not count."""
    before, after, kept = ancestors(old), ancestors(new), set(renames.values())
    found: dict[str, Change] = {}
    for step in new.steps:
        if step.id not in renames:
            continue
        was = old.step(renames[step.id])
        known = {renames.get(id, id) for id in after[step.id]} & kept
        edges = {renames.get(id, id) for id in step.after} ^ set(was.after)
        if known != before[was.id] & kept or (edges and edges <= kept):
            sort = Sort.MOVED if known != before[was.id] & kept else Sort.CHANGED
            path, why = f"steps.{step.id}.after", "running sagas go in the old order"
            texts = (", ".join(was.after), ", ".join(step.after))
            found[step.id] = Change(path, sort, *texts, Impact.NEW_VERSION, True, why, step=step.id)
    return found


def _common(old: SagaSpec, new: SagaSpec, renames: Renames) -> tuple[tuple[str, ...], tuple[str, ...]] | tuple[()]:
    """The steps of both in either order, where the files list them differently."""
    names = {was: id for id, was in renames.items()}
    before = tuple(names[step.id] for step in old.steps if step.id in names)
    after = tuple(step.id for step in new.steps if step.id in renames)
    return (before, after) if before != after else ()


def _rest(old: SagaSpec, new: SagaSpec) -> Iterator[Change]:
    if old.event_store.shards != new.event_store.shards:
        why = "every running saga lives in one of the old shards"
        instead = "keep the number; it is fixed when the database is created"
        yield breaking("event_store.shards", old.event_store.shards, new.event_store.shards, why, instead)
    before, after = (_flat(spec) for spec in (old, new))
    for path in before:
        if before[path] != after[path]:
            yield safe(path, before[path], after[path], structure=path.startswith("terminal."))


def _flat(spec: SagaSpec) -> dict[str, str]:
    store, topics, ends = spec.event_store, spec.topics, spec.terminal
    return {
        "terminal.completed": ends.completed,
        "terminal.compensated": ends.compensated,
        "event_store.snapshot_every": str(store.snapshot_every),
        "event_store.retention": format_duration(store.retention),
        "event_store.partition_key": store.partition_key,
        "topics.replication": str(topics.replication),
        "topics.retention.commands": format_duration(topics.retention.commands),
        "topics.retention.events": format_duration(topics.retention.events),
        "topics.retention.dead_letters": format_duration(topics.retention.dead_letters),
    }


def _look_alikes(old: SagaSpec, new: SagaSpec, renames: Renames) -> tuple[tuple[str, str], ...]:
    """A step that went and one that came, of the same context, with a name in common."""
    gone = [step for step in old.steps if step.id not in renames.values()]
    come = [step for step in new.steps if step.id not in renames]
    return tuple((one.id, other.id) for one in gone for other in come if _alike(one, other))


def _alike(one: Step, other: Step) -> bool:
    same = one.command.stored_name == other.command.stored_name or one.success.stored_name == other.success.stored_name
    return one.context == other.context and (same or one.title == other.title)


def _is_step(change: Change) -> bool:
    whole = change.sort in {Sort.ADDED, Sort.REMOVED, Sort.RENAMED, Sort.MOVED}
    return change.sort is Sort.CHANGED or (
        whole and change.path in {f"steps.{change.step}", f"steps.{change.step}.after"}
    )
