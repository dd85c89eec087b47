"""The steps so far, found by what names them: a command or a title, an undo, a state, a service, a number."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.spec import naming

_RANGE = re.compile(r"\b([A-Z]{0,2})-?(\d{1,2})\s*(?:[-–]|to|bis|à|through)\s*[A-Z]{0,2}-?(\d{1,2})\b")
_COUNTS = re.compile(
    r"(?:(?:the\s+)?\w+\s+(?:of|for)\s+)?(?:[A-Za-zé]{2,9}\s*)?(?:[A-Z]{0,2}-?\d{1,2}\b(?:\s*(?:[-–,&/]|to|and|bis|und|à|et|y|e)\s*)*)+[.):]?",
)
_TITLED = re.compile(r"(?:step|schritt|étape|etape|paso|passo|phase)\s+(\d{1,2})\b", re.IGNORECASE)
_SERVICE_WORDS = re.compile(
    r"\b(?:service|context|bounded context|kontext|contexte|contexto|servicio|serviço|dienst)\b", re.IGNORECASE
)


class Known:
    """Steps by name. What is said of a step later is known after `note`."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.found = found
        self._places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self._numbers = {_number_of(step, place): step for place, step in enumerate(found, 1)}
        for place in range(len(found)):
            self.note(place)

    def note(self, place: int) -> None:
        """Takes up every name that the step at the place has by now."""
        step = self.found[place]
        names = {
            "step": {naming.same_words(step.title)} | names_said(step, "command"),
            "event": names_said(step, "success") | names_said(step, "events"),
            "undo": names_said(step, "undo"),
            "state": names_said(step, "state"),
            "service": {bare_service(plain(step.said.get("service") or step.service or ""))} - {""},
        }
        for kind, told in names.items():
            for name in told:
                if place not in self._places[kind][name]:
                    self._places[kind][name].append(place)

    def named(self, kind: str, names: Iterable[str]) -> list[int]:
        """The places of the steps that have one of the names, in order."""
        known = self._places[kind]
        return sorted({place for name in names if name in known for place in known[name]})

    def numbered(self, subject: str, under_any_letter: bool = False) -> list[int]:
        """The places of the steps that a subject counts: `Step 2`, `S1, S3`, `steps 1-3`; `C2` for `T2` where letters differ."""
        text = plain(subject)
        if not _COUNTS.fullmatch(text):
            return []
        told: list[str] = []
        for prefix, first, last in _RANGE.findall(text):
            told += [f"{prefix}{number}" for number in range(int(first), int(last) + 1)]
        told += [f"{prefix}{number}" for prefix, number in re.findall(r"([A-Z]{0,2})-?(\d{1,2})", text)]
        numbers = (
            {_digits(number): step for number, step in self._numbers.items()} if under_any_letter else self._numbers
        )
        wanted = dict.fromkeys(map(_digits, told) if under_any_letter else told)
        steps = [numbers[one] for one in wanted if one in numbers]
        return [place for place, step in enumerate(self.found) if any(step is one for one in steps)]


def _digits(number: str) -> str:
    return number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def names_said(step: Found, *roles: str) -> set[str]:
    """Every name in what is said under the roles, and each text as a whole, without spelling."""
    return {name for role in roles if role in step.said for name in _names_of(step.said[role])}


@lru_cache(maxsize=1 << 14)
def _names_of(text: str) -> frozenset[str]:
    return frozenset({naming.same_words(token.text) for token in tokens(text)} | {naming.same_words(plain(text))})


@lru_cache(maxsize=1 << 14)
def bare_service(name: str) -> str:
    """The name of a service without words that all services have, without spelling."""
    return naming.same_words(_SERVICE_WORDS.sub("", name)) or naming.same_words(name)


def _number_of(step: Found, place: int) -> str:
    """The number of a step as its row or its title gives it, else its place."""
    titled = _TITLED.match(plain(step.note))
    return step.said.get("number", titled[1] if titled else str(place)).strip(" .)*`").upper().replace("-", "")
