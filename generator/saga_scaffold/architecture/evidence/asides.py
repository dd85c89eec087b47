"""What a sentence elsewhere says of one step: its deadline, and when it is skipped."""

import re
from collections.abc import Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.policy import duration
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.spec import naming

_LIMIT = re.compile(
    r"(?P<length>\d[\d.,]*\s*\w+)\s+(?:deadline|time-?out|limit)\b|\b(?:time-?out|deadline|times out|expires?)\b[^.|]{0,40}?"
    r"(?P<after>\d[\d.,]*\s*(?:ms|s|sec\w*|min\w*|h|hours?|days?)\b)|\bwaits? (?:for )?(?:an answer )?(?:up to|at most) (?P<waits>\d[\d.,]*\s*\w+)"
    r"|\b(?:is|has) not (?:there|here|been|received|arrived|answered|in)\b[^.|]{0,20}?(?:after|within) (?P<late>\d[\d.,]*\s*\w+)",
    re.IGNORECASE,
)
_SKIPS = re.compile(r"\bskip(?:s|ped)?\b|\bomit(?:s|ted)?\b|\bleft out\b|\bübersprungen\b|\bbypass", re.IGNORECASE)
_GUARD = re.compile(r"`([^`]*[=<>≠][^`]*)`")


def with_asides(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with what single sentences say of them."""
    done = list(drafts)
    for line in lines:
        if not (_LIMIT.search(line) or _SKIPS.search(line)):
            continue
        skips = _SKIPS.search(line)
        about = re.split(r"[:;,.]\s", line[skips.end() :])[0] if skips else line
        meant = [index for index, draft in enumerate(done) if _names(about, draft)]
        if len(meant) == 1:
            done[meant[0]] = _told(done[meant[0]], line)
    return done


def _told(draft: StepDraft, line: str) -> StepDraft:
    limit = _LIMIT.search(line)
    if limit and draft.timeout is None and "|" not in line:
        draft = replace(draft, timeout=duration(next(text for text in limit.groups() if text)))
    if _SKIPS.search(line) and draft.condition is None:
        guard = _GUARD.search(line)
        draft = replace(draft, condition=_unless(guard[1]) if guard else plain(line)[:160])
    return draft


def _unless(guard: str) -> str:
    """The guard that holds where this one does not: of `role = ADMIN`, `role != "ADMIN"`."""
    one = re.fullmatch(r"\s*(\w+)\s*(==?|≠|!=)\s*[\"']?(\w+)[\"']?\s*", guard)
    if one is None:
        return f"unless {guard}"
    return f'{one[1]} {"!=" if one[2].startswith("=") else "=="} "{one[3]}"'


def _names(line: str, draft: StepDraft) -> bool:
    """Whether the line names the step: by its command, its state, or its title."""
    told = {naming.same_words(token.text) for token in tokens(line)}
    command = draft.command.name if draft.command else None
    done = draft.success.name if draft.success else None
    named = {naming.same_words(name) for name in (command, draft.state, done) if name}
    title = draft.action or ""
    return bool(named & told) or (len(title.split()) > 1 and title.lower() in plain(line).lower())
