"""Facts that a model is asked for as JSON: their form, their schema, and how they are found in what it answers."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Field(_Answer):
    """A field and its type."""

    name: str
    type: str


class StepFacts(_Answer):
    """What the architect says of one step; null and empty mean that it says nothing."""

    id: str
    command: str | None = None
    takes: tuple[str, ...] = ()
    success: str | None = None
    gives: tuple[Field, ...] = ()
    failure: tuple[str, ...] = ()
    undo_command: str | None = None
    undo_takes: tuple[str, ...] = ()
    undo_success: str | None = None
    nothing_to_undo_because: str | None = None


class Facts(_Answer):
    """The facts of a whole saga."""

    input: tuple[Field, ...] = ()
    steps: tuple[StepFacts, ...]


@dataclass(frozen=True)
class Unreadable(Exception):
    """An answer that holds no facts; `problem` says why, in words that a model understands."""

    problem: str


def schema() -> dict[str, Any]:
    """JSON Schema of `Facts` in the strictest common subset: everything required, nothing else allowed, no defaults."""
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    texts = {"type": "array", "items": text}
    fields = {"type": "array", "items": _closed({"name": text, "type": text})}
    kinds = {"takes": texts, "gives": fields, "failure": texts, "undo_takes": texts, "id": text}
    step = _closed({name: kinds.get(name, maybe) for name in StepFacts.model_fields})
    return _closed({"input": fields, "steps": {"type": "array", "items": step}})


def read_facts(answer: str) -> Facts:
    """The facts in an answer that is JSON, or holds it in a fence or between words."""
    problems = []
    for candidate in _candidates(answer):
        try:
            return Facts.model_validate(json.loads(candidate))
        except json.JSONDecodeError as error:
            problems.append(f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}")
        except RecursionError:
            problems.append("the JSON is nested too deeply")
        except ValidationError as error:
            problems.append("; ".join(f"{_dotted(one['loc'])}: {one['msg']}" for one in error.errors()[:5]))
    raise Unreadable(problems[-1] if problems else "there is no JSON object in the answer")


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _candidates(answer: str) -> list[str]:
    text = re.sub(r"<think>.*?</think>", "", answer, flags=re.DOTALL)
    fenced = re.findall(r"```[a-zA-Z]*\s*\n(.*?)```", text, flags=re.DOTALL)
    inner = text[text.find("{") : text.rfind("}") + 1]
    return [candidate for candidate in (*fenced, inner) if "{" in candidate]


def _dotted(location: Iterable[Any]) -> str:
    return ".".join(str(part) for part in location)
