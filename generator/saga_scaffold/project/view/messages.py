"""The vocabulary: every command and event as a class, grouped by the context that speaks it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from saga_scaffold.language.verbs import participle
from saga_scaffold.project.history import History, class_names, messages_of, retired_steps
from saga_scaffold.project.view import code
from saga_scaffold.spec import naming
from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.fields import command_fields, event_fields, undo_fields
from saga_scaffold.spec.model import Message, SagaSpec, Step

MOST_NAMED = 3
RETIRED = "Retired: only sagas of earlier versions speak these words."


@dataclass(frozen=True)
class MessageClass:
    """One class of messages.py."""

    name: str
    parent: str
    stored_name: str
    doc: str
    fields: tuple[code.Field, ...]


@dataclass(frozen=True)
class Vocabulary:
    """messages.py: the start of the saga, then what each context is told and tells."""

    doc: str
    imports: tuple[code.Import, ...]
    bases: tuple[str, ...]
    start: MessageClass
    groups: tuple[tuple[str, tuple[MessageClass, ...]], ...]


def start_class(spec: SagaSpec) -> str:
    """The name of the class that starts a saga."""
    name = f"Start{naming.pascal(spec.saga)}"
    return naming.distinct(name, _message_names(spec), "")


def vocabulary(spec: SagaSpec, history: History = ()) -> Vocabulary:
    """Everything that messages.py says; a field that some live version does not know is optional."""
    groups = (*_by_context(spec), (RETIRED, tuple(_retired(spec, history))))
    known, specs = _known_fields(spec, history), (spec, *(old.spec for old in history))
    spoken = tuple((title, tuple(_widened(one, known) for one in classes)) for title, classes in groups if classes)
    parents = {"Command", *(one.parent for _, classes in spoken for one in classes)}
    return Vocabulary(
        doc=code.docstring(
            f"The vocabulary of {_lower(spec.title)}: every command and event, by the context that speaks it."
        ),
        imports=code.imports(code.type_imports(type_ for one in specs for type_ in _all_types(one))),
        bases=tuple(sorted(parents)),
        start=_start(spec),
        groups=spoken,
    )


def _retired(spec: SagaSpec, history: History) -> Iterator[MessageClass]:
    retired = retired_steps(spec, history)
    names = class_names(spec, retired)
    told = {message.stored_name for step in spec.steps for message in messages_of(step)}
    for one in retired:
        for message in _of_step(one.spec, one.step):
            if message.stored_name not in told:
                told.add(message.stored_name)
                yield replace(message, name=names[message.stored_name])


def _known_fields(spec: SagaSpec, history: History) -> dict[str, list[tuple[code.Field, ...]]]:
    """By stored name, the fields of a message in every version that has it, today's first."""
    known: dict[str, list[tuple[code.Field, ...]]] = defaultdict(list)
    for one in (spec, *(old.spec for old in reversed(history))):
        for step in one.steps:
            for message in _of_step(one, step):
                known[message.stored_name].append(message.fields)
    return known


def _widened(message: MessageClass, known: dict[str, list[tuple[code.Field, ...]]]) -> MessageClass:
    versions = [{field.name: field for field in fields} for fields in known[message.stored_name]]
    names = dict.fromkeys(name for fields in versions for name in fields)
    return replace(message, fields=tuple(_of_versions(name, versions) for name in names))


def _of_versions(name: str, versions: list[dict[str, code.Field]]) -> code.Field:
    """The field as all versions can read it: of any type that it has or had, optional where one does not have it."""
    fields = [fields[name] for fields in versions if name in fields]
    parts = dict.fromkeys(part for field in fields for part in field.annotation.split(" | ") if part != "None")
    optional = len(fields) < len(versions) or any(field.default for field in fields)
    widened = code.Field(name, " | ".join(parts))
    return code.maybe(widened) if optional else widened


def _start(spec: SagaSpec) -> MessageClass:
    fields = tuple(code.field(name, parse_type(type_)) for name, type_ in _required_first(spec))
    return MessageClass(start_class(spec), "Command", f"{spec.saga}.start", "What starts the saga.", fields)


def _required_first(spec: SagaSpec) -> list[tuple[str, str]]:
    return list(spec.input.items())


def _by_context(spec: SagaSpec) -> Iterator[tuple[str, tuple[MessageClass, ...]]]:
    """What each context is told and tells; a refusal that steps share stands where it comes first."""
    told = set[str]()
    for name, context in spec.contexts.items():
        messages = [one for step in spec.steps if step.context == name for one in _of_step(spec, step)]
        fresh = {one.stored_name: one for one in messages if one.stored_name not in told}
        told |= fresh.keys()
        yield context.title, tuple(fresh.values())


def _of_step(spec: SagaSpec, step: Step) -> Iterator[MessageClass]:
    fields = command_fields(spec, step)
    yield _class(step.command, "Command", f"{step.title}.", fields)
    yield _class(step.success, "Event", _happened(step.success), event_fields(step))
    for failure in step.failure:
        yield _class(failure, "Refusal", f"Refuses {_refused(spec, failure)}; `reason` says why.", {})
    if step.compensation:
        undo = step.compensation
        yield _class(undo.command, "Command", f"{undo.title}: undoes `{step.command.name}`.", undo_fields(spec, step))
        yield _class(undo.success, "Event", _happened(undo.success), {})


def _class(message: Message, parent: str, doc: str, fields: object) -> MessageClass:
    assert isinstance(fields, dict)
    told = tuple(code.field(name, type_) for name, type_ in fields.items())
    return MessageClass(message.name, parent, message.stored_name, code.docstring(doc), told)


def _refused(spec: SagaSpec, failure: Message) -> str:
    """The commands that may be answered so, where they are few."""
    stored = failure.stored_name
    commands = [f"`{s.command.name}`" for s in spec.steps if stored in {one.stored_name for one in s.failure}]
    if len(commands) > MOST_NAMED:
        return "several commands"
    return " or ".join([", ".join(commands[:-1]), commands[-1]] if len(commands) > 1 else commands)


def _happened(event: Message) -> str:
    """`InventoryReserved` is "Inventory is reserved."; other names are told as they are."""
    words = naming.sentence(event.name).split()
    if len(words) > 1 and words[-1] in {participle(word) for word in _verbs_of(words[-1])}:
        return f"{' '.join(words[:-1])} {'are' if words[-2].endswith('s') else 'is'} {words[-1]}."
    return f"{' '.join(words)}."


def _verbs_of(word: str) -> tuple[str, ...]:
    stem = word.removesuffix("ed")
    return (stem, f"{stem}e", stem[:-1], word.removesuffix("d"))


def _all_types(spec: SagaSpec) -> Iterator[FieldType]:
    for type_ in spec.input.values():
        yield parse_type(type_)
    for step in spec.steps:
        yield from command_fields(spec, step).values()
        yield from undo_fields(spec, step).values()
        yield from event_fields(step).values()


def _message_names(spec: SagaSpec) -> set[str]:
    messages = [message for step in spec.steps for message in (step.command, step.success, *step.failure)]
    undos = [step.compensation for step in spec.steps if step.compensation]
    return {message.name for message in (*messages, *(m for undo in undos for m in (undo.command, undo.success)))}


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if not title[:2].isupper() else title
