"""JSON and YAML blocks that describe the machine: their steps, and what they say of the whole."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tokens import plain
from saga_scaffold.architecture.evidence.units import with_unit
from saga_scaffold.spec import naming

_LISTS = ("steps", "transitions", "activities", "forward")
_NAMES = {"id", "name", "title", "step", "task", "action"}
_MARKED = {"command", "success", "failure", "command topic", "event topic", "topic", "events", "undo topic"}
_LONGEST = 60_000


def block_steps(lines: Sequence[str]) -> list[Found]:
    """Steps of a JSON or YAML block that describes the machine."""
    for number, block in fences(lines):
        document = _parsed(block)
        listed = _listed(document)
        if listed:
            return [_from_block(one, number) for one in listed]
    return []


def _parsed(block: str) -> Any:
    """The block as plain values; None where it is neither JSON nor YAML, or too long to be a machine."""
    if len(block) > _LONGEST or not re.search(r"steps|transitions|activities|command", block, re.IGNORECASE):
        return None
    try:
        return json.loads(block)
    except (ValueError, RecursionError):
        pass
    if re.search(r"[&*]\w", block):  # anchors may unfold without end
        return None
    try:
        return yaml.load(block, Loader=yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _listed(document: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The list of steps in a document, or in a part of it."""
    if isinstance(document, list):
        listed = [one for one in document if isinstance(one, dict)]
        return listed if len(listed) == len(document) and any(map(_tells_a_step, listed)) else []
    if not isinstance(document, dict) or depth > 2:
        return []
    for key in _LISTS:
        if isinstance(document.get(key), list) and (found := _listed(document[key])):
            return found
    if named := _named(document):
        return named
    return next((found for value in document.values() if (found := _listed(value, depth + 1))), [])


def _named(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps of a mapping from their names to what is said of each."""
    told = [{"name": str(name), **value} for name, value in document.items() if isinstance(value, dict)]
    return told if len(told) == len(document) > 1 and all(map(_tells_a_step, told)) else []


def _tells_a_step(one: Mapping[str, Any]) -> bool:
    return len({_role(str(key)) for key in one} - {None}) > 1


def _role(key: str) -> str | None:
    """The role of a key in any spelling: `successEvent` and `success_event` are `success`."""
    words = " ".join(word.lower() for word in naming.words(key))
    return "name" if words in _NAMES else _KEYS.get(words) or role_of(words)


_KEYS = {"on success": "success", "on failure": "failure", "compensate": "undo", "next state": "next", "queue": "topic"}


def _from_block(one: Mapping[str, Any], number: int) -> Found:
    found = Found("", number)
    names: list[str] = []
    for key, value in one.items():
        role, text = _role(str(key)), _text(value)
        text = text and with_unit(" ".join(naming.words(str(key))), text)
        if role is None or text is None:
            continue
        if role == "name":
            names.append(text)
            continue
        if role in {"undo", "command", "success", "failure"} and isinstance(value, dict):
            found.say({"command": "command topic"}.get(role, f"{role} topic"), _marked(_within(value, "topic")))
        found.say("command topic" if role == "topic" else role, _marked(text) if role in _MARKED else text)
    if names and "command" not in found.said and not re.search(r"\s", names[0]):
        found.say("command", _marked(names[0]))
    title = names[0] if names else plain(found.said.get("command", ""))
    found.title = title.replace("_", " ").replace("-", " ")
    found.service = found.said.get("service")
    return found


def _text(value: Any) -> str | None:
    """What a value says; of a block its name, `none` where it is said that there is none."""
    if isinstance(value, dict):
        return _within(value, "command", "name", "action", "event", "type")
    if value is None or value is False:
        return "none"
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value if isinstance(one, str)) or None
    return str(value) if isinstance(value, str | int | float) else None


def _within(value: Mapping[str, Any], *keys: str) -> str | None:
    return next((str(value[key]) for key in keys if isinstance(value.get(key), str)), None)


def _marked(text: str | None) -> str:
    return "" if not text else text if "`" in text or text == "none" else f"`{text}`"


def fences(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The fenced blocks, each with the number of its first line; one that is not closed reaches to the end."""
    block: list[str] | None = None
    start = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("```"):
            if block is not None:
                yield start, "\n".join(block)
            block, start = (None, 0) if block is not None else ([], number)
        elif block is not None:
            block.append(line)
    if block:
        yield start, "\n".join(block)
