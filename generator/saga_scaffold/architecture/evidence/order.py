"""Steps that run beside each other, as far as a document says so: `in parallel with 4`, branches and joins."""

import re
from collections.abc import Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.known import Known
from saga_scaffold.architecture.evidence.rows import names_in
from saga_scaffold.architecture.evidence.tokens import is_nothing
from saga_scaffold.spec import naming

_PARALLEL = re.compile(r"parallel|concurrent|branch|beside|simultan|gleichzeitig|zweig", re.IGNORECASE)


def in_order(drafts: Sequence[StepDraft], found: Sequence[Found]) -> list[StepDraft]:
    """The steps with what they come after, where some of them run beside each other; else as they are."""
    stated = _stated(found)
    if stated:
        return [replace(draft, after=stated.get(index, draft.after)) for index, draft in enumerate(drafts)]
    beside = [_runs_beside(one) for one in found]
    if sum(beside) < 2:
        return list(drafts)
    done: list[StepDraft] = []
    last: tuple[int, ...] = ()
    group: list[int] = []
    for index, draft in enumerate(drafts):
        if not beside[index]:
            last, group = (tuple(group) or last), []
            done.append(replace(draft, after=last))
            last = (index,)
        else:
            done.append(replace(draft, after=last))
            group.append(index)
    return done


def _stated(found: Sequence[Found]) -> dict[int, tuple[int, ...]]:
    """What steps come after, as far as they name other steps: `3, 4`, `after 3.2, in parallel with 3.4`."""
    known = Known(found)
    told = {index: one.said["after"] for index, one in enumerate(found) if "after" in one.said}
    stated: dict[int, tuple[int, ...]] = {}
    for index, text in told.items():
        before = _PARALLEL.split(re.sub(r"^.*?\bafter\b", "", text, flags=re.IGNORECASE))[0]
        numbers = re.findall(r"\b(?:\d+\.)*([A-Z]{0,2}-?\d{1,2})\b", before)
        names = {naming.same_words(name) for name in names_in(before) if naming.words(name)}
        counted = [place for one in numbers for place in known.numbered(one)]
        places = known.named("step", names) or known.named("event", names) or counted
        if places or is_nothing(text):
            stated[index] = tuple(place for place in dict.fromkeys(places) if place != index)
    return stated if any(stated.values()) else {}


def _runs_beside(one: Found) -> bool:
    said = (one.note, one.said.get("trigger", ""), one.said.get("after", ""), one.said.get("note", ""))
    return any(_PARALLEL.search(text) for text in said)
