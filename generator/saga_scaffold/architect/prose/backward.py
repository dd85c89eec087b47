"""Verbs that do away with what was done, and the sentences made of them: `free the bay`, `scrap the labels`."""

import re
from itertools import pairwise

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.matching import verbs_fit
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.stems import likeness, stems
from saga_scaffold.architect.prose.trimming import TRAILING
from saga_scaffold.language.take_back import always_takes_back, takes_back_by_its_words
from saga_scaffold.language.verb_table import UNDONE_BY

_ONLY_UNDO = frozenset(undo.split()[0] for undo in UNDONE_BY.values()) - frozenset(
    doing.split()[0] for doing in UNDONE_BY
)
BACKWARD = _ONLY_UNDO - frozenset("burn empty leave lower recall reject reroute stop".split()) | frozenset("""
    abandon annul bin cancel cross deallocate delete demolish deregister destroy dismantle dissolve disband
    disenrol disenroll erase expunge free lift nullify quash refund reimburse release relinquish remove repay
    rescind scrap scratch scrub shred strike tear thaw throw toss trash undo undraw unlock unblock unenrol
    unhold unreserve unwind unwrap void wipe withdraw
    """.split())
_UN = re.compile(r"(?:un|dis|de)(?=[a-z]{4,})")


def is_backward(action: Action) -> bool:
    """Whether the verb says by itself that something is done away with."""
    words = f"{action.thing} {TRAILING.sub('', action.piece)}"
    return any(verb.split()[0] in BACKWARD or takes_back_by_its_words(verb, words) for verb in action.verbs if verb)


def takes_back(action: Action, steps: tuple[Seen, ...]) -> bool:
    """Whether an action does away with what a step has done: `send back the ingredients` after `buy ingredients`.

    After two steps, what can do nothing else counts whatever it is done to: `refund the guest`."""
    return bool(_taken_back(action, steps)) or (len(steps) > 1 and always_takes_back(action.verb))


def take_all_back(told: list[Action], steps: tuple[Seen, ...]) -> bool:
    """Whether two actions or more do away with what different steps have done, the last one first."""
    if len(told) < 2 or not all(map(is_backward, told)):
        return False
    places = [_taken_back(one, steps) for one in told]
    found = [place[-1] for place in places if place]
    return len(found) >= 2 and all(later < earlier for earlier, later in pairwise(found))


def _taken_back(action: Action, steps: tuple[Seen, ...]) -> list[int]:
    thing = stems(action.thing)
    verb = action.verb.partition(" ")[0]
    return [
        index
        for index, step in enumerate(steps)
        if thing
        and likeness(thing, step.family) >= 0.5
        and action.verb != step.action.verb
        and (is_backward(action) or verbs_fit(action, step) > 0 or (_UN.match(verb) and step.action.verb in verb))
    ]
