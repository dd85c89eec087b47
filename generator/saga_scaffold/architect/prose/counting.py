"""What a text tells that is an action of the saga, and what only sounds like one."""

import re

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.limit_words import only_limits
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.language.verbs import base_form

NEVER = frozenset(
    "retry repeat skip ignore forget answer undo compensate abort query fail attempt tell like expect care keep "
    "look wait restart propose drink eat think recommend recover "
    "overall respond continue hate mean help guess cost decide describe".split()
) | {"turn out", "look out"}
TURNING = re.compile(
    r"\b(?:point of no return|no (?:way|going|turning) back|no return|binding|never rolled back|move forward|"
    r"only forward|go(?:es)? forward|repeated until|can(?:not|'t) (?:be|go)|retried|stays? public|out of "
    r"scope|nothing (?:can|may|will|is) (?:be )?\w+(?:ed|en|wn|one))\b",
    re.IGNORECASE,
)
_ONLY_A_NUMBER = re.compile(
    r"#?\d[\w.,:%]*(?: (?:s|secs?|seconds?|min\w*|hours?|days?|weeks?|times|x|of them))?$", re.IGNORECASE
)
_THE_STEPS = re.compile(
    r"(?:(?:following|next|necessary|same|rest|remaining|these|other) ?)+(?:\w+ )?(?:steps?|actions?|"
    r"things?|tasks?|activities|calls?)?$|"
    r"(?:steps|actions|tasks)\b",
    re.IGNORECASE,
)
_TELLS_SOMEBODY = re.compile(r"\btells? (?:the|our|an?) |\b(?:is|are|gets?) told\b", re.IGNORECASE)
_CUSTOMER = re.compile(
    r"^(?:the|a|an|our)?\s*(?:customer|buyer|user|visitor|guest|traveller|traveler|shopper|client)s?\b", re.IGNORECASE
)
_ENTERS = frozenset("place submit click buy request order visit choose select pick fill want start press".split())


def counts(action: Action) -> bool:
    """Whether it is a step: something is done, and not only said, waited for or asked."""
    if (
        (_is_no_step(action.verb) and not _TELLS_SOMEBODY.search(action.piece))
        or TURNING.search(without_brackets(action.piece).text)
        or action.voice in {Voice.GERUND}
        or len(action.text.split()) > 12
        or _ONLY_A_NUMBER.match(action.thing)
        or _THE_STEPS.match(action.thing)
        or only_limits(action.piece)
        or (action.verb == "ask" and not re.search(r"\basks? (?:the|our|an?|all) ", action.piece))
        or _is_about_a_gerund(action.piece)
    ):
        return False
    if _CUSTOMER.match(action.piece) and action.voice is Voice.ACTIVE and action.verb in _ENTERS:
        return False
    return bool(action.thing) or action.voice in {Voice.IMPERATIVE, Voice.ACTIVE, Voice.THIRD}


def _is_no_step(verb: str) -> bool:
    return verb in NEVER or verb.partition(" ")[0] in {"retry", "repeat", "wait"}


def _is_about_a_gerund(piece: str) -> bool:
    """Whether `testing is automated` speaks of an action, rather than telling one; `housekeeping is told` tells one."""
    doing = re.match(
        r"(?i:(\w+ing)) (?:(?:the|an?|its|their|both|all|this|that|any)\s[\w' -]{2,40}?\s)?(?:is|are|gets?|has|"
        r"have|had|must|may|should|shall|"
        r"can|could|will|needs?|takes?|counts?)\b",
        piece,
    )
    return doing is not None and base_form(doing[1]) is not None
