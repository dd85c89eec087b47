"""A workflow in prose as a draft: what the text states about its steps, and nothing else."""

import re

from saga_scaffold.architect.prose.compensations import compensations
from saga_scaffold.architect.prose.conditions import conditions
from saga_scaffold.architect.prose.headings import Role, role_of
from saga_scaffold.architect.prose.layout import layout
from saga_scaffold.architect.prose.limit_words import NONE, Limits
from saga_scaffold.architect.prose.limits import deadline_of, limits_of
from saga_scaffold.architect.prose.normal import normalise
from saga_scaffold.architect.prose.order import after
from saga_scaffold.architect.prose.passages import Form, Layout
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import LABEL, SMALL_TALK, is_failure
from saga_scaffold.architect.prose.sources import steps_of
from saga_scaffold.architect.prose.turning import kinds
from saga_scaffold.architecture.draft import SagaDraft, StepDraft, UndoDraft

MOST_STEPS = 60


def read_prose(text: str) -> SagaDraft:
    """What a text states of a saga; a draft without steps where it tells none."""
    found = layout(normalise(text))
    steps, announced = steps_of(found)
    steps = steps[:MOST_STEPS]
    undone = compensations(steps, found.passages)
    stated = frozenset(index for index, undo in undone.items() if undo.action)
    kind, beside, only = (
        kinds(steps, found.passages, stated),
        after(steps, found.passages),
        conditions(steps, found.passages),
    )
    limits = limits_of(steps, found.passages)
    drafts = tuple(
        _step(step, undone.get(index), kind.get(index), beside.get(index), only.get(index), limits.get(index, NONE))
        for index, step in enumerate(steps)
    )
    return SagaDraft(
        title=_title(found, announced, frozenset(step.passage for step in steps)),
        steps=drafts,
        deadline=deadline_of(found.passages),
    )


def _step(
    seen: Seen,
    undo: UndoDraft | None,
    kind: str | None,
    after: tuple[int, ...] | None,
    condition: str | None,
    limits: Limits,
) -> StepDraft:
    return StepDraft(
        action=seen.action.text,
        service=seen.action.service,
        undo=undo,
        kind=kind,
        after=after,
        condition=condition,
        timeout=limits.timeout,
        attempts=limits.attempts,
        unlimited=limits.unlimited,
        backoff_first=limits.first,
        backoff_factor=limits.factor,
        backoff_cap=limits.cap,
        line=seen.line,
    )


_ADJECTIVES = re.compile(
    r"^(?:(?:an?|the|our|this|here is|multi-stage|multi-step|simple|typical|following|new)\s+)+", re.IGNORECASE
)
_CATEGORY = re.compile(
    r"\s+(?:process|workflow|flow|saga|transaction|procedure|notes|requirements|lifecycle|sequence)$", re.IGNORECASE
)
_TICKET = re.compile(r"^(?:\[[^\]]*\]\s*|[A-Z]{2,6}-\d+[:\s]+)+")
_WHEN = re.compile(r"(?:when|if|after|once|before|story|as|for|flow|process|steps|context|first|to)\b", re.IGNORECASE)
_VERSION = re.compile(
    r"\s*(?:\(draft\)|\bdraft\b|\bv\d+(?:\.\d+)*|\s-\s.*|, .*|\([^)]*\)|:.*|\s(?:has|have|goes|works|consists|"
    r"runs|takes|is|are)\s.*)$",
    re.IGNORECASE,
)


def _title(found: Layout, announced: str, forward: frozenset[int]) -> str | None:
    """What the saga is called: the text's heading or subject, its first line, or what announces the steps."""
    place, opening = next(
        ((index, one) for index, one in enumerate(found.passages) if one.form is Form.SENTENCE), (0, None)
    )
    first = without_brackets(opening.text).text if opening and not SMALL_TALK.match(opening.text) else ""
    first = "" if is_failure(first) else first
    short = (
        first
        if place not in forward
        and len(first.split()) <= 7
        and not first.endswith((".", "!", "?", ",", ":"))
        and " -> " not in first
        else ""
    )
    prefix = None if _WHEN.match(first) else re.match(r"^([A-Z][\w -]{3,50}):\s", first)
    announced = "" if _WHEN.match(announced) or LABEL.match(f"{announced}: ") else announced
    heading = (
        ""
        if found.title
        and (
            LABEL.match(f"{found.title}: ")
            or (role_of(found.title) is not Role.UNKNOWN and len(found.title.split()) < 3)
        )
        else found.title
    )
    for told in (heading, announced, short, prefix[1] if prefix else None):
        name = _shortened(told) if told else ""
        if 0 < len(name.split()) <= 8 and re.search(r"[A-Za-z]{3}", name):
            return name[0].upper() + name[1:]
    return None


def _shortened(told: str) -> str:
    name = _TICKET.sub("", told.strip(" *#"))
    name = _VERSION.sub("", _VERSION.sub("", name))
    name = _ADJECTIVES.sub("", name)
    bare = _CATEGORY.sub("", name).strip(" .,:;-")
    return bare if " " in bare else name.strip(" .,:;-")
