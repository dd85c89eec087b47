"""What pydantic refuses, in the words of saga.yaml: which key, what it is, what it should be."""

import difflib
import types
import typing
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from saga_scaffold.errors import Finding
from saga_scaffold.spec.document import Document, Step
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.plain import plain


def explain(error: ValidationError, document: Document) -> list[Finding]:
    """A finding for each error, with its place in the document; the same one is told once."""
    found = (plain(_finding(detail, document)) for detail in _relevant(error.errors(include_url=False)))
    return list({(one.path, one.problem): one for one in found}.values())


def _relevant(details: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Without the arm of `undo` that was not meant: a mapping is no `none`, and a word is no mapping."""
    for detail in details:
        if detail["type"] == "literal_error" and isinstance(detail["input"], dict):
            continue
        if detail["type"] in {"model_type", "model_attributes_type"} and detail["loc"][-1:] == ("Undo",):
            continue
        yield detail


def _finding(detail: ErrorDetails, document: Document) -> Finding:
    path = _path(detail["loc"], document)
    shown = _dotted(path, document)
    if detail["type"] == "extra_forbidden":
        return _unknown_key(path, shown, document)
    if detail["type"] == "missing":
        return _missing_key(path, shown, document)
    problem, hint = _explain(detail, f"`{path[-1]}`" if path else "the file")
    return Finding("shape", shown, problem, hint, place=document.place(path))


def _path(loc: tuple[Step, ...], document: Document) -> tuple[Step, ...]:
    """The error's path without what only pydantic sees: arms of a union, and `name` and `topic` of short forms."""
    path: tuple[Step, ...] = ()
    for index, step in enumerate(loc):
        last = index == len(loc) - 1 and isinstance(_value_at(document.value, path), dict) and step != "Undo"
        if last or (*path, step) in document.places:
            path = (*path, step)
    return path


def _value_at(value: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _dotted(path: tuple[Step, ...], document: Document) -> str:
    names: list[str] = []
    value = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else value[step] if isinstance(step, int) else None
        id = value.get("id") if isinstance(step, int) and isinstance(value, dict) else None
        names.append(id if isinstance(id, str) else str(step))
    return ".".join(names)


def _unknown_key(path: tuple[Step, ...], shown: str, document: Document) -> Finding:
    known = list(_model_at(path[:-1]).model_fields)
    close = difflib.get_close_matches(str(path[-1]), known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"the keys here are {', '.join(known)}"
    place = document.keys.get(path) or document.place(path)
    return Finding("unknown-key", shown, f"{_where(path[:-1], document)} has no key `{path[-1]}`", hint, place=place)


def _missing_key(path: tuple[Step, ...], shown: str, document: Document) -> Finding:
    field = _model_at(path[:-1]).model_fields[str(path[-1])]
    example = _example(field.examples[0]) if field.examples else "..."
    problem = f"{_where(path[:-1], document)} lacks `{path[-1]}`"
    return Finding(
        "missing-key", shown, problem, f"add it, for example: {path[-1]}: {example}", place=document.place(path)
    )


def _example(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_example, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_example(one)}" for key, one in value.items()) + "}"
    return str(value)


def _where(path: tuple[Step, ...], document: Document) -> str:
    if not path:
        return "the saga"
    if len(path) == 2 and path[0] == "steps":
        name = _dotted(path, document).removeprefix("steps.")
        return f"step {path[1] + 1}" if isinstance(path[1], int) and name == str(path[1]) else f"the step `{name}`"
    return f"`{_dotted(path, document)}`"


def _model_at(path: tuple[Step, ...]) -> type[BaseModel]:
    """The model that the value at the path is read as."""
    annotation: Any = SagaSpec
    for step in path:
        model = _model_in(annotation)
        if typing.get_origin(annotation) in {dict, tuple}:
            annotation = model
        elif model is not None and step in model.model_fields:
            annotation = model.model_fields[str(step)].annotation
    return _model_in(annotation) or SagaSpec


def _model_in(annotation: Any) -> Any:
    if (
        isinstance(annotation, type)
        and not isinstance(annotation, types.GenericAlias)
        and issubclass(annotation, BaseModel)
    ):
        return annotation
    return next(filter(None, map(_model_in, typing.get_args(annotation))), None)


_KINDS = {
    "string_type": "a text",
    "string_unicode": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list, like [one, two]",
    "dict_type": "a mapping, like {name: value}",
    "model_type": "a mapping, like {key: value}",
    "model_attributes_type": "a mapping, like {key: value}",
}


def _explain(detail: ErrorDetails, name: str) -> tuple[str, str]:
    kind, value, limits = detail["type"], detail["input"], detail.get("ctx") or {}
    if kind in _KINDS:
        quoted = f'put it in quotes: "{_shown(value)}"'
        simple = kind == "string_type" and isinstance(value, int | float) and not isinstance(value, bool)
        return f"{name} is {_shown(value)}, not {_KINDS[kind]}", quoted if simple else f"make it {_KINDS[kind]}"
    if kind in {"enum", "literal_error"}:
        return _explain_choice(name, value, str(limits.get("expected", "")))
    if kind == "value_error":
        return f"{name} is {_shown(value)}, which is not understood", str(limits["error"])
    bounds = {"gt": "greater than", "ge": "at least", "lt": "less than", "le": "at most"}
    bound = next((f"{words} {limits[key]:g}" for key, words in bounds.items() if key in limits), None)
    if bound:
        return f"{name} is {_shown(value)}", f"make it {bound}"
    return f"{name}: {detail['msg'][0].lower()}{detail['msg'][1:]}", "write it as the reference of saga.yaml shows it"


def _explain_choice(name: str, value: Any, expected: str) -> tuple[str, str]:
    choices = expected.replace("'", "")
    if choices == "none":
        return (
            f"{name} is {_shown(value)}",
            "write a mapping with command, takes and success, or `none` with a `because`",
        )
    close = difflib.get_close_matches(str(value), choices.replace(" or ", ", ").split(", "), n=1)
    return f"{name} is {_shown(value)}", f"did you mean `{close[0]}`?" if close else f"write {choices}"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return "true" if value else "false"
        case str():
            return f"`{value if len(value) <= 60 else value[:60] + '...'}`"
        case int() | float():
            return str(value)
        case dict():
            return "a mapping"
        case _:
            return "a list"
