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


@dataclass(frozen=True)
class Toll:
    """How many faults of either kind there are."""

    kills: int
    pauses: int

    @classmethod
    def of(cls, sagas: int, kills: int | None = None, pauses: int | None = None) -> "Toll":
        """As many as are asked for, else more for more sagas, at least one of either kind."""
        faults = max(2, min(24, sagas // 40))
        kills = faults - (faults + 2) // 4 if kills is None else kills
        return cls(kills, (kills + 2) // 3 if pauses is None else pauses)


def schedule(seed: int, sagas: int, parts: Sequence[str], toll: Toll) -> list[Fault]:
    """Faults spread over the run, the kinds mixed. Pauses hit orchestrators."""
    chance = random.Random(seed)
    owners = [part for part in parts if not part.startswith("participant")]
    kinds = [Kind.KILL] * toll.kills + [Kind.PAUSE] * toll.pauses
    chance.shuffle(kinds)
    places = sorted(chance.randrange(sagas * 9 // 10 + 1) for _ in kinds)
    return [
        Fault(after, kind, chance.choice(owners if kind is Kind.PAUSE else parts))
        for after, kind in zip(places, kinds, strict=True)
    ]
