"""One action as a verb phrase in the imperative."""

import re
from dataclasses import dataclass
from functools import cached_property

from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.language.verbs import is_verb


@dataclass(frozen=True)
class Action:
    """One action as a verb phrase in the imperative. `piece` is the part of the sentence that tells it."""

    verb: str
    thing: str
    service: str | None = None
    notes: tuple[str, ...] = ()
    piece: str = ""
    voice: Voice = Voice.NOUN
    joined: str = ""

    @cached_property
    def text(self) -> str:
        """`'reserve inventory'`."""
        return f"{self.verb} {_calm(self.thing)}".strip()

    @cached_property
    def verbs(self) -> tuple[str, ...]:
        """Its verbs: check and hold, of `check and hold stock`."""
        return (self.verb, *(word for word in re.findall(r"\band (\w+)", self.thing) if is_verb(word)))


def _calm(thing: str) -> str:
    """Titles in lower case: `Freight Shipping` is `freight shipping`; acronyms and `SWIFT message` stay."""
    words = thing.split()
    titled = all(word[0].isupper() or len(word) < 4 for word in words)
    kept = [
        word.lower() if re.fullmatch(r"[A-Z][a-z'-]+", word) and (titled or index == 0) else word
        for index, word in enumerate(words)
    ]
    return " ".join(kept)
