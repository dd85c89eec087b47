"""Sentences that say what happens in a case: a step under a condition, or what is undone when something went wrong."""

import re

from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.backward import is_backward, take_all_back, takes_back
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.stems import stem
from saga_scaffold.architect.prose.trimming import strip_lead
from saga_scaffold.architect.prose.trouble import trailing_case, trouble

_IF = re.compile(
    r"^(?:(?:and|but|or|so|also|then)\s+)?(?:if|should|in case(?: of| that)?|in the event(?: of| that)?|where|unless|"
    r"(?:were|had) (?:the|an?|one|any|no|our|its)|sometimes|now and then|from time to time|occasionally|rarely|"
    r"(?:once|twice|\w+ times) (?:a|an|every) \w+|it (?:may|can) happen that|"
    r"before|until|without)\b",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\bin (?:that|this|such an?|which|either|any) (?:case|event)\b", re.IGNORECASE)
_HEAD = re.compile(r"^(?P<case>[^:=?]{2,120}?)\s*(?::|=|\?|\s->|\s-)\s+(?P<rest>\S.*)$")


def tells_undo(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> bool:
    """Whether a sentence takes back what earlier ones have done: in a case that it names, or by all of its actions."""
    if not steps:
        return False
    text = strip_lead(text)
    if _IF.match(text) or trouble(text) or _BEHIND.search(text):
        return any(takes_back(one, steps) for one in actions(text, known, every=True))
    if trailing_case(text) and takes_back_first(text, steps, known):
        return True
    head = _HEAD.match(text)
    if head and (takes_back_first(head["rest"], steps, known) or _all_backward(head["rest"], steps, known)):
        return True
    return take_all_back(actions(text, known, every=True), steps)


def takes_back_first(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> bool:
    """Whether the first action takes back an earlier one."""
    told = actions(text, known, every=True)
    return bool(told) and takes_back(told[0], steps)


_LACKS = re.compile(
    r"^(?:(?:and|but|then|also),? )*(?:if|where|when|unless)\s+(?P<what>[^,]{2,60}?\s(?:is|are|has|have|does|do|"
    r"was|were)(?:n't| not)"
    r"(?: yet| already| been)?\s(?P<state>[\w-]+)[^,]{0,30}),\s+(?P<main>\S.*)$",
    re.IGNORECASE,
)
_OUTCOME = re.compile(
    r"(?:accept|approv|authori|grant|confirm|succe|possib|reach|respond|repl|answer|arriv|complet|deliver|"
    r"enough|suffic|valid|"
    r"work|avail|cover|clear|match|pass|collect|receiv|sent|send|paid|pay|fund|agree|allow|found|find|fit|"
    r"show|come|go\b|get\b|"
    r"there|ok|in stock|ready|real|genuine|correct|right|true|honou?r)",
    re.IGNORECASE,
)
_ENDS = frozenset(
    "cancel reject refuse decline stop abort end fail close notify inform tell alert warn apologise go".split()
)


def lacking(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> str | None:
    """The main clause of `if the patient is not insured, the cashier takes a deposit`: what is lacking is no outcome.

    None where a step has gone wrong, as in `if the card is not accepted, ...`."""
    match = _LACKS.match(text)
    if match is None or _OUTCOME.match(match["state"]) or not steps:
        return None
    if any(stem(match["state"]) in step.verb_family for step in steps):
        return None
    told = actions(match["main"], known)
    if not told or told[0].verb in _ENDS or not told[0].thing or tells_undo(text, steps, known):
        return None
    return match["main"]


def _all_backward(text: str, steps: tuple[Seen, ...], known: frozenset[str]) -> bool:
    """Whether every action does away with something, and one of them with what a step has done."""
    told = actions(text, known, every=True)
    return len(told) > 1 and all(map(is_backward, told)) and any(takes_back(one, steps) for one in told)
