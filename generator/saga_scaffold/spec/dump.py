"""A spec as the text of its saga.yaml: everything said, nothing that follows from something else."""

import json
from collections.abc import Iterator
from typing import Any

from saga_scaffold.spec import naming, scalars
from saga_scaffold.spec.model import Effect, Kind, Message, SagaSpec, Step, Undo

SCHEMA = ".saga-scaffold/saga.schema.json"
WIDTH = 120
_BLOCKS = {"input", "contexts", "steps", "proposed"}


def dump_spec(spec: SagaSpec) -> str:
    """The text of saga.yaml; `load_spec` reads the same spec from it."""
    sections = [_lines(section) for section in _sections(spec)]
    return "\n\n".join([_opening(sections[0]), *("\n".join(section) for section in sections[1:] if section)]) + "\n"


def _opening(head: list[str]) -> str:
    return "\n".join([f"# yaml-language-server: $schema={SCHEMA}", *head])


def _lines(section: dict[str, Any]) -> list[str]:
    return [line for key, value in section.items() for line in entry(key, value, 0)]


def _sections(spec: SagaSpec) -> Iterator[dict[str, Any]]:
    full = spec.model_dump(mode="json")
    head = {key: full[key] for key in ("saga", "package", "title", "summary", "deadline")}
    if spec.title == naming.sentence(spec.saga):
        del head["title"]
    if spec.summary == "":
        del head["summary"]
    yield head
    yield {"input": full["input"]}
    yield {"contexts": {name: _without_none(context) for name, context in full["contexts"].items()}}
    yield {"steps": steps_as_written(spec)}
    yield {key: full[key] for key in ("terminal", "event_store", "topics")}
    proposed = {key: value for key, value in full["proposed"].items() if value}
    yield {key: value for key, value in (("proposed", proposed), ("assumed", full["assumed"])) if value}


def steps_as_written(spec: SagaSpec) -> list[dict[str, Any]]:
    """The steps with what a file says of them, in the order in which it does."""
    return list(_steps(spec, spec.model_dump(mode="json")["steps"]))


def _steps(spec: SagaSpec, full: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    previous: tuple[str, ...] = ()
    for step, values in zip(spec.steps, full, strict=True):
        values |= {"failure": values["failure"][0] if len(step.failure) == 1 else values["failure"]}
        if step.compensation:
            values |= {"undo": _without(values["undo"], _derived_of_undo(step.compensation))}
        yield _without(values, _derived(step, previous))
        previous = (step.id,)


def _derived(step: Step, previous: tuple[str, ...]) -> dict[str, Any]:
    """What a reader of the file fills in by itself."""
    after = {"after": list(previous)} if step.after == previous else {}
    return (
        {"kind": Kind.COMPENSATABLE, "effect": Effect.LOCAL, "takes": [], "gives": {}, "failure": []}
        | after
        | _words(step.command)
    )


def _derived_of_undo(undo: Undo) -> dict[str, Any]:
    return {"takes": []} | _words(undo.command)


def _words(command: Message) -> dict[str, str]:
    return {"title": naming.sentence(command.name), "state": naming.running_state(command.name)}


def _without(values: dict[str, Any], derived: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and derived.get(key, ...) != value}


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    return value


def entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of `key: value`; one where it fits and is no section of its own."""
    start = f"{' ' * indent}{scalars.write(key, flow=False)}:"
    line = f"{start} {_flow(value) if isinstance(value, dict | list) else _scalar(value, flow=False)}"
    whole = (
        not isinstance(value, dict | list) or not value or (len(line) <= WIDTH and not (indent == 0 and key in _BLOCKS))
    )
    if whole:
        yield line
    else:
        yield start
        yield from _block(value, indent + 2)


def _block(value: dict[str, Any] | list[Any], indent: int) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from entry(key, one, indent)
        return
    for item in value:
        lines = list(_item(item, indent + 2))
        yield f"{' ' * indent}- {lines[0].lstrip()}"
        yield from lines[1:]


def _item(item: Any, indent: int) -> Iterator[str]:
    if isinstance(item, dict):
        yield from _block(item, indent)
    else:
        yield _scalar(item, flow=False)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalars.write(key, flow=True)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, flow=True)


def _scalar(value: Any, flow: bool) -> str:
    if isinstance(value, str):
        return scalars.write(value, flow)
    return json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value)
