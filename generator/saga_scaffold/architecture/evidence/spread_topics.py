"""Topics that a document lists once for all steps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, says_failure, tokens
from saga_scaffold.architecture.evidence.topic_sides import side_of
from saga_scaffold.spec import naming

_EVENTS_TO = re.compile(
    r"\bevents?\b|ereignis|\beventos?\b|[ée]v[èé]nement|repl(?:y|ies|ied)|\banswer|\brespons|antwort|r[ée]ponse|respuesta|resposta|outcome"
    r"|\b(?:contexts?|services?|participants?|owners?|teams?|they) (?:publish|report)(?:es)? (?:to|on|via|through)\b",
    re.IGNORECASE,
)
_TRAVELS = re.compile(
    r"topics?|publi|repl(?:y|ied)|raised|veröffentlich|emit|arriv|return|sent\b|come|kommen|gesendet|envoy|enviad|émis|llegan|chegam",
    re.IGNORECASE,
)


def with_topics(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    events = list(dict.fromkeys(_listed(lines, "event")))
    commands = list(dict.fromkeys(_listed(lines, "command")))
    done = []
    for place, draft in enumerate(drafts):
        topic = _fitting(draft, events) or _at_place(place, events, len(drafts))
        if topic and draft.success and draft.success.topic is None:
            draft = replace(draft, success=replace(draft.success, topic=topic))
        if topic:
            draft = replace(draft, failures=tuple(f if f.topic else replace(f, topic=topic) for f in draft.failures))
        asked = _fitting(draft, commands) or _at_place(place, commands, len(drafts))
        if asked and draft.command and draft.command.topic is None:
            draft = replace(draft, command=replace(draft.command, topic=asked))
        done.append(draft)
    return done


def _listed(lines: Sequence[str], what: str) -> Iterator[str]:
    """Topics that a sentence or an item lists for commands, or for events."""
    for line in lines:
        if line.lstrip().startswith("|"):
            continue
        told = [
            token.text
            for token in tokens(line)
            if token.marked and naming.is_topic(token.text) and not token.is_plain_word
        ]
        told = [name for name in told if not re.fullmatch(r"[A-Z]+(?:_[A-Z]+)*", name) or Token(name, True).says_topic]
        topics = [
            name for name in told if not re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*", name) or "topic" in line.lower()
        ]
        if not topics or any(
            token.is_name and not is_event(token.text) and token.text not in topics for token in tokens(line)
        ):
            continue
        says = plain(re.sub(r"\*\*[^*]*\*\*", " ", line))
        if what == "event" and (_TRAVELS.search(_unmarked(line)) or len(topics) > 1) and _EVENTS_TO.search(says):
            answered = [name for name in topics if not says_failure(name)]
            told_apart = [name for name in answered if side_of(name) != "command topic"]
            yield from told_apart or answered
        elif what == "command":
            asked = [name for name in topics if side_of(name) == "command topic"]
            yield from asked if len(asked) > 1 or len(asked) == len(topics) else ()


def _unmarked(line: str) -> str:
    """The words of a line without the names in it."""
    return re.sub(r"`[^`]*`|\*\*[^*]*\*\*", " ", line)


def _at_place(place: int, topics: Sequence[str], count: int) -> str | None:
    """Of as many topics as steps, the one at the step's place."""
    return topics[place] if len(topics) == count else None


def _fitting(draft: StepDraft, topics: Sequence[str]) -> str | None:
    """The only topic, or the one that shares a word with the step's command topic, service or command."""
    if len(topics) == 1:
        return topics[0]
    hints = (
        draft.command.topic if draft.command else None,
        draft.service,
        draft.command.name if draft.command else None,
    )
    for hint in hints:
        scored = [(len(stems(topic) & stems(hint or "")), topic) for topic in topics]
        best = max(scored, default=(0, ""), key=lambda one: one[0])
        if best[0] and sum(score == best[0] for score, _ in scored) == 1:
            return best[1]
    return None
