"""The users' own code: for each bounded context a module with one function per command, forward next to its undo."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from saga_scaffold.project.history import History, Retired, class_names, retired_steps
from saga_scaffold.project.view import code
from saga_scaffold.project.view.examples import Argument, handler_arguments
from saga_scaffold.spec import naming
from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.model import Context, Effect, Kind, Message, SagaSpec, Step


@dataclass(frozen=True)
class Handler:
    """One function: its name, its command, what it returns, and the default answer."""

    name: str
    command: str
    answers: tuple[str, ...]
    doc: tuple[str, ...]
    arguments: tuple[Argument, ...] = ()
    types: tuple[FieldType, ...] = ()

    @property
    def returns(self) -> str:
        """The return annotation."""
        return " | ".join(self.answers)

    @property
    def answer(self) -> str:
        """The event that the default body returns."""
        return self.answers[0]


@dataclass(frozen=True)
class Find:
    """The function that says what became of a request to the outside."""

    name: str
    command: str
    answers: tuple[str, ...]
    asks: str

    @property
    def returns(self) -> str:
        """The return annotation."""
        return " | ".join(self.answers)


@dataclass(frozen=True)
class Action:
    """A step as its context sees it. `until` is the last version whose sagas ask for it; None for today's."""

    step: str
    do: Handler
    undo: Handler | None
    find: Find | None
    until: int | None = None


@dataclass(frozen=True)
class ContextModule:
    """A module of contexts/: who does what, and the functions in the order in which they are written."""

    name: str
    module: str
    title: str
    doc: str
    imports: tuple[code.Import, ...]
    actions: tuple[Action, ...]
    written: tuple[Handler | Find, ...]


def context_modules(spec: SagaSpec, history: History = ()) -> tuple[ContextModule, ...]:
    """One for each context that has steps, in the order of the spec; then those that only earlier versions call."""
    retired = retired_steps(spec, history)
    contexts = {name: context.title for one in (*(old.spec for old in history), spec) for name, context in _titled(one)}
    names = dict.fromkeys((*spec.contexts, *contexts))
    modules = (_module(spec, name, contexts[name], retired) for name in names)
    return tuple(module for module in modules if module.actions)


def _titled(spec: SagaSpec) -> Iterable[tuple[str, Context]]:
    return spec.contexts.items()


def _module(spec: SagaSpec, name: str, title: str, retired: tuple[Retired, ...]) -> ContextModule:
    steps = [step for step in spec.steps if step.context == name]
    actions = tuple(_told_apart((*(_action(spec, step) for step in steps), *_retired(spec, name, retired))))
    return ContextModule(
        name=name,
        module=naming.snake(name),
        title=title,
        doc=code.docstring(f"{title}: what it does for {_subject(spec)}, and how it undoes it."),
        imports=_imports(actions),
        actions=actions,
        written=tuple(_written(actions)),
    )


def _told_apart(actions: Iterable[Action]) -> Iterator[Action]:
    """An earlier version has a function of its own, `pay_v1`, where today's may answer what its sagas do not know."""
    answers: dict[str, set[str]] = {}

    def named(handler: Handler, until: int | None) -> Handler:
        names = (handler.name, f"{handler.name}_v{until}")
        name = next((one for one in names if answers.get(one, set()) <= set(handler.answers)), names[1])
        answers.setdefault(name, set(handler.answers))
        return replace(handler, name=name)

    for action in actions:
        do, undo = named(action.do, action.until), action.undo and named(action.undo, action.until)
        find = action.find and replace(action.find, name=f"find_{do.name}", asks=do.name)
        yield replace(action, do=do, undo=undo and replace(undo, doc=_undo_doc(do, action.until)), find=find)


def _written(actions: Iterable[Action]) -> Iterator[Handler | Find]:
    """Every function once, forward next to its undo: versions that say the same words share it."""
    seen: set[str] = set()
    for action in actions:
        for function in (action.do, action.undo, action.find):
            if function is not None and function.name not in seen:
                seen.add(function.name)
                yield function


def _retired(spec: SagaSpec, context: str, retired: tuple[Retired, ...]) -> Iterator[Action]:
    names = class_names(spec, retired)
    for one in retired:
        if one.step.context == context:
            yield _action(one.spec, one.step, names, one.until)


def _subject(spec: SagaSpec) -> str:
    noun = spec.business_key.removesuffix("_id").replace("_", " ")
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _action(spec: SagaSpec, step: Step, names: Mapping[str, str] | None = None, until: int | None = None) -> Action:
    """The functions of a step; of a retired one under the class names that its messages have now."""
    called = _called(names)
    command, success = called(step.command), called(step.success)
    do = Handler(
        name=handler_name(command),
        command=command,
        answers=(success, *map(called, step.failure)),
        doc=(*_forward_doc(step), *_retired_doc(until)),
        arguments=handler_arguments(spec, step),
        types=tuple(parse_type(type_) for type_ in step.gives.values()),
    )
    return Action(step.id, do, _undo(step, do, called, until), _find(step, do), until)


def _called(names: Mapping[str, str] | None) -> Callable[[Message], str]:
    return lambda message: names[message.stored_name] if names else message.name


def _undo(step: Step, do: Handler, called: Callable[[Message], str], until: int | None) -> Handler | None:
    undo = step.compensation
    if undo is None:
        return None
    command = called(undo.command)
    return Handler(handler_name(command), command, (called(undo.success),), _undo_doc(do, until))


def _undo_doc(do: Handler, until: int | None) -> tuple[str, ...]:
    first = f"Undo `{do.name}`. It may be called again after a crash; it must succeed in the end."
    return (first, *_retired_doc(until))


def _retired_doc(until: int | None) -> tuple[str, ...]:
    return () if until is None else (f"Retired in v{until + 1}: only sagas of earlier versions ask for it.",)


def _find(step: Step, do: Handler) -> Find | None:
    if step.effect is not Effect.EXTERNAL:
        return None
    return Find(f"find_{do.name}", do.command, do.answers, do.name)


def _forward_doc(step: Step) -> tuple[str, ...]:
    title = code.docstring(step.title)
    first = f"{title}, or say why not." if step.failure else f"{title}."
    more: list[str] = []
    if step.effect is Effect.EXTERNAL:
        more.append(
            "It takes effect outside: send `tx.key` along as idempotency key, and let only the provider refuse."
        )
        more.append("A check of our own belongs into a local step before this one.")
    if step.kind is Kind.RETRIABLE:
        more.append("The saga is past its point of no return: this is tried again until it succeeds.")
    return (first, *more)


def handler_name(command: str) -> str:
    """`ReserveInventory` is handled by `reserve_inventory`."""
    return naming.snake(command)


def _imports(actions: Iterable[Action]) -> tuple[code.Import, ...]:
    functions = [one for action in actions for one in (action.do, action.undo, action.find) if one]
    words = {word for one in functions for word in (one.command, *one.answers)}
    handlers = [one for one in functions if isinstance(one, Handler)]
    values = [argument.value for one in handlers for argument in one.arguments]
    needed = {
        (module, name)
        for module, name in code.type_imports(type_ for one in handlers for type_ in one.types)
        if any(f"{name}(" in value or f"{name}." in value.replace("tx.deadline.date", "") for value in values)
    }
    local = {("..messages", word) for word in words} | {("..participant.transaction", "Transaction")}
    return (*code.imports(needed), *code.imports(local))
