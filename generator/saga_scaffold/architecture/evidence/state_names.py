"""Names of states: told apart from names of commands, and as what is done in them."""

import re

from saga_scaffold.language.verbs import base_form, is_participle
from saga_scaffold.spec import naming

_UPPER = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*|[A-Z](?:_[A-Z0-9]+)+")
_ASKED = {"requested", "sent", "submitted", "dispatched", "started", "issued"}
_WAITS = {"await", "awaiting", "wait", "waiting", "pending"}


def is_state(name: str) -> bool:
    """Whether a name can only be that of a state: `RESERVING_STOCK`, `AWAIT_PAYMENT`, but not `RESERVE_STOCK`."""
    words = [word.lower() for word in naming.words(name)]
    if not words or not (_UPPER.fullmatch(name) or re.fullmatch(r"[A-Z]\w+", name)):
        return False
    if words[0] in _WAITS or words[-1] in _WAITS:
        return True
    verb = base_form(words[0])
    return (verb is not None and words[0].endswith("ing") and verb != words[0]) or (
        bool(_UPPER.fullmatch(name)) and verb != words[0] and any(word.endswith("ing") for word in words)
    )


def is_done(name: str) -> bool:
    """Whether a state is named after what is behind: `STOCK_RESERVED`, but not `PAYMENT_REQUESTED`."""
    words = [word.lower() for word in naming.words(name)]
    return bool(words) and is_participle(words[-1]) and words[-1] not in _ASKED


def phrase_of(name: str) -> str:
    """`VERIFYING_LICENCE` is `verify licence`; empty for a state that tells nothing to do."""
    words = [word.lower() for word in naming.words(name)]
    verb = next((index for index, word in enumerate(words) if word.endswith("ing") and base_form(word)), None)
    if verb is not None:
        return " ".join([base_form(words[verb]) or words[verb], *words[:verb], *words[verb + 1 :]])
    return " ".join(words) if words and base_form(words[0]) == words[0] else ""
