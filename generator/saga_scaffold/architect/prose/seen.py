"""What has been seen of a step, before its parts are put together."""

import re
from dataclasses import dataclass
from functools import cached_property

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.stems import content_words, likeness, stems


@dataclass(frozen=True)
class Seen:
    """A step where the text tells it. `passage` is the index of its passage, -1 for a table; `raw` is its words."""

    action: Action
    raw: str
    passage: int
    line: int
    undo: str | None = None
    notes: tuple[str, ...] = ()
    kind: str | None = None
    condition: str | None = None
    limits: str = ""

    @cached_property
    def family(self) -> frozenset[str]:
        """The stems of the action's words."""
        return stems(self.action.text) | self.verb_family

    @cached_property
    def verb_family(self) -> frozenset[str]:
        """The stems of the verb; of `pay out` also that of `payout`."""
        return stems(f"{self.action.verb} {self.action.verb.replace(' ', '')}")


def best(phrase: str, seen: tuple[Seen, ...], least: float = 0.5) -> int | None:
    """The step that a phrase speaks of: the one that shares most of its words, of two the earlier one."""
    scores = _scores(phrase, seen)
    top = max(scores, default=0.0)
    if top >= least and top > 0:
        return scores.index(top)
    done_by = [likeness(stems(phrase), stems(one.action.service or "")) for one in seen]
    return (
        done_by.index(max(done_by)) if max(done_by, default=0.0) >= 0.5 and done_by.count(max(done_by)) == 1 else None
    )


def by_number(phrase: str, seen: tuple[Seen, ...]) -> list[int]:
    """The steps that a phrase names by number: `steps 5 and 6`, `step 3`, `steps 2-4`."""
    match = re.search(
        r"\bsteps?\s+(?P<first>\d{1,2})(?P<more>(?:\s*(?:,|and|or|to|-|through)+\s*\d{1,2})*)", phrase, re.IGNORECASE
    )
    if match is None:
        return []
    numbers = [int(number) - 1 for number in re.findall(r"\d+", match[0])]
    if len(numbers) == 2 and re.search(r"\bto\b|-|through", match["more"]):
        numbers = list(range(numbers[0], numbers[1] + 1))
    return [number for number in numbers if 0 <= number < len(seen)]


def only(phrase: str, seen: tuple[Seen, ...], least: float = 0.5) -> int | None:
    """The step that a phrase speaks of, and no other could it be."""
    scores = _scores(phrase, seen)
    place = best(phrase, seen, least)
    if place is not None and not scores[place]:
        return place
    return place if place is not None and sum(score > scores[place] - 0.04 for score in scores) == 1 else None


def _scores(phrase: str, seen: tuple[Seen, ...]) -> list[float]:
    words = stems(phrase)
    exact = {word.lower() for word in content_words(phrase)}
    return [_shared(words, one) + 0.05 * len(exact & set(one.action.text.lower().split())) for one in seen]


def _shared(words: frozenset[str], seen: Seen) -> float:
    common = words & seen.family
    if not common:
        return 0.0
    return len(common) / max(1, len(seen.family)) + (0.25 if seen.verb_family & common else 0.0)
