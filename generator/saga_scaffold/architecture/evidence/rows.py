"""Rows of facts, wherever a document has them: in tables, under titles, below a bullet, behind a name with a colon."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.counted import counted_services
from saga_scaffold.architecture.evidence.groups import titled
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.state_mentions import state_mentions
from saga_scaffold.architecture.evidence.state_names import is_state
from saga_scaffold.architecture.evidence.tables import tables
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
UNDOES_WHAT = re.compile(
    r"^[\d.\s]*\W*(?:compensat\w+|kompens\w+|rollback|undo|undoing)(?:\s+(?:actions?|transactions?|commands?|steps?))?"
    r"(?:\s+(?:for|of|to|von|für|de|du|pour|para|do|da))?\b",
    re.IGNORECASE,
)
# A column that says what a row is about, the most telling first; a state or an event only where nothing else does.
_SUBJECTS = ("of", "number", "command", "action", "state", "trigger", "events", "undo", "topic", "service")
_OF_A_SECTION = {"timeout", "attempts", "retries", "timeout and retries", "undo", "kind", "condition", "service"}
_NAMING = {"command", "action", "of", "number", "topic", "events", "success", "trigger"}
_OF_ANSWERS = {"events", "success", "failure"}
_OF_A_STATE = ("state", "timeout", "attempts", "retries", "service")
_KIND = re.compile(r"\bpivot\b|\bretriable\b|\bretryable\b", re.IGNORECASE)
_WITH_STATES = re.compile(r"(?P<service>[^()`]+)\((?P<states>[^()]+)\)\**$")
_STATE_WORD = re.compile(r"\bstat|\bfsm\b|zust|\bétat|\bestado", re.IGNORECASE)
_MAPS = re.compile(r"context|service|owner|particip|kontext|zuordnung|propri|contexto", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(?P<text>.+)$")
_SAID_OF = re.compile(r"(?P<of>[^:]{1,120}?):\**\s+(?P<value>\S.*)$|(?P<of2>[^→]{1,80}?)\s*→\s*(?P<value2>\S.*)$")
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


def rows(lines: Sequence[str]) -> Iterator[Row]:
    """Every row of facts of a document."""
    yield from _of_tables(lines)
    yield from _of_titles(lines)
    yield from _of_bullets(lines)
    yield from (Row(line, (number,), {"service": name}) for number, name, line in counted_services(lines))
    yield from (Row(line, (steps,), {"state": f"`{state}`"}) for state, steps, line in state_mentions(lines))


def tables_of_undos(lines: Sequence[str]) -> Iterator[int]:
    """The lines of the tables whose title says that each row is an undo, of a step that is told elsewhere."""
    above = {number: titles for number, titles, _ in in_sections(lines)}
    for table in tables(lines):
        titled = any(map(UNDOES_WHAT.search, above.get(table.line, ())[-1:]))
        if titled and not {"undo", "failure", "events"} & set(table.roles):
            yield table.line


def _of_tables(lines: Sequence[str]) -> Iterator[Row]:
    above = {number: titles for number, titles, _ in in_sections(lines)}
    for table in tables(lines):
        undoes = any(map(UNDOES.search, above.get(table.line, ())[-1:])) or {"of", "undo"} <= set(table.roles)
        for number, row in enumerate(table.rows, table.line + 2):
            cells = table.cells(row)
            remarks = [cell for role, cell in zip(table.roles, row, strict=False) if role is None]
            kind = next((found[0] for found in map(_KIND.search, remarks) if found), None)
            if kind and "kind" not in cells:
                cells["kind"] = kind
            named = [cells[role] for role in _SUBJECTS if role in cells]
            first = [row[0]] if row and table.roles[0] is None else []
            yield Row(number, (*named, *first), _undoing(cells) if undoes else cells)
            beside = " ".join(f"`{one.text}`" for cell in remarks for one in tokens(cell) if one.is_name)
            if beside and "state" in cells and not _NAMING & cells.keys():
                yield Row(number, (beside,), {role: cells[role] for role in _OF_A_STATE if role in cells})


def _of_titles(lines: Sequence[str]) -> Iterator[Row]:
    """Of a group under `Compensation for X` what it says is about the undo; under a bare `Compensation`, of the step above."""
    last = ""
    for found in titled(lines):
        undoes = UNDOES.search(found.note)
        about = UNDOES_WHAT.sub("", found.note).strip(" :-–—.0123456789") if undoes else found.title
        last = about or last
        if found.said:
            yield Row(found.line, (last, found.service or ""), _undoing(found.said) if undoes else found.said)


def _undoing(said: dict[str, str]) -> dict[str, str]:
    """What is said of an undo under the roles that these facts have for the step."""
    onto = {
        "topic": "undo topic",
        "command topic": "undo topic",
        "event topic": "undo event topic",
        "success": "undo event",
    }
    onto |= {"events": "undo event"} | (
        {"command": "undo"} if "undo" not in said and {"of", "number"} & said.keys() else {}
    )
    return {
        onto.get(role, role): text
        for role, text in reversed(said.items())
        if role not in {"timeout", "retries", "attempts"}
    }


def _of_bullets(lines: Sequence[str]) -> Iterator[Row]:
    """`S1: 1 min` under `Deadlines`; `HR Core: commands on **a**, events on **b**` wherever it stands."""
    for number, titles, line in in_sections(lines):
        bullet = _BULLET.match(line)
        told = _SAID_OF.match(bullet["text"]) if bullet else None
        if not told:
            topics = dict(_topics_in(line)) if titles else {}
            if topics:
                yield Row(number, (titles[-1],), topics)
            continue
        of, value = plain(told["of"] or told["of2"]), told["value"] or told["value2"]
        said = {role: value for role in (role_of(titles[-1]) if titles else None,) if role in _OF_A_SECTION}
        carries = _carried(titles[-1]) if titles else None
        if carries and _is_topic(value):
            said = {carries: value}
        elif carries and _is_topic(told["of"] or told["of2"]):
            of, said = plain(value), {carries: told["of"] or told["of2"]}
        said |= dict(_topics_in(value)) or dict(_topics_beside(value))
        whose = _WITH_STATES.match(told["of"] or "")
        if whose and _are_states(whose["states"]):
            of = plain(whose["service"])
            yield Row(number, (whose["states"],), {"service": of})
        for states, service in ((value, of), (of, value)):
            if titles and _MAPS.search(titles[-1]) and _are_states(states) and not _STATE_WORD.search(service):
                yield Row(number, (states,), {"service": plain(re.split(r"[(,;]", service)[0])})
        answers = titles and not said and role_of(titles[-1]) in _OF_ANSWERS and _names_events(value)
        if answers:
            said = {"events": value}
        if titles and _MAPS.search(titles[-1]) and _is_owner(of) and _names_a_command(value):
            yield Row(number, (value,), {"service": of})
        if said and role_of(of) is None:
            yield Row(number, (of,), said)


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


def names_in(text: str) -> list[str]:
    """The names of a subject: what is marked or spelled as a name, else the whole text."""
    named = [token.text for token in tokens(text)]
    return [*named, *(plain(part) for part in re.split(r",|/|&|\band\b|\bund\b|\bet\b|\by\b|\be\b", text))]
