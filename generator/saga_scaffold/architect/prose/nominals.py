"""Actions that are told as nouns: `the null check`, `label printing`."""

import re

from saga_scaffold.architect.prose.clause import NOTHING, Clause, Voice
from saga_scaffold.architect.prose.grammar import STATIVE
from saga_scaffold.architect.prose.trimming import object_of
from saga_scaffold.language.verbs import base_form, is_third_person

_NOMINAL = {
    "analysis": "analyse",
    "reservation": "reserve",
    "validation": "validate",
    "verification": "verify",
    "notification": "notify",
    "confirmation": "confirm",
    "check": "check",
    "review": "review",
    "calculation": "calculate",
    "authorization": "authorize",
    "authorisation": "authorise",
    "allocation": "allocate",
    "registration": "register",
    "inspection": "inspect",
    "activation": "activate",
    "approval": "approve",
    "booking": "book",
    "scheduling": "schedule",
    "screening": "screen",
}


def nominal(text: str) -> Clause:
    """A noun that names an action: `null check` is `check null`, `label printing` is `print label`."""
    words = text.strip(" .,").split() or [""]
    last = words[-1].lower()
    verb = (
        _NOMINAL.get(last)
        or _NOMINAL.get(last.removesuffix("s"))
        or (base_form(last) if last.endswith("ing") else None)
    )
    return Clause(Voice.NOUN, verb or "", object_of(" ".join(words[:-1])) if verb else object_of(text))


def noun(text: str) -> Clause:
    words = text.split()
    if any(is_third_person(word) and base_form(word) in STATIVE for word in words[1:]):
        return NOTHING
    last = words[-1].lower()
    named = _NOMINAL.get(last) or _NOMINAL.get(last.removesuffix("s"))
    if named and len(words) > 1:
        return Clause(
            Voice.NOUN,
            named,
            object_of(" ".join(words[:-1])),
            nominal=not re.match(r"(?:the|a|an|its|their)\b", text, re.IGNORECASE) and len(words) <= 3,
        )
    return Clause(Voice.NOUN, "", object_of(text))
