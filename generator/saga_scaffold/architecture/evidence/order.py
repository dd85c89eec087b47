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
        return [replace(draft, after=after) for draft, after in zip(drafts, stated, strict=True)]
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


def _stated(found: Sequence[Found]) -> list[tuple[int, ...]]:
    """What each step comes after, where every step says so by the numbers, names or commands of others; else nothing."""
    if not found or not all("after" in one.said for one in found):
        return []
    known = Known(found)
    after = [() if is_nothing(one.said["after"]) else tuple(_places(known, one.said["after"])) for one in found]
    told = sum(bool(places) for places in after)
    return after if told and told >= sum(not is_nothing(one.said["after"]) for one in found) else []


def _places(known: Known, text: str) -> list[int]:
    names = {naming.same_words(name) for name in names_in(text) if naming.words(name)}
    return known.numbered(text) or known.named("step", names) or known.named("event", names)


def _runs_beside(one: Found) -> bool:
    said = (one.note, one.said.get("trigger", ""), one.said.get("after", ""), one.said.get("note", ""))
    return any(_PARALLEL.search(text) for text in said)
