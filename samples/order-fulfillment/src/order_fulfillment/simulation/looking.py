"""Looking for what goes wrong, in the ways that find most with the least effort."""

from .explorer import FAULTS, Violation, explore
from .schedules import simulate
from .world import Machine

LATE, EARLY = True, False


def look(machine: Machine, states: int, schedules: int, people: bool = False) -> Violation | None:
    """The first violation that is found: at random, then late in the saga, then early; None where there is none.

    The fewer faults, the fewer ways there are to look through. `states` bounds each of the explorations.
    """
    for seed in range(schedules):
        if (found := simulate(machine, seed, faults=1)) is not None:
            return found
    for faults, deep in ((1, LATE), (FAULTS, LATE), (FAULTS, EARLY)):
        if (found := explore(machine, faults, states, people, deep).violation) is not None:
            return found
    return None
