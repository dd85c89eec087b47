"""The regular forms of English verbs: `-ing`, `-ed`, `-s`, and the way back."""

import re
from collections.abc import Iterator

from saga_scaffold.language.verb_table import BRITISH_DOUBLING, DOUBLING, IRREGULAR

_SHORT = re.compile(r"[^aeiou]*[aeiou][bdgklmnprtvz]")
_SIBILANT = ("s", "x", "z", "ch", "sh", "o")


def gerund(verb: str) -> str:
    """`'reserve'` is `'reserving'`, `'ship'` is `'shipping'`, `'tie'` is `'tying'`."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and len(verb) > 2:
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def past(verb: str) -> str:
    """`'reserve'` is `'reserved'`, `'pay'` is `'paid'`, `'notify'` is `'notified'`."""
    return IRREGULAR[verb][0] if verb in IRREGULAR else _regular_past(verb)


def participle(verb: str) -> str:
    """`'write'` is `'written'`, `'ship'` is `'shipped'`."""
    return IRREGULAR[verb][1] if verb in IRREGULAR else _regular_past(verb)


def third_person(verb: str) -> str:
    """`'notify'` is `'notifies'`, `'dispatch'` is `'dispatches'`."""
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(_SIBILANT) else "s")


def bases(form: str) -> Iterator[str]:
    """What an unknown word may be a form of, the likeliest first; itself last."""
    for ending, candidates in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 2:
            stem = form[: -len(ending)]
            if candidates and len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sleo":
                yield stem[:-1]
            yield from (stem + end for end in candidates)
    yield form


_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ying", ("y", "ie")),
    ("ing", ("e", "")),
    ("ed", ("e", "")),
    ("es", ("e", "")),
    ("s", ("",)),
)


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in tuple("aeiou"):
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def _doubled(verb: str) -> str:
    """The verb with its last consonant doubled where spelling asks for it; `cancel` as the British write it."""
    short = bool(_SHORT.fullmatch(verb)) and len(verb) >= 3
    return verb + verb[-1] if short or verb in DOUBLING or verb in BRITISH_DOUBLING else verb
