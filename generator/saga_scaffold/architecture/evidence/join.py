"""Facts that stand apart from their step join it: by the name of a message, a state, a title, a number or a service."""

from collections.abc import Iterable, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.known import Known, bare_service, names_said
from saga_scaffold.architecture.evidence.listed_rows import Row
from saga_scaffold.architecture.evidence.outcomes import split_events
from saga_scaffold.architecture.evidence.policy import is_unlimited
from saga_scaffold.architecture.evidence.rows import names_in
from saga_scaffold.architecture.evidence.tokens import Token, is_nothing, tokens
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


def join(found: Sequence[Found], told: Iterable[Row]) -> None:
    """Says to each step what the rows say of it; twice, as one row may name the service by which another is found."""
    known = Known(found)
    for row in [*told] * 2:
        any(_joined(known, row, subject) for subject in row.subjects)


def merge(found: Sequence[Found], others: Iterable[Found]) -> None:
    """Says to each step what another carrier says of the step of the same command or title."""
    known = Known(found)
    for other in others:
        names = names_said(other, "command") or {naming.same_words(other.title)}
        success = names_said(other, "success") if "command" not in other.said else set()
        for place in known.named("step", names) or known.named("event", success):
            said = _with_answers_apart(other.said, [] if _refusals(found[place].said) else _refusals(other.said))
            _say(found[place], said, {role: role for role in _OF_A_STEP})
            known.note(place)


def _with_answers_apart(said: dict[str, str], refusals: Sequence[str]) -> dict[str, str]:
    """What is said, of its events also the refusals and their only topic, each under a role of its own."""
    bad = [f"`{name}`" for name in refusals]
    topics = {one.text for one in tokens(said.get("events", "")) if one.is_topic}
    apart = {"failure": ", ".join(bad), "event topic": f"`{topics.pop()}`" if len(topics) == 1 else ""}
    return {role: text for role, text in apart.items() if text} | said


def _refusals(said: dict[str, str]) -> list[str]:
    """The events of failure among those that stand together with others."""
    _, bad = split_events(said.get("events", ""), said.get("command", ""))
    return [name for name in bad if not name.isupper() and not Token(name, False).is_topic]


def _joined(known: Known, row: Row, subject: str) -> bool:
    named = names_in(subject)
    names = {naming.same_words(name) for name in named if naming.words(name)}
    steps = known.named("step", names) or known.numbered(subject, under_any_letter="undo" in row.said)
    ways: tuple[tuple[list[int], dict[str, str]], ...] = (
        (steps, {role: role for role in (_OF_A_STEP if len(steps) == 1 or len(row.said) == 1 else _OF_SEVERAL)}),
        (known.named("undo", names), _OF_AN_UNDO),
        (known.named("state", names), {role: role for role in _OF_A_STATE}),
        (known.named("service", map(bare_service, named)), {role: role for role in _OF_A_SERVICE}),
    )
    places, roles = next((way for way in ways if way[0]), ([], {}))
    for place in places:
        _say(known.found[place], row.said, roles)
        known.note(place)
    return bool(places)


def without_undos(found: Sequence[Found]) -> list[Found]:
    """The steps without those whose command undoes another; what these say of themselves is said of the undo."""
    kept = []
    for step in found:
        own = names_said(step, "command") - {""}
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


def _say(step: Found, said: dict[str, str], roles: dict[str, str]) -> None:
    tells_events = bool({"success", "events", "success topic"} & step.said.keys())
    for role, onto in roles.items():
        text = said.get(role)
        if (
            text
            and not (role in {"success", "events"} and tells_events)
            and (not is_nothing(text) or role == "undo" or is_unlimited(text))
        ):
            step.say(onto, text)
