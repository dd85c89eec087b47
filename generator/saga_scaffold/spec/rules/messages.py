"""Commands and events: names that are classes and handlers, stored names that mean one thing."""

from collections.abc import Iterator
from dataclasses import dataclass

from saga_scaffold.errors import Finding
from saga_scaffold.spec import naming, reserved
from saga_scaffold.spec.model import Effect, Message, SagaSpec
from saga_scaffold.spec.rules.wording import cut

LONGEST_WIRE = 200


@dataclass(frozen=True)
class Use:
    """A message where it is used: `role` is start, command, success, failure, undo or undone."""

    path: str
    role: str
    message: Message


def uses(spec: SagaSpec) -> Iterator[Use]:
    """Every message of the saga, the one that starts it first."""
    yield Use("saga", "start", spec.start)
    for step in spec.steps:
        path = f"steps.{step.id}"
        yield Use(f"{path}.command", "command", step.command)
        yield Use(f"{path}.success", "success", step.success)
        yield from (Use(f"{path}.failure.{number}", "failure", one) for number, one in enumerate(step.failure))
        if step.compensation:
            yield Use(f"{path}.undo.command", "undo", step.compensation.command)
            yield Use(f"{path}.undo.success", "undone", step.compensation.success)


def messages_are_pascal(spec: SagaSpec) -> Iterator[Finding]:
    """A message is a class."""
    for use in _named(spec):
        name = use.message.name
        if not naming.PASCAL.fullmatch(name) or len(name) > naming.LONGEST:
            yield Finding("message", use.path, f"the message `{cut(name)}` is not in PascalCase", _better(name))


def messages_are_free(spec: SagaSpec) -> Iterator[Finding]:
    """A message must not be called like a class of the project, or its handler like a word of Python."""
    for use in _named(spec):
        if reserved.is_message(use.message.name):
            problem = f"the message `{use.message.name}` is called like something of Python or of the project"
            yield Finding("message", use.path, problem, "add a word that says more, like ReserveInventory")


def messages_mean_one_thing(spec: SagaSpec) -> Iterator[Finding]:
    """One class, one meaning; only a refusal may be shared, because it carries nothing but its reason."""
    first: dict[str, Use] = {}
    for use in uses(spec):
        other = first.setdefault(use.message.name.lower(), use)
        if other is not use and not _same_refusal(use, other):
            problem = f"the message `{use.message.name}` is also at `{other.path}`"
            yield Finding("message", use.path, problem, "give it a name of its own; steps can share only a refusal")


def stored_names_mean_one_thing(spec: SagaSpec) -> Iterator[Finding]:
    """What is stored is read back by its stored name alone."""
    first: dict[str, Use] = {}
    for use in uses(spec):
        other = first.setdefault(use.message.stored_name, use)
        if use.message.name.lower() != other.message.name.lower():
            problem = (
                f"the stored name `{use.message.stored_name}` is also that of `{other.message.name}` at `{other.path}`"
            )
            yield Finding("wire", use.path, problem, "give one of them another `wire`")


def stored_names_are_plain(spec: SagaSpec) -> Iterator[Finding]:
    """A stored name goes into headers, tables and logs."""
    for use in uses(spec):
        name = use.message.stored_name
        if use.message.wire is not None and (not naming.WIRE.fullmatch(name) or len(name) > LONGEST_WIRE):
            problem = f"the stored name `{cut(name)}` is not plain"
            hint = f"write letters, digits and . _ : / - only, at most {LONGEST_WIRE} characters"
            yield Finding("wire", use.path, problem, hint)


def handlers_have_their_own_names(spec: SagaSpec) -> Iterator[Finding]:
    """A command's handler is called like it in snake_case, and that which looks it up `find_...`."""
    first: dict[str, str] = {}
    for path, handler, command in _handlers(spec):
        other = first.setdefault(handler, command)
        if other != command:
            problem = f"`{command}` and `{other}` would both be handled by `{handler}`"
            yield Finding("message", path, problem, "rename one of the commands")


def _named(spec: SagaSpec) -> Iterator[Use]:
    """The messages that the file names itself."""
    return (use for use in uses(spec) if use.role != "start")


def _handlers(spec: SagaSpec) -> Iterator[tuple[str, str, str]]:
    for step in spec.steps:
        path, command = f"steps.{step.id}.command", step.command.name
        yield path, naming.snake(command), command
        if step.effect is Effect.EXTERNAL:
            yield path, f"find_{naming.snake(command)}", command
        if step.compensation:
            undo = step.compensation.command.name
            yield f"steps.{step.id}.undo.command", naming.snake(undo), undo


def _same_refusal(use: Use, other: Use) -> bool:
    same = (use.message.name, use.message.stored_name) == (other.message.name, other.message.stored_name)
    return same and use.role == other.role == "failure" and use.path.rpartition(".")[0] != other.path.rpartition(".")[0]


def _better(name: str) -> str:
    try:
        return f"write `{naming.message_name(name)}`; how it is called on the wire goes into `wire`"
    except ValueError:
        return "write it in words, like ReserveInventory; how it is called on the wire goes into `wire`"
