"""Sentences that say what happens in a case: a step under a condition, or what is undone when something went wrong."""

import re

from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.backward import take_all_back, takes_back
from saga_scaffold.architect.prose.seen import Seen

_WHEN = re.compile(
    r"^(?:(?:and|but|or|so|also|then)\s+)?(?:if|when|whenever|should|in case(?: of| that)?|where|unless|once|as soon as|"
    r"in the event(?: of| that)?|on|upon|after|before|until|with|without)\b",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^(?P<case>[^:=?]{2,120}?)\s*(?::|=|\?|\s->|\s-)\s+(?P<rest>\S.*)$")


def tells_undo(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> bool:
    """Whether a sentence takes back what earlier ones have done: in a case that it names, or by all of its actions."""
    if not steps:
        return False
    if _WHEN.match(text):
        return any(takes_back(one, steps) for one in actions(text, known, every=True))
    head = _HEAD.match(text)
    if head and takes_back_first(head["rest"], steps, known):
        return True
    return take_all_back(actions(text, known, every=True), steps)


def takes_back_first(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> bool:
    """Whether the first action takes back an earlier one."""
    told = actions(text, known, every=True)
    return bool(told) and takes_back(told[0], steps)
