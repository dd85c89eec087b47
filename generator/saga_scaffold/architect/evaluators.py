"""Evaluators of prompt files: what they ask of an answer, as values, and how each judges.

`string` and `regex` look at the text. `saga` looks at what the text means: it must read as a saga, with so many steps,
an undo for every forward action, topics that belong to one context each, and a state machine that always ends.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from saga_scaffold.architect import soundness
from saga_scaffold.errors import Place, ScaffoldError
from saga_scaffold.spec.model import SagaSpec

_STRINGS = ("equals", "contains", "startsWith", "endsWith")
_REFERENCE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\}")


@dataclass(frozen=True)
class StringCheck:
    """How the text compares with `wanted`; all but `equals` ignore case."""

    name: str
    how: str
    wanted: str


@dataclass(frozen=True)
class RegexCheck:
    """A pattern that must occur somewhere in the text."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class SagaCheck:
    """A rule about the saga in the text; only `steps` has an argument, a number or a reference to the test case."""

    name: str
    rule: str
    argument: str
    place: Place


@dataclass(frozen=True)
class Unsupported:
    """An evaluator that needs a judge which is not here, such as `llm`."""

    name: str
    kind: str
    place: Place


Evaluator = StringCheck | RegexCheck | SagaCheck | Unsupported


@dataclass(frozen=True)
class Subject:
    """What is judged: the architect's text, and the saga that was read from it or why there is none."""

    text: str
    spec: SagaSpec | None
    problem: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether the answer does what the evaluator asks, and the reason in one line."""

    evaluator: str
    passed: bool
    details: str


def parse_evaluator(item: Any, place: Place) -> Evaluator:
    """The evaluator that a list item describes; one of an unknown kind is kept, and refused when it is to judge."""
    if not isinstance(item, dict):
        raise ScaffoldError("an evaluator is a mapping with a `name`", "see `prompts/README.md`", place=place)
    kind = str(item.get("type") or next((key for key in ("string", "regex", "saga") if key in item), ""))
    body = item.get(kind, item) if kind in {"string", "regex", "saga"} else item
    name = str(item.get("name") or kind or "evaluator")
    match kind:
        case "string":
            return _string(name, body, place)
        case "regex":
            return _regex(name, body, place)
        case "saga":
            return _saga(name, body, place)
        case _:
            unknown = kind or next((key for key in item if key != "name"), "nothing")
            return Unsupported(name, unknown, place)


def judge(evaluator: Evaluator, subject: Subject, values: Mapping[str, str]) -> Verdict:
    """The verdict on one answer; `{{name}}` in an evaluator stands for a value of the test case."""
    match evaluator:
        case StringCheck(name, how, wanted):
            filled = _filled(wanted, values)
            return Verdict(name, _compare(how, subject.text, filled), f"{_SPOKEN[how]} `{filled}`")
        case RegexCheck(name, pattern):
            found = pattern.search(subject.text)
            return Verdict(
                name, found is not None, f"found `{found[0]}`" if found else f"nothing matches `{pattern.pattern}`"
            )
        case SagaCheck(name, rule, argument, place):
            return _judge_saga(name, rule, _filled(argument, values), place, subject)
        case Unsupported(name, kind, place):
            raise ScaffoldError(
                f"the evaluator `{name}` is of the kind `{kind}`, which is not judged here",
                "use `string`, `regex` or `saga`, or remove it",
                place=place,
            )


_SPOKEN = {"equals": "equals", "contains": "contains", "startsWith": "starts with", "endsWith": "ends with"}


def _compare(how: str, text: str, wanted: str) -> bool:
    if how == "equals":
        return text.strip() == wanted.strip()
    said, asked = text.strip().lower(), wanted.lower()
    return {"contains": asked in said, "startsWith": said.startswith(asked), "endsWith": said.endswith(asked)}[how]


def _judge_saga(name: str, rule: str, argument: str, place: Place, subject: Subject) -> Verdict:
    if subject.spec is None:
        return Verdict(name, False, subject.problem)
    if rule == "steps":
        return _step_count(name, argument, place, subject.spec)
    wrong = _RULES[rule](subject.spec, subject.text)
    return Verdict(name, not wrong, wrong or _GOOD[rule])


def _step_count(name: str, argument: str, place: Place, spec: SagaSpec) -> Verdict:
    if not argument.strip().isdecimal():
        raise ScaffoldError(
            f"`steps` is a number, not `{argument}`",
            "write `saga: {steps: 4}`, or give the test case a number",
            place=place,
        )
    wanted, there = int(argument), len(spec.steps)
    return Verdict(
        name, wanted == there, f"{there} steps, {wanted} expected: {', '.join(step.id for step in spec.steps)}"
    )


_RULES: dict[str, Callable[[SagaSpec, str], str]] = {
    "parses": lambda spec, text: "",
    "undo": soundness.actions_without_undo,
    "topics": lambda spec, text: soundness.shared_topics(spec),
    "fsm": lambda spec, text: soundness.open_states(spec),
}
_GOOD = {
    "parses": "reads as a saga",
    "undo": "every forward action has a compensating action or says why not",
    "topics": "every topic and message belongs to one context",
    "fsm": "every state leads to a terminal state",
}


def _string(name: str, body: Any, place: Place) -> StringCheck:
    given = {key: body[key] for key in _STRINGS if isinstance(body, dict) and isinstance(body.get(key), str)}
    if len(given) != 1:
        raise ScaffoldError(
            f"the evaluator `{name}` needs exactly one of {', '.join(_STRINGS)}", "give it one, as a text", place=place
        )
    return StringCheck(name, *next(iter(given.items())))


def _regex(name: str, body: Any, place: Place) -> RegexCheck:
    pattern = body.get("pattern") if isinstance(body, dict) else body
    if not isinstance(pattern, str):
        raise ScaffoldError(f"the evaluator `{name}` needs a `pattern`", "write the regular expression", place=place)
    try:
        return RegexCheck(name, re.compile(pattern))
    except re.error as error:
        raise ScaffoldError(
            f"the pattern of `{name}` is no regular expression: {error}",
            "correct it, or put it in single quotes",
            place=place,
        ) from None


def _saga(name: str, body: Any, place: Place) -> SagaCheck:
    if isinstance(body, str) and body in _RULES:
        return SagaCheck(name, body, "", place)
    if isinstance(body, dict) and isinstance(body.get("steps"), str):
        return SagaCheck(name, "steps", body["steps"], place)
    raise ScaffoldError(
        f"the evaluator `{name}` asks for a rule that is not there",
        f"use `saga: {{steps: 4}}` or one of {', '.join(_RULES)}",
        place=place,
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _REFERENCE.sub(lambda match: values.get(match[1], match[0]), text)
