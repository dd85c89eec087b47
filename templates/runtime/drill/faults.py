"""Which faults happen, to whom and when: all of it follows from the seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is done to a process."""

    KILL = "killed and started again"
    PAUSE = "paused past the lease"


@dataclass(frozen=True)
class Fault:
    """A fault, once so many sagas have ended."""

    after: int
    kind: Kind
    part: str


def schedule(seed: int, sagas: int, parts: Sequence[str]) -> list[Fault]:
    """Faults spread over the run: more for more sagas, at least one of either kind. Pauses hit orchestrators."""
    chance = random.Random(seed)
    count = max(2, min(24, sagas // 40))
    owners = [part for part in parts if not part.startswith("participant")]
    places = sorted(chance.randrange(sagas * 9 // 10 + 1) for _ in range(count))
    kinds = [Kind.PAUSE if number % 4 == 1 else Kind.KILL for number in range(count)]
    return [
        Fault(after, kind, chance.choice(owners if kind is Kind.PAUSE else parts))
        for after, kind in zip(places, kinds, strict=True)
    ]
