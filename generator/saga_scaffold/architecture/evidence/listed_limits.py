"""Limits that one sentence lists for several steps: `Timeouts: inventory 5 s, payment 30 s, all others 10 s`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.failing import place_of
from saga_scaffold.architecture.evidence.policy import attempts, duration
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import plain, tokens

_TIMES = re.compile(
    r"time-?outs?|deadlines?|time limits?|\bwaits?\b|fristen|zeitlimits?|délais|plazos|prazos|tempos? limite",
    re.IGNORECASE,
)
_TRIES = re.compile(r"attempts?|retries|retry|tries|versuche|tentatives|intentos|tentativas|reintentos", re.IGNORECASE)
_LENGTH = re.compile(
    r"(?<![\w.])\d+(?:[.,]\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|sekunden|secondes|segundos|m|mins?|minutes?|minuten|minutos?|h|hours?|stunden|heures?|horas?"
    r"|d|days?|tage|jours?|d[ií]as?)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?<![\w.,])\d{1,3}(?![\w.,]*\d)(?!\s*(?:%|ms|s|sec|min|h|hours?|days?)\b)", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:other|others|rest|remaining|else|übrigen|anderen|autres|demás|demais|outros)\b", re.IGNORECASE
)
_STEP = re.compile(r"\b(?:step|row|schritt|étape|paso|passo|[A-Z])\s?(\d{1,2})\b", re.IGNORECASE)
_OF_STEPS = re.compile(r"\b(?:step|schritt|étape|paso|passo|for|für|pour|para|of|is|are|the|of)\b", re.IGNORECASE)


def with_listed_limits(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with the timeouts and attempts that a sentence lists one after the other."""
    done = list(drafts)
    for sentence in _sentences(lines):
        if _TIMES.search(sentence):
            for place, text in _listed(sentence, _LENGTH, done):
                done[place] = replace(done[place], timeout=done[place].timeout or duration(text))
        if _TRIES.search(sentence):
            retries = " retries" if re.search(r"retr|reint", sentence, re.IGNORECASE) else " attempts"
            for place, text in _listed(sentence, _COUNT, done):
                known = done[place].attempts is not None or done[place].unlimited
                done[place] = done[place] if known else replace(done[place], attempts=attempts(text + retries))
    return done


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if not line.lstrip().startswith("|"):
            yield from re.split(r"(?<=[.;])\s+(?=[A-ZÀ-Þ*])", line)


def _listed(sentence: str, limit: re.Pattern[str], drafts: Sequence[StepDraft]) -> list[tuple[int, str]]:
    """Each step of which the sentence tells a limit, with it; nothing where it tells but one."""
    told: list[tuple[list[int], str]] = []
    for part in _parts(sentence, limit):
        found = limit.search(part)
        about = part.replace(found[0], " ", 1) if found else ""
        if found and _REST.search(about):
            taken = {place for places, _ in told for place in places}
            told.append(([place for place in range(len(drafts)) if place not in taken], found[0]))
        elif found:
            told.append((_meant(about, drafts), found[0]))
    named = [places for places, _ in told if places]
    if len(named) < 2 or len(named) < len(told):
        return []
    return [(place, text) for places, text in told for place in places]


def _parts(sentence: str, limit: re.Pattern[str]) -> list[str]:
    """The sentence without its label, divided so that each part tells one limit."""
    label = re.match(r"^[^:]{3,60}:\**\s+(?=.*[,;])", sentence)
    parts: list[str] = []
    for piece in re.split(r"[,;]\s*|\s+(?:and|und|et|y|e)\s+(?=\S)", sentence[label.end() :] if label else sentence):
        if parts and not limit.search(parts[-1]):
            parts[-1] += f", {piece}"
        else:
            parts.append(piece)
    if len(parts) > 1 and not limit.search(parts[-1]):
        parts[-2:] = [", ".join(parts[-2:])]
    return parts


def _meant(about: str, drafts: Sequence[StepDraft]) -> list[int]:
    """The steps that a part names: by their commands, else the only one that its words fit best."""
    counted = [int(one) for one in _STEP.findall(about)]
    if counted:
        return [one - 1 for one in counted if 0 < one <= len(drafts)]
    told = {token.text for token in tokens(about)}
    named = [place for place, draft in enumerate(drafts) if draft.command and draft.command.name in told]
    if named:
        return named
    places = [place_of(_OF_STEPS.sub(" ", piece), drafts) for piece in about.split(",") if stems(plain(piece))]
    return [place for place in places if place is not None] if None not in places else []
