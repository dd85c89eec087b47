"""What commands are usually about: for each business object the fields that a command takes and its event gives."""

from dataclasses import dataclass
from functools import cache

from saga_scaffold.language.object_table import FIELDS, SPECIAL_UNDO, SYNONYMS

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class BusinessObject:
    """An object that commands are about. `takes` and `gives` are pairs of a field's name and its spec type."""

    name: str
    takes: Fields
    gives: Fields


def business_object(phrase: str) -> BusinessObject | None:
    """The object that a phrase is about: `'schedule freight shipping'` is about a shipment; None where none is known.

    The longest name wins, and of two the later one: in English the last noun is what the phrase is about.
    """
    words = _singular_words(phrase)
    for length in (3, 2, 1):
        for start in range(len(words) - length, -1, -1):
            name = " ".join(words[start : start + length])
            found = _objects().get(SYNONYMS.get(name, name))
            if found:
                return found
    return None


def singular(noun: str) -> str:
    """`'points'` is `'point'`, `'batches'` is `'batch'`, `'address'` stays."""
    lower = noun.lower()
    if len(lower) <= 3 or lower.endswith(("ss", "us", "is", "ics")):
        return lower
    if lower.endswith("ies"):
        return lower[:-3] + "y"
    if lower.endswith(("ches", "shes", "xes", "sses")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") else lower


def usual_undo_of(verb: str, thing: str) -> str | None:
    """The undo that depends on the object: a payment is refunded, whatever brought it about."""
    found = business_object(thing) if thing else None
    return SPECIAL_UNDO.get((verb, found.name)) if found else None


def _singular_words(phrase: str) -> list[str]:
    letters = "".join(letter if letter.isalnum() else " " for letter in phrase)
    return [singular(word) for word in letters.split()[:64]]


@cache
def _objects() -> dict[str, BusinessObject]:
    return {name: BusinessObject(name, _pairs(takes), _pairs(gives)) for name, (takes, gives) in FIELDS.items()}


def _pairs(text: str) -> Fields:
    return tuple((name, type_ or "string") for name, _, type_ in (entry.partition(":") for entry in text.split()))
