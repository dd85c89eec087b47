"""Facts that stand apart from their step join it: by the name of a message, a state, a title, a number or a service."""

import re
from collections.abc import Iterable, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.rows import Row, names_in
from saga_scaffold.architecture.evidence.tokens import is_nothing, plain, tokens
from saga_scaffold.spec import naming

_OF_A_STEP = (
    "service", "command", "command topic", "success", "failure", "events", "success topic", "failure topic",
    "event topic", "undo", "undo topic", "undo event", "kind", "state", "timeout", "retries", "attempts",
    "timeout and retries", "condition",
)  # fmt: skip
_OF_AN_UNDO = {"topic": "undo topic", "command topic": "undo topic", "events": "undo event", "success": "undo event",
               "undo event": "undo event", "event topic": "undo event"}  # fmt: skip
_OF_SEVERAL = (
    "service",
    "command topic",
    "event topic",
    "kind",
    "timeout",
    "retries",
    "attempts",
    "timeout and retries",
)
_OF_A_SERVICE = ("command topic", "event topic", "timeout", "retries", "attempts", "timeout and retries")
_OF_A_STATE = ("service", "timeout", "retries", "attempts", "timeout and retries", "kind")
_NUMBERED = re.compile(
    r"(?:step|phase|stage|schritt|etape|étape|paso|passo|#|nr\.?|no\.?)?\s*([A-Z]{0,2})(\d{1,2})\b", re.I
)
_RANGE = re.compile(r"\b([A-Z]?)(\d{1,2})\s*(?:[-–]|to|bis|à|through)\s*[A-Z]?(\d{1,2})\b")


def join(found: Sequence[Found], told: Iterable[Row]) -> None:
    """Says to each step what the rows say of it; twice, as one row may name the service by which another is found."""
    for row in [*told] * 2:
        any(_joined(found, row, subject) for subject in row.subjects)


def merge(found: Sequence[Found], others: Iterable[Found]) -> None:
    """Says to each step what another carrier says of the step of the same command or title."""
    for other in others:
        names = _named(other, ("command",)) or {naming.same_words(other.title)}
        for step in found:
            if names & ({naming.same_words(step.title)} | _named(step, ("command",))):
                _say(step, other.said, {role: role for role in _OF_A_STEP})


def _joined(found: Sequence[Found], row: Row, subject: str) -> bool:
    names = [naming.same_words(name) for name in names_in(subject) if naming.words(name)]
    undone = [step for step in found if _named(step, ("undo",)) & set(names)]
    steps = [step for step in found if ({naming.same_words(step.title)} | _named(step, ("command",))) & set(names)]
    steps = steps or numbered(found, subject)
    if steps:
        roles = _OF_A_STEP if len(steps) == 1 else _OF_SEVERAL
        for step in steps:
            _say(step, row.said, {role: role for role in roles})
        return True
    if undone:
        for step in undone:
            _say(step, row.said, _OF_AN_UNDO)
        return True
    states = [step for step in found if _named(step, ("state",)) & set(names)]
    if states:
        for step in states:
            _say(step, row.said, {role: role for role in _OF_A_STATE})
        return True
    services = [
        step
        for step in found
        if _service(step) and _service(step) in {_bare_service(name) for name in names_in(subject)}
    ]
    for step in services:
        _say(step, row.said, {role: role for role in _OF_A_SERVICE})
    return bool(services)


def without_undos(found: Sequence[Found]) -> list[Found]:
    """The steps without those whose command undoes another; what these say of themselves is said of the undo."""
    kept = []
    for step in found:
        own = _named(step, ("command",)) - {""}
        undone = [one for one in found if one is not step and own & _leading_undo(one)]
        for one in undone:
            _say(one, step.said, _OF_AN_UNDO)
        kept += [] if undone else [step]
    return kept


def _leading_undo(step: Found) -> set[str]:
    """The name that an undo begins with, if it is one."""
    text = step.said.get("undo", "")
    first = next((token.text for token in tokens(text) if token.marked), "")
    return {naming.same_words(first)} if first and not is_nothing(text) else set()


def numbered(found: Sequence[Found], subject: str) -> list[Found]:
    """The steps that a subject counts: `Step 2`, `S1, S3`, `steps 1-3`."""
    text = plain(subject)
    if not re.fullmatch(
        r"(?:[A-Za-zé]{2,9}\s*)?(?:[A-Z]?\d{1,2}\b(?:\s*(?:[-–,&/]|to|and|bis|und|à|et|y|e)\s*)*)+[.):]?", text
    ):
        return []
    ids = {_number_of(step, place): step for place, step in enumerate(found, 1)}
    told: list[str] = []
    for prefix, first, last in _RANGE.findall(text):
        told += [f"{prefix}{number}" for number in range(int(first), int(last) + 1)]
    told += re.findall(r"[A-Z]?\d{1,2}", text)
    return [ids[one.upper()] for one in dict.fromkeys(told) if one.upper() in ids]


def _number_of(step: Found, place: int) -> str:
    """The number of a step as its row or its title gives it, else its place."""
    titled = re.match(r"(?:step|schritt|étape|etape|paso|passo|phase)\s+(\d{1,2})\b", plain(step.note), re.IGNORECASE)
    return step.said.get("number", titled[1] if titled else str(place)).strip(" .)*`").upper()


def _say(step: Found, said: dict[str, str], roles: dict[str, str]) -> None:
    tells_events = bool({"success", "events", "success topic"} & step.said.keys())
    for role, onto in roles.items():
        text = said.get(role)
        if text and not (role in {"success", "events"} and tells_events) and (not is_nothing(text) or role == "undo"):
            step.say(onto, text)


def _named(step: Found, roles: Sequence[str]) -> set[str]:
    return {naming.same_words(token.text) for role in roles for token in tokens(step.said.get(role, ""))} | {
        naming.same_words(plain(step.said[role])) for role in roles if role in step.said
    }


def _service(step: Found) -> str:
    return _bare_service(plain(step.said.get("service") or step.service or ""))


def _bare_service(name: str) -> str:
    bare = re.sub(
        r"\b(?:service|context|bounded context|kontext|contexte|contexto|servicio|serviço|dienst)\b",
        "",
        name,
        flags=re.I,
    )
    return naming.same_words(bare) or naming.same_words(name)
