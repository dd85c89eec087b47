"""What people ask of a saga, in words: from a record's body to a verb, and whether a result fits its step."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..messaging.envelope import Undecodable
from ..messaging.message import Event
from ..story import Saga, Step
from .states import Abandon, Backoff, Cancel, Close, ForceUndo, Found, Open, Retry, Run, SagaState, Skip, Undo, Verb

NAMES: Mapping[type[Verb], str] = {
    Cancel: "cancel",
    Retry: "retry",
    Skip: "skip",
    Found: "skip",
    ForceUndo: "force-undo",
    Abandon: "abandon",
}
VERBS = tuple(dict.fromkeys(NAMES.values()))


def read_verb(name: str, body: Mapping[str, Any]) -> Verb:
    """The verb with what was said about it: `by`, `reason`, and for some `step`, `result`, `found`, `event`.

    Raises Undecodable.
    """
    by, reason = str(body.get("by", "")), str(body.get("reason", ""))
    match name:
        case "cancel":
            return Cancel(by, reason)
        case "force-undo":
            return ForceUndo(by, reason)
        case "abandon":
            return Abandon(by, reason)
    step, result = body.get("step"), body.get("result") or {}
    if not isinstance(step, str) or not isinstance(result, dict):
        raise Undecodable(f"{name}: `step` must be a text and `result` an object")
    if name == "retry":
        return Retry(step, by, reason)
    match body.get("found"):
        case None:
            return Skip(step, by, reason, result)
        case "ok" | "refused" as outcome:
            return Found(step, by, reason, outcome, str(body.get("event") or ""), result)
    raise Undecodable(f"{name}: `found` is ok or refused, not {body['found']!r}")


class Unfit(Exception):
    """A result is not what its step answers; what is wrong with it."""


def fitted(saga: Saga, state: SagaState, asked: Verb) -> Verb:
    """The verb with its result as the step's own event would carry it. Raises Unfit."""
    if not isinstance(asked, Skip | Found):
        return asked
    current = state.step(asked.step)
    undoing = isinstance(current, Undo | Close)
    if isinstance(asked, Skip) and undoing and asked.result:
        raise Unfit(f"{asked.step} is being undone, so no result stands in for it")
    if not isinstance(current, Open) or (isinstance(asked, Skip) and not isinstance(current, Run | Backoff)):
        return asked  # There is nothing to fit: the kernel says what becomes of it.
    step = saga.step(asked.step, state.version)
    if isinstance(asked, Skip):
        return Skip(asked.step, asked.by, asked.reason, _fields(step.done, asked.result))
    word = step.done if asked.outcome == "ok" or (undoing and not asked.event) else _refusal(step, asked.event)
    if undoing and not asked.body:
        # The undo may be what is stated; where it is the forward action, its participant asks for the fields.
        return Found(asked.step, asked.by, asked.reason, asked.outcome, word.stored_name, {})
    told = asked.body if asked.outcome == "ok" else {"reason": asked.reason, **asked.body}
    return Found(asked.step, asked.by, asked.reason, asked.outcome, word.stored_name, _fields(word, told))


def _refusal(step: Step, name: str) -> type[Event]:
    named = [word for word in step.refused if name in ("", word.__name__, word.stored_name)]
    if len(named) != 1:
        known = ", ".join(word.stored_name for word in step.refused)
        raise Unfit(f"{step.id} is refused by one of {known}" if known else f"{step.id} is never refused")
    return named[0]


def _fields(word: type[Event], values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return word.model_validate(values).model_dump(mode="json")
    except ValidationError as problem:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg'].lower()}" for one in problem.errors())
        raise Unfit(f"the result does not fit {word.stored_name}: {faults}") from None
