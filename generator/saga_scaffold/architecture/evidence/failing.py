"""Which step a text about a failure means: `If shipping fails`, `Erasure failed`, `ShippingRefused`, `the 3rd step fails`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import plain, says_failure, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_FAILS = re.compile(
    r"\bno\b|\bcannot\b|can't|could not|\bnot\b|\bfall[as]\b|\bfehl|schläg|scheiter|échou|échec|\bfalha|refus|deni|declin|reject|\bfail|time[sd]? out|expire",
    re.IGNORECASE,
)
_STEP = re.compile(r"\b(?:step|row|schritt|étape|paso|passo)\s+(\d{1,2})\b", re.IGNORECASE)


def failing_place(text: str, drafts: Sequence[StepDraft]) -> int | None:
    """The place of the only step that fails according to the text; None where it tells of no failure, or of several."""
    told = {token.text for token in tokens(text)}
    named = [place for place, draft in enumerate(drafts) if told & {one.name for one in draft.failures if one.name}]
    if named:
        return named[0] if len(named) == 1 else None
    if not (_FAILS.search(text) or says_failure(plain(text))):
        return None
    counted = _STEP.search(text)
    if counted and 0 < int(counted[1]) <= len(drafts):
        return int(counted[1]) - 1
    return place_of(text, drafts)


def place_of(text: str, drafts: Sequence[StepDraft]) -> int | None:
    """The place of the only step that the words of a text fit best; None where none does, or several do."""
    words = _words(text)
    scored = sorted(((_score(words, draft), -place) for place, draft in enumerate(drafts)), reverse=True)
    if not scored or not scored[0][0] or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return -scored[0][1]


def _score(words: frozenset[str], draft: StepDraft) -> int:
    """How much a step has to do with the words: its refusals and its command count more than its title and its service."""
    refusals = [failure.name or "" for failure in draft.failures]
    command = (draft.command.name if draft.command else None) or ""
    return 2 * len(words & _words(" ".join([*refusals, command]))) + len(
        words & _words(f"{draft.action or ''} {draft.service or ''}")
    )


@lru_cache(maxsize=1 << 13)
def _words(text: str) -> frozenset[str]:
    """The stems of a text, verbs as their base forms: `publishing` is `publish`."""
    told = [word.lower() for word in naming.words(plain(text))]
    return stems(" ".join(base_form(word) or word for word in told)) | stems(" ".join(told)) - {"if", "the"}
