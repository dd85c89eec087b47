"""Which undo belongs to which step: by shared words, by the verb that usually undoes, by the place in the list."""

from itertools import pairwise

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.stems import likeness, stem, stems
from saga_scaffold.language.verbs import only_reads, usual_undo

LEAST = 0.5
TAKES_BACK = frozenset("cancel refund void revoke revert reverse undo release unreserve delete remove discard".split())
_OPPOSITE = frozenset("back out off down away".split())
_REJECTED = frozenset(
    "create receive accept register submit open propose request place enter take approve file".split()
)
_TAKES_MONEY = frozenset(
    "charge pay capture take collect process debit bill settle receive execute make deduct authorize "
    "authorise sell withdraw transfer request".split()
)
_MONEY = frozenset("money amount sum payment price fee fees cash deposit fare cost costs charge difference".split())
_OPENERS = frozenset(
    "open create register file start launch submit record enter begin initiate establish set raise log admit book "
    "schedule enrol enroll place".split()
)
_CLOSERS = frozenset("close archive terminate end withdraw delete remove cancel strike discard void scrap".split())
_SETTLING = frozenset(
    "confirm notify send approve complete finalise finalize close inform mark ship deliver publish report "
    "validate verify check".split()
)


def fit(phrase: Action, step: Seen) -> float:
    """How well an undoing action fits a step; below `LEAST` it does not."""
    thing, family = stems(phrase.thing), step.family
    shared = likeness(thing, family) if thing else 0.0
    object_shared = likeness(thing, stems(step.action.thing)) if thing else 0.0
    score = shared + 0.2 * object_shared
    related = verbs_fit(phrase, step)
    score += related
    if phrase.service and step.action.service and stems(phrase.service) & stems(step.action.service):
        score += 0.3
    named = bool(thing & {stem(verb) for verb in step.action.verbs})
    verb = step.action.verb.partition(" ")[0]
    opposite = _OPPOSITE & set(phrase.piece.lower().split()) - set(step.action.piece.lower().split())
    again = verb == phrase.verb and not opposite
    if verb == phrase.verb and opposite:
        score, related = score + 0.6, 0.6
    if again or (phrase.verb == "reject" and verb not in _REJECTED):
        score -= 0.8
    if not related and not named and (verb in _SETTLING or only_reads(verb)) and len(step.action.verbs) == 1:
        score -= 0.15
    return score if shared or related >= 0.5 else score * 0.5


def verbs_fit(phrase: Action, step: Seen) -> float:
    """How surely the verb of an undoing action takes back that of the step, from -0.6 to 0.7."""
    return max(_verb_fits(phrase, verb, step.action.thing) for verb in step.action.verbs)


def _gives_money_back(phrase: Action) -> bool:
    """Whether it is another word for a refund: `give the money back`, `pay back the difference`."""
    back = "back" in phrase.piece.lower().split() and phrase.verb.partition(" ")[0] in {
        "give",
        "pay",
        "send",
        "transfer",
        "credit",
    }
    return (back or phrase.verb in {"reimburse", "repay"}) and bool(_MONEY & set(phrase.thing.lower().split()))


def _verb_fits(phrase: Action, doing: str, thing: str) -> float:
    undo, verb = phrase.verb.partition(" ")[0], doing.partition(" ")[0]
    if not verb or not undo:
        return 0.0
    if (
        verb == f"un{undo}"
        or undo in {f"un{verb}", f"de{verb}", f"dis{verb}"}
        or (undo.startswith("un") and verb.startswith(undo[2:5]))
    ):
        return 0.7
    if undo in {"credit", "reimburse", "repay"} and verb in _TAKES_MONEY:
        return 0.5
    if undo == "refund" or _gives_money_back(phrase):
        return 0.7 if verb in _TAKES_MONEY else -0.6
    if undo in _CLOSERS and verb in _OPENERS:
        return 0.35
    if usual_undo(doing, thing) in {phrase.verb, undo} or usual_undo(verb) == undo:
        return 0.35
    return 0.0


