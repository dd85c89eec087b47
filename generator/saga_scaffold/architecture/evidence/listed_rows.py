"""Rows of facts in items: `S1: 1 min` under `Deadlines`, `HR Core: commands on **a**, events on **b**` wherever it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.limits import limits_in
from saga_scaffold.architecture.evidence.owned import owned_command
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.state_names import is_state
from saga_scaffold.architecture.evidence.tokens import is_event, plain, tokens
from saga_scaffold.architecture.evidence.topic_sides import side_of
from saga_scaffold.spec import naming


@dataclass(frozen=True)
class Row:
    """What is said of one subject, by role. `subjects` are the texts that may name it, the most telling first."""

    line: int
    subjects: tuple[str, ...]
    said: dict[str, str]


UNDOES = re.compile(
    r"compensat|kompens|compensac|compensaç|rollback|roll back|undo|rücknahme|rückabwicklung|annulation|补偿",
    re.IGNORECASE,
)
_OF_A_SECTION = {"timeout", "attempts", "retries", "timeout and retries", "undo", "kind", "condition", "service"}
_OF_ANSWERS = {"events", "success", "failure"}
_WITH_STATES = re.compile(r"(?P<service>[^()`]+)\((?P<states>[^()]+)\)\**$")
_STATE_WORD = re.compile(r"\bstat|\bfsm\b|zust|\bétat|\bestado", re.IGNORECASE)
_MAPS = re.compile(r"context|service|owner|particip|kontext|zuordnung|propri|contexto", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(?P<text>.+)$")
_SAID_OF = re.compile(
    r"(?P<of>[^:]{1,120}?):\**\s+(?P<value>\S.*)$|(?P<of2>[^→]{1,80}?)\s*→\s*(?P<value2>\S.*)$"
    r"|(?P<of3>[^:–—]{1,60}?)\s+[–—-]\s+(?P<value3>\S.*)$"
)
_TOPICS = re.compile(
    r"\b(?:topics?|channels?|queues?|themen|sujets?|canal\w*|tópicos?)\b|-topics?\b|-kan[aä]le?\b", re.IGNORECASE
)
_EVENTS = re.compile(
    r"\b(?:events?|repl(?:y|ies)|answers?|responses?|ereignis\w*|événements?|eventos?|respuestas?|respostas?|antwort\w*)\b",
    re.IGNORECASE,
)
_COMMANDS = re.compile(r"\b(?:commands?|requests?|befehl\w*|kommando\w*|commandes?|comandos?)\b", re.IGNORECASE)
_ON_TOPIC = re.compile(
    r"\b(?P<what>[^\W\d_]+)(?:\s+[^\W\d_]+){0,2}?\s+(?:on|via|to|over|through|auf|über|sur|en|em|in|no|na|su)\s+"
    r"(?:the\s+)?(?:topic\s+|channel\s+)?(?=[*`])(?P<topic>[*`]+[\w./-]+[*`]+)",
    re.IGNORECASE,
)


def listed_rows(lines: Sequence[str]) -> Iterator[Row]:
    """What each item says of the subject that it begins with."""
    for number, titles, line in in_sections(lines):
        bullet = _BULLET.match(line)
        told = _SAID_OF.match(bullet["text"]) if bullet else None
        owned = owned_command(bullet["text"]) if bullet and titles and role_of(titles[-1]) == "command" else None
        if owned:
            said = {"service": owned.service} | ({"command topic": f"`{owned.topic}`"} if owned.topic else {})
            yield Row(number, (f"`{owned.name}`",), said)
        if not told:
            topics = dict(_topics_in(line)) if titles else {}
            if topics:
                yield Row(number, (titles[-1],), topics)
            continue
        of, value = plain(_first(told, "of")), _first(told, "value")
        said = {role: value for role in (role_of(titles[-1]) if titles else None,) if role in _OF_A_SECTION}
        carries = _carried(titles[-1]) if titles else None
        if carries and _is_topic(value):
            said = {carries: value}
        elif carries and _is_topic(_first(told, "of")):
            of, said = plain(value), {carries: _first(told, "of")}
        said |= limits_in(value, titles[-1] if titles else "")
        said |= dict(_topics_in(value)) or dict(_topics_beside(value))
        whose = _WITH_STATES.match(told["of"] or "")
        if whose and _are_states(whose["states"]):
            of = plain(whose["service"])
            yield Row(number, (whose["states"],), {"service": of})
        for states, service in ((value, of), (of, value)):
            of_a_service = _are_states(states) and "→" not in states and not _STATE_WORD.search(service)
            if titles and _MAPS.search(titles[-1]) and of_a_service:
                yield Row(number, (states,), {"service": plain(re.split(r"[(,;]", service)[0])})
        answers = titles and not said and role_of(titles[-1]) in _OF_ANSWERS and _names_events(value)
        if answers:
            said = {"events": value}
        if titles and _MAPS.search(titles[-1]) and _is_owner(of) and _names_a_command(value):
            yield Row(number, (value,), {"service": of})
        if said and role_of(of) is None:
            yield Row(number, (of,), said)


def _first(told: re.Match[str], name: str) -> str:
    """What the way of writing that fits says."""
    return told[name] or told[f"{name}2"] or told[f"{name}3"]


def _carried(title: str) -> str | None:
    """Of which messages a title or the sentence above a list tells the topics: `Each context publishes its events on ...`."""
    events, commands = _EVENTS.search(title), _COMMANDS.search(title)
    if not _TOPICS.search(title) or bool(events) == bool(commands) or UNDOES.search(title):
        return None
    return "event topic" if events else "command topic"


def _is_topic(text: str) -> bool:
    told = tokens(text)
    return len(told) == 1 and told[0].is_topic and not re.search(r"\w", plain(text).replace(told[0].text, "", 1))


def _is_owner(text: str) -> bool:
    return role_of(text) is None and side_of(text) is None


def _names_events(text: str) -> bool:
    return any(is_event(token.text) for token in tokens(text))


def _names_a_command(text: str) -> bool:
    """Whether a text is the name of a command, or several, and nothing else."""
    parts = [plain(part) for part in re.split(r",|/|&|\band\b", text)]
    return all(" " not in part and len(naming.words(part)) > 1 and not is_event(part) for part in parts)


def _are_states(text: str) -> bool:
    told = tokens(text)
    return (
        bool(told)
        and all(is_state(one.text) or (one.text.isupper() and one.marked) for one in told)
        and (not re.search(r"[a-z]{3,}", re.sub(r"`[^`]*`|\([^()]*\)", "", text)))
    )


def _topics_beside(text: str) -> Iterator[tuple[str, str]]:
    """Both topics of a service, where a text says no more than that: `**stock.cmd** / **stock.evt**`."""
    told = [(side_of(token.text), token.text) for token in tokens(text)]
    if len(told) == 2 and {side for side, _ in told} == {"command topic", "event topic"}:
        yield from ((side, f"`{name}`") for side, name in told if side)


def _topics_in(text: str) -> Iterator[tuple[str, str]]:
    for found in _ON_TOPIC.finditer(text):
        role = {"command": "command topic", "events": "event topic", "success": "event topic"}.get(
            role_of(found["what"]) or ""
        )
        if role:
            yield role, found["topic"]
