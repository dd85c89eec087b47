"""Events that a document lists apart from the commands they answer: they join the step whose words they share most of."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import is_event, is_nothing, says_failure, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_LISTS_EVENTS = re.compile(
    r"\b(?:events?|repl(?:y|ies)|answers?|responses?|ereignisse?|événements?|eventos?|respuestas?|respostas?)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"store|schema|envelope|example|sample|log\b|sourcing|order|late\b|duplicat|idempot|snapshot|compensat|rollback|undo",
    re.IGNORECASE,
)
_ROLES = ("success", "events", "failure", "success topic", "failure topic")


def with_listed_events(found: Sequence[Found], lines: Sequence[str]) -> None:
    """Says to each step of which no event is known those listed elsewhere that are about it, with their topic."""
    bare = [step for step in found if "command" in step.said and not step.said.keys() & set(_ROLES)]
    for names, topic in _listed(lines) if bare else ():
        meant = [_meant(name, topic, found) for name in names]
        steps = {id(step) for step, _ in filter(None, meant)}
        for name, of in zip(names, meant, strict=True):
            alone = next(filter(None, meant), None) if len(steps) == 1 else None
            step, role = of or ((alone[0], "events") if alone else (None, ""))
            if step is not None and any(step is one for one in bare):
                step.say(role, f"`{name}`")
                step.say("event topic", f"`{topic}`" if topic and role == "events" else "")


def _listed(lines: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """The events that stand together in an item or a row under a title about events, and their only topic."""
    for _, titles, line in in_sections(lines):
        if not re.match(r"^\s*(?:[-*+|]|\d{1,2}[.)])", line) or not any(map(_LISTS_EVENTS.search, titles[-2:])):
            continue
        if any(map(_OTHER.search, titles[-2:])):
            continue
        told = tokens(line)
        names = [one.text for one in told if one.is_name and not one.is_topic]
        names = names if any(map(is_event, names)) and "|" not in line else list(filter(is_event, names))
        topics = {one.text for one in told if one.is_topic}
        if names:
            yield names, topics.pop() if len(topics) == 1 else ""


def _meant(name: str, topic: str, found: Sequence[Found]) -> tuple[Found, str] | None:
    """The only step that shares most words with an event, else with its topic, and whether its command or its undo is answered."""
    scored = [
        (len(_words(name) & _words(_name(step, role))), len(stems(topic) & _place(step)), step, onto)
        for step in found
        for role, onto in (("command", "events"), ("undo", "undo event"))
    ]
    most = max(((words, near) for words, near, _, _ in scored), default=(0, 0))
    best = [(step, onto) for words, near, step, onto in scored if (words, near) == most and words]
    if len({id(step) for step, _ in best}) != 1:
        return None
    return (best[0][0], "events") if says_failure(name) else best[0]


def _words(name: str) -> frozenset[str]:
    return stems(" ".join(base_form(word.lower()) or word for word in naming.words(name)))


def _place(step: Found) -> frozenset[str]:
    """The words of where the commands of a step go."""
    return stems(f"{step.said.get('command topic', step.said.get('topic', ''))} {step.said.get('service', '')}")


def _name(step: Found, role: str) -> str:
    text = step.said.get(role, "")
    return "" if is_nothing(text) else next((one.text for one in tokens(text) if one.is_name), "")
