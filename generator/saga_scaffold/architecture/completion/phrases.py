"""Verb phrases: `schedule the shipping for the order` is the verb `schedule` and the object `shipping`."""

from dataclasses import dataclass

from saga_scaffold.language.verbs import participle
from saga_scaffold.spec import naming

_ARTICLES = {"a", "an", "the", "its", "their", "his", "her", "this", "that", "these", "those", "any", "all", "each"}
_PREPOSITIONS = frozenset(
    "for from to in into on onto at by with within via against of over under until before after upon per as "
    "so if when while that which using through across between".split()
)
_SOFT = {"of", "to", "in", "into", "for", "from", "with", "on", "at"}
_HANDING = [["hand"], ["take"], ["turn"], ["carry"], ["pass"], ["roll"]]
_MOST_WORDS = 6


@dataclass(frozen=True)
class Phrase:
    """A verb in its base form and what it acts on; the object may be empty."""

    verb: str
    object: str

    @property
    def text(self) -> str:
        """Both, as written."""
        return f"{self.verb} {self.object}".strip()

    @property
    def command(self) -> str:
        """`ReserveInventory`."""
        return naming.message_name(self.text)

    @property
    def done(self) -> str:
        """`InventoryReserved`."""
        return naming.message_name(f"{self.object} {self._participle}")

    @property
    def not_done(self) -> str:
        """`InventoryNotReserved`."""
        return naming.message_name(f"{self.object} not {self._participle}")

    @property
    def _participle(self) -> str:
        return participle(self.verb) if self.verb.isalpha() and self.verb.isascii() else "done"


def phrase(action: str) -> Phrase:
    """The phrase without articles, and without what a preposition adds once the object is known."""
    kept: list[str] = []
    words = naming.words(action)
    for place, word in enumerate(words):
        lower = word.lower()
        if lower in _ARTICLES:
            continue
        if lower == "over" and [one.lower() for one in kept] in _HANDING:
            kept.append(word)
            continue
        if lower == "as" and len(kept) > 1 and len(kept) + len(words) - place <= _MOST_WORDS:
            kept.append(word)
            continue
        if lower in _PREPOSITIONS and len(kept) > 1:
            break
        if lower in _PREPOSITIONS - _SOFT and kept:
            break
        kept.append(word)
    kept = kept[:_MOST_WORDS] or ["step"]
    return Phrase(kept[0] if kept[0].isupper() and len(kept[0]) > 1 else kept[0].lower(), " ".join(kept[1:]))
