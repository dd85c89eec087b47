"""Timeouts and retries, given to the steps that a sentence speaks of."""

import re
from datetime import timedelta

from saga_scaffold.architect.prose.durations import DURATION, duration
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.limit_words import NONE, Limits, bare_timeout, only_limits, read_limits
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen, best, by_number
from saga_scaffold.architect.prose.stems import stems

_ALL = re.compile(
    r"^(?:and |but )?(?:each|every|all|any|everything|errors?|failures?|failed (?:calls?|steps?)|a failed "
    r"(?:call|step)|an? (?:error|failure)|calls?|steps?|(?:purely )?(?:technical|transient|temporary)|"
    r"timeouts?|retries|default|per step)\b",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?:each|every|all|any) (?:of the )?(?:steps?|calls?|actions?|commands?|services?)\b", re.IGNORECASE
)
_AFTERWARDS = re.compile(r"\b(?:the rest|everything|all (?:later|following|remaining))\b", re.IGNORECASE)
_NOT_OF_STEPS = re.compile(r"\bcompensat\w+|\bundos?\b|roll-?backs?\b|\bmanual\w*\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:all of (?:this|it|that)|overall|in total|altogether|end[- ]to[- ]end|as a whole|whole \w+|entire "
    r"\w+|transaction must|"
    r"complete (?:process|workflow))\b",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\bsame (?:timeouts?|retries|limits|settings|as (?:above|before))\b|\bsame timeout and retries\b|\bditto\b",
    re.IGNORECASE,
)
_THESE = re.compile(r"\b(?:these|those|both|the last|the two)\b", re.IGNORECASE)


def limits_of(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, Limits]:
    """For the index of a step: its limits, where the text states some."""
    found = {
        index: _said(" ; ".join((step.limits, *step.notes, _own_words(step, steps, passages))))
        for index, step in enumerate(steps)
    }
    for index, step in enumerate(steps):
        if index and any(_SAME.search(note) for note in (*step.notes, step.raw)):
            found[index] = found[index].over(found[index - 1])
    general = NONE
    behind = _fragments(steps, passages)
    for place, passage in enumerate(passages):
        told = read_limits(passage.text)
        if (
            told == NONE
            or passage.role is Role.ASIDE
            or _NOT_OF_STEPS.search(passage.text)
            or _WHOLE.search(passage.text)
        ):
            continue
        if place in behind:
            found[behind[place]] = found[behind[place]].over(_said(passage.text))
            continue
        here = [index for index, step in enumerate(steps) if step.passage == place]
        if here and not _ALL.match(passage.text):
            if told.unlimited and len(here) > 1 and _THESE.search(passage.text):
                found |= {index: found[index].over(told) for index in here}
            continue
        aimed = _aimed_at(passage.text, place, steps, passages)
        for index in aimed:
            found[index] = found[index].over(told)
        if not aimed and (
            (_ALL.match(passage.text) or _EACH.search(passage.text))
            and not re.match(r"external", passage.text, re.IGNORECASE)
        ):
            general = general.over(told)
    return {index: limits.over(general) for index, limits in found.items() if limits.over(general) != NONE}


_FRAGMENT = re.compile(r"(?:time-?out|limit|deadline|max|within|up to|at most|no retr|retr|tries|\d)", re.IGNORECASE)


def _fragments(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, int]:
    """Passages like `Timeout 20 s, 2 retries.` behind the sentences of several steps, each with the step before it."""
    last = {step.passage: index for index, step in enumerate(steps)}
    found = {
        place: last[place - 1]
        for place, passage in enumerate(passages)
        if place not in last and place - 1 in last and _FRAGMENT.match(passage.text) and len(passage.text.split()) < 12
    }
    return found if len(found) > 1 else {}


def _said(text: str) -> Limits:
    return read_limits(text).over(Limits(timeout=bare_timeout(text)))


def _own_words(step: Seen, steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> str:
    """What the text says in the step's own place: its item, or the whole sentence where it is the only step of it."""
    if step.passage < 0:
        return ""
    beside = [other for other in steps if other.passage == step.passage]
    if len(beside) == 1:
        return passages[step.passage].text
    return step.raw


def _aimed_at(text: str, place: int, steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> list[int]:
    """The steps that a sentence about limits speaks of."""
    if by_number(text, steps):
        return by_number(text, steps)
    if _EACH.search(text) or _AFTERWARDS.search(text):
        return []
    if _ALL.match(text) and best(re.split(r"\bretr|\btime", text, flags=re.IGNORECASE)[0], steps, 0.6) is None:
        return []
    before = [index for index, step in enumerate(steps) if step.passage == place - 1]
    if _THESE.search(text) and len(before) > 1:
        return before[-2:] if re.search(r"\btwo\b|\bboth\b", text) else before
    if re.match(r"(?:it|this|that|he|she|which|this step|that step)\b", text, re.IGNORECASE) and before:
        return before[-1:]
    if only_limits(text) and before:
        return before[-1:]
    named = best(
        re.split(r"\b(?:retr\w+|times? out|timeout|within|has \d|is repeated|until|till)\b", text, flags=re.IGNORECASE)[
            0
        ],
        steps,
        0.3,
    )
    if named is None and re.search(r"\bto \w+\b", text):
        purpose = re.search(r"\bto (\w+)", text)
        named = next((index for index, step in enumerate(steps) if purpose and stems(purpose[1]) & step.family), None)
    if (
        named is None
        and before
        and text[:1].islower() | text[:1].isdigit()
        and passages[place].block == passages[place - 1].block
    ):
        return before[-1:]
    return [named] if named is not None else []


def deadline_of(passages: tuple[Passage, ...]) -> timedelta | None:
    """How long the whole saga may take."""
    for passage in passages:
        if _WHOLE.search(passage.text) and passage.role is not Role.ASIDE:
            match = re.search(
                rf"\b(?:within|in|after|exceeds?|may take|can take|takes at most|must take|no (?:longer|more) "
                rf"than|at most|take|takes|of|under|timeout:?|deadline:?)\s+(?:at most |up to )?{DURATION}",
                passage.text,
                re.IGNORECASE,
            )
            if match:
                return duration(match["amount"], match["unit"])
    return None
