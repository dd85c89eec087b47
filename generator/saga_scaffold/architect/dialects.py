"""The dialects of prompt files: what their keys are called, how they nest, and what must be true of them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saga_scaffold.architect.conversation import Turn
from saga_scaffold.architect.marked import Marked
from saga_scaffold.errors import Place, ScaffoldError

PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ROLES = ("system", "developer", "user", "assistant")
_INPUTS = ("input", "inputs", "vars")


@dataclass(frozen=True)
class Variable:
    """A value that the prompt asks for; one that is not required may stay empty."""

    name: str
    description: str = ""
    required: bool = True
    default: str = ""


@dataclass(frozen=True)
class Case:
    """One test case: what fills the prompt, everything that evaluators may refer to, and the item as written."""

    inputs: Mapping[str, str]
    values: Mapping[str, str]
    written: Mapping[str, Any]
    place: Place


def turns_of(marked: Marked) -> tuple[Turn, ...]:
    """The messages; none at all is an error."""
    items = list_at(marked, "messages")
    if not items:
        raise ScaffoldError("the prompt has no `messages`", "see `prompts/README.md`", place=marked.place())
    return tuple(_turn(marked, index, item) for index, item in enumerate(items))


def _turn(marked: Marked, index: int, item: Any) -> Turn:
    place = marked.place("messages", index)
    if not isinstance(item, dict) or not isinstance(item.get("content"), str):
        raise ScaffoldError("a message has a `role` and a `content`", "write both as text", place=place)
    role = str(item.get("role", "")).lower()
    if role not in _ROLES:
        raise ScaffoldError(f"there is no role `{role}`", f"use one of {', '.join(_ROLES)}", place=place)
    return Turn(role, item["content"])


def variables_of(marked: Marked, turns: tuple[Turn, ...]) -> tuple[Variable, ...]:
    """The declared variables, or the placeholders where none is declared; an undeclared placeholder is an error."""
    declared = tuple(_variable(marked, index, item) for index, item in enumerate(list_at(marked, "variables")))
    used = [(name, index) for index, turn in enumerate(turns) for name in _placeholders(turn, marked, index)]
    if not declared:
        return tuple(Variable(name) for name in dict.fromkeys(name for name, _ in used))
    names = {variable.name for variable in declared}
    for name, index in used:
        if name not in names:
            raise ScaffoldError(
                f"`{{{{{name}}}}}` is not declared",
                f"declare it under `variables`, or use one of {', '.join(sorted(names))}",
                place=marked.place("messages", index, "content"),
            )
    return declared


def _placeholders(turn: Turn, marked: Marked, index: int) -> list[str]:
    names = [match[1].strip() for match in PLACEHOLDER.finditer(turn.content)]
    for name in names:
        if not _NAME.fullmatch(name):
            raise ScaffoldError(
                f"`{{{{{name}}}}}` is no placeholder: only names are replaced, nothing is evaluated",
                "write a name such as `{{business_transaction_workflow}}`",
                place=marked.place("messages", index, "content"),
            )
    return names


def _variable(marked: Marked, index: int, item: Any) -> Variable:
    if isinstance(item, str):
        return Variable(item)
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise ScaffoldError("a variable has a `name`", "add it", place=marked.place("variables", index))
    required = str(item.get("required", "true")).lower() not in {"false", "no", "off"}
    return Variable(item["name"], str(item.get("description", "")), required, str(item.get("default", "")))


def case_of(marked: Marked, index: int) -> Case:
    """The test case of that index, its variables nested below `input`, `inputs` or `vars`, or beside `expected`."""
    item, place = list_at(marked, "testData")[index], marked.place("testData", index)
    if not isinstance(item, dict):
        raise ScaffoldError("a test case is a mapping of variables", "see `prompts/README.md`", place=place)
    nested = next((item[key] for key in _INPUTS if isinstance(item.get(key), dict)), None)
    beside = {key: value for key, value in item.items() if isinstance(value, str)}
    inputs = beside if nested is None else {key: _plain(value) for key, value in nested.items()}
    return Case(inputs, {**beside, **inputs}, item, place)


def parameters_of(marked: Marked) -> dict[str, Any]:
    """`modelParameters` by their names on the wire: `topP` and `top_p` are `top_p`."""
    written = marked.value.get("modelParameters") or {}
    if not isinstance(written, dict):
        raise ScaffoldError(
            "`modelParameters` is a mapping", "write `temperature: 0.1` below it", place=marked.place("modelParameters")
        )
    return {_snake(name): _scalar(value) for name, value in written.items()}


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _scalar(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def text_at(marked: Marked, key: str) -> str:
    """A text of the file, empty where it is not there."""
    value = marked.value.get(key, "")
    if not isinstance(value, str):
        raise ScaffoldError(f"`{key}` is a text", "write it on one line", place=marked.place(key))
    return value.strip()


def list_at(marked: Marked, key: str) -> list[Any]:
    """A list of the file, empty where it is not there."""
    value = marked.value.get(key) or []
    if not isinstance(value, list):
        raise ScaffoldError(f"`{key}` is a list", "start each item with `- `", place=marked.place(key))
    return value
