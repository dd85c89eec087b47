"""Steps that run beside each other, as far as a document says so: `in parallel with 4`, branches and joins."""

import re
from collections.abc import Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.found import Found

_PARALLEL = re.compile(r"parallel|concurrent|branch|beside|simultan|gleichzeitig|zweig", re.IGNORECASE)


def in_order(drafts: Sequence[StepDraft], found: Sequence[Found]) -> list[StepDraft]:
    """The steps with what they come after, where some of them run beside each other; else as they are."""
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


def _runs_beside(one: Found) -> bool:
    said = (one.note, one.said.get("trigger", ""), one.said.get("after", ""), one.said.get("note", ""))
    return any(_PARALLEL.search(text) for text in said)
