"""Whether two words are of one family: `reserve` and `reservation`, `ship` and `shipping`, `activate` and `active`."""

import re
from functools import lru_cache

from saga_scaffold.language.objects import singular
from saga_scaffold.language.verbs import base_form

_ENDINGS = (
    "ications ication atures ature izations ization isations isation ations ation itions ition ments ment "
    "ances ance ences ence "
    "ions ion ings ing ates ate ise ize ities ity ures ure ables able als al ers er ors or ish ic ed es e y s"
).split()
_OF_A_KIND = {
    "sale": "sell",
    "submission": "submit",
    "transmission": "transmit",
    "ignition": "ignite",
    "redemption": "redeem",
    "reception": "receive",
    "paid": "pay",
    "analysis": "analyse",
    "appraisal": "appraise",
    "closure": "close",
    "disclosure": "disclose",
    "exposure": "expose",
    "seizure": "seize",
    "entry": "enter",
    "complaint": "complain",
    "loss": "lose",
    "proof": "prove",
    "choice": "choose",
    "gift": "give",
    "dissolution": "dissolve",
    "annulment": "annul",
    "purchase": "purchase",
    "analyze": "analyse",
    "analytics": "analyse",
    "email": "mail",
    "parcel": "package",
    "goods": "stock",
    "shipping": "ship",
    "docs": "document",
    "doc": "document",
    "prereq": "prerequisite",
    "auth": "authorize",
    "confirmed": "confirm",
}
SMALL = frozenset(
    "a an the this that these those of to for in on at by with and or its their his her our your my it them "
    "they he she we us "
    "is are be been was were will shall has have had do does all any each every up out off back from into "
    "then again so no not "
    "service services system step steps team one ones s per via as".split()
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The family name of a word."""
    lower = word.lower().removesuffix("'s")
    lower = _OF_A_KIND.get(lower, lower)
    known = base_form(lower) or base_form(singular(lower)) or singular(lower)
    return _cut(_OF_A_KIND.get(known, known))


@lru_cache(maxsize=20_000)
def stems(phrase: str) -> frozenset[str]:
    """The families of the words that matter in a phrase, or in a name of any spelling."""
    return frozenset(stem(word) for word in content_words(phrase))


def content_words(phrase: str) -> list[str]:
    """The words of a phrase that carry meaning, as written."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", phrase)
    return [word for word in re.findall(r"[A-Za-z0-9À-ÿ']+", spaced) if word.lower() not in SMALL and len(word) > 1]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the smaller of two phrases the other shares, from 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _cut(word: str) -> str:
    """The word without up to three endings: `delivery` is `deliv`."""
    for _ in range(3):
        ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= _kept(word, end)), "")
        if word.endswith("ss") and ending == "s":
            break
        word = word.removesuffix(ending)
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def _kept(word: str, ending: str) -> int:
    """How many letters have to stay: a short word keeps its single last letter."""
    return 3 if len(ending) > 1 or len(word) < 6 else 4