def assign(
    phrases: tuple[Action, ...], steps: tuple[Seen, ...], last: int | None = None, same: bool = False
) -> dict[int, Action]:
    """The undo of each step, from a list that runs against the order of the steps (or along it).

    `last` is the last step that can have been done. What fits nowhere by its words takes the place that its
    neighbours leave.
    """
    if not phrases or not steps:
        return {}
    fits = [[_fit_in(phrase, step, steps, last) for step in range(len(steps))] for phrase in phrases]
    upper = len(steps) if last is None else last + 1
    if last is not None and len(phrases) == upper and not same and _in_place(fits, upper):
        return {upper - 1 - index: phrase for index, phrase in enumerate(phrases)}
    along, down = list(range(len(steps))), list(range(len(steps) - 1, -1, -1))
    placed_down, score_down = _align(fits, down)
    placed_along, score_along = _align(fits, along)
    order, placed = (along, placed_along) if same or score_along > score_down + 0.01 else (down, placed_down)
    order = [step for step in order if step < upper or step in placed.values()]
    sure = _greedy([row[:upper] for row in fits], placed, 1.2)
    filled = _fill(len(phrases), order, sure, last is not None or len(phrases) == len(order), same)
    return {step: phrases[index] for index, step in _swapped(fits, _greedy(fits, filled)).items()}


def _swapped(fits: list[list[float]], placed: dict[int, int]) -> dict[int, int]:
    """The pairing, with neighbours changed over where both fit clearly better so."""
    found = dict(placed)
    for one, other in pairwise(sorted(found)):
        kept = fits[one][found[one]] + fits[other][found[other]]
        if fits[one][found[other]] + fits[other][found[one]] > kept + 0.2:
            found[one], found[other] = found[other], found[one]
    return found


def _fit_in(phrase: Action, step: int, steps: tuple[Seen, ...], last: int | None) -> float:
    """How well the phrase fits the step; the last step is seldom undone, and one that was not done hardly ever."""
    seldom = step == len(steps) - 1 and verbs_fit(phrase, steps[step]) == 0
    undone = last is not None and step > last + 1
    return fit(phrase, steps[step]) - (0.2 if seldom else 0.0) - (0.4 if undone else 0.0)


def _in_place(fits: list[list[float]], count: int) -> bool:
    """Whether as many phrases as steps, last step first, leave none far from where its words point."""
    here = [fits[index][count - 1 - index] for index in range(count)]
    along = sum(fits[index][index] for index in range(count))
    if count == 1 and max(fits[0]) < LEAST:
        return here[0] > -0.3
    if count < 3 and min(here) < 0.3:
        return False
    return sum(here) >= along and all(score >= max(row) - 0.75 for score, row in zip(here, fits, strict=True))


def _align(fits: list[list[float]], order: list[int]) -> tuple[dict[int, int], float]:
    """The best pairing of phrases with steps in that order; the pairing (phrase to step) and its score."""
    n, m = len(fits), len(order)
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            score = fits[i][order[j]]
            here = best[i + 1][j + 1] + score if score >= LEAST else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], here)
    placed: dict[int, int] = {}
    i = j = 0
    while i < n and j < m:
        score = fits[i][order[j]]
        if score >= LEAST and best[i][j] == best[i + 1][j + 1] + score:
            placed[i] = order[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return placed, best[0][0]


def _greedy(fits: list[list[float]], placed: dict[int, int], least: float = 0.9) -> dict[int, int]:
    """The pairing, with phrases added that fit a free step well though the list is not in order."""
    found = dict(placed)
    for index, row in enumerate(fits):
        free = [step for step in range(len(row)) if step not in found.values()]
        top = max(free, key=row.__getitem__, default=None)
        if index not in found and top is not None and row[top] >= least:
            found[index] = top
    return found


def _fill(count: int, order: list[int], placed: dict[int, int], bounded: bool, same: bool) -> dict[int, int]:
    """The pairing, with runs of unplaced phrases put where exactly as many steps are free between their neighbours."""
    if not same and (count < 3 or (not placed and not bounded)):
        return placed
    position = {step: index for index, step in enumerate(order)}
    known = sorted((index, position[step]) for index, step in placed.items() if step in position)
    if any(later[1] <= earlier[1] for earlier, later in pairwise(known)):
        return placed
    found = dict(placed)
    fences = [(-1, -1), *known, (count, len(order))]
    for (left, low), (right, high) in pairwise(fences):
        missing, room = right - left - 1, high - low - 1
        if not missing:
            continue
        if (
            missing == room
            or (same and left == -1 and missing <= room)
            or (left == -1 and low == -1 and not known and missing <= room and same)
        ) or (same and missing < room):
            found |= {left + 1 + k: order[low + 1 + k] for k in range(missing)}
    return found
