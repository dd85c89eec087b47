"""Which steps run beside each other."""

import re

from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen, best
from saga_scaffold.architect.prose.signs import FAILURE

BESIDE = re.compile(
    r"\b(?:in parallel|parallel(?:ly)?|at the same time|simultaneously|concurrently|side by side|in any order|"
    r"order (?:of (?:those|these|the) (?:two|three|both) )?(?:isn't|is not|doesn't|does not) (?:fixed|matter|"
    r"important))\b|"
    r"\border of (?:those|these)(?: two| three)? (?:isn't|is not|doesn't|does not)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\bthen\b|\bat the (?:very )?end\b|\bfinally\b|\bafter (?:that|both|all)\b|\bafterwards\b|\blastly\b|\bonce\b",
    re.IGNORECASE,
)
_JOINS = re.compile(
    r"\b(?:also|too|as well|with (?:those|these|the|both|them|the other)(?: two| three| others?)?)\b", re.IGNORECASE
)
_DURING = re.compile(
    r"^(?:in parallel|parallel|at the same time|alongside|during|while|together)\s*(?:to|with|"
    r"as)?\s+(?P<what>(?:the |this |that )?[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
_MEANWHILE = re.compile(r"\b(?:meanwhile|in the meantime|at the same time)\b", re.IGNORECASE)
_WHILE = re.compile(r"\bwhile\b", re.IGNORECASE)
_GO_ON = re.compile(
    r"\b(?:everything|all|both|it|that|this|the order|each)\b.*\b(?:done|through|happened|reserved|finished|"
    r"complete[d]?|in place|succeeded)\b",
    re.IGNORECASE,
)


def after(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, tuple[int, ...]]:
    """For the index of a step: the steps it follows, where the text makes steps run beside each other."""
    groups = sorted(_groups(steps, passages))
    found: dict[int, tuple[int, ...]] = {}
    for group in groups:
        first, last = group[0], group[-1]
        before = found.get(first) or ((first - 1,) if first else ())
        found |= dict.fromkeys(group, before)
        if last + 1 < len(steps):
            found[last + 1] = tuple(group)
    return found


def _groups(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> list[tuple[int, ...]]:
    """The runs of neighbouring steps that run beside each other."""
    found: list[tuple[int, ...]] = []
    taken: set[int] = set()
    for place, passage in enumerate(passages):
        here = [index for index, step in enumerate(steps) if step.passage == place]
        sign = BESIDE.search(passage.text)
        meanwhile = _MEANWHILE.match(strip_connector(passage.text))
        group: list[int] = []
        if meanwhile and here and here[0] > 0:
            group = [here[0] - 1, *here]
        elif found and here == [found[-1][-1] + 1] and sign and _JOINS.search(passage.text):
            found[-1] = (*found[-1], *here)
            taken |= set(here)
        elif len(here) == 1 and here[0] and (with_it := _DURING.match(passage.text)):
            earlier = best(with_it["what"], steps[: here[0]], 0.3)
            group = [here[0] - 1, *here] if earlier == here[0] - 1 else []
        elif sign and len(here) > 1:
            group = _beside(passage.text, sign, here, steps)
        elif (during := _WHILE.search(passage.text)) and len(here) > 1 and not FAILURE.search(passage.text):
            group = here if len(here) == 2 else _around(passage.text, during, here, steps)
        elif sign and not here and passage.role is not Role.UNDO and not FAILURE.search(passage.text):
            group = _named(passage.text, steps, place)
        if len(group) > 1 and not taken & set(group):
            taken |= set(group)
            found.append(tuple(group))
    return [*found, *_noted(steps, taken)]


def strip_connector(text: str) -> str:
    """The sentence without `and` in front."""
    return re.sub(r"^(?:and|then|but|also)\s+", "", text.strip(), flags=re.IGNORECASE)


def _beside(text: str, sign: re.Match[str], here: list[int], steps: tuple[Seen, ...]) -> list[int]:
    """The steps that run beside each other, of the steps of a sentence: behind the sign, or joined in its clause."""
    starts = {index: text.find(steps[index].action.piece) for index in here}
    end = next((match.start() for match in _NEXT.finditer(text) if match.start() > sign.end()), len(text))
    behind = [index for index in here if sign.start() <= starts[index] < end]
    joined = re.search(r"\band,?\s*\(?$", text[: sign.start()])
    if behind and joined and behind[0] - 1 in here:
        return [behind[0] - 1, *behind]
    if len(behind) > 1:
        return behind
    parts = [
        match.end()
        for match in re.finditer(r"\bthen\b|;|\bafter that\b|\bafterwards\b|\bonce\b", text)
        if match.start() < sign.start()
    ]
    kept = [index for index in here if starts[index] >= (parts[-1] if parts else 0) and starts[index] <= sign.start()]
    return kept if len(kept) > 1 else here


def _around(text: str, during: re.Match[str], here: list[int], steps: tuple[Seen, ...]) -> list[int]:
    """The step before `while`, and the one behind it."""
    behind = [index for index in here if text.find(steps[index].action.piece) > during.start()]
    return [behind[0] - 1, behind[0]] if behind and behind[0] > here[0] else []


def _named(text: str, steps: tuple[Seen, ...], place: int) -> list[int]:
    """The steps that a sentence names as running beside each other: by number, by words, or the two before."""
    beside = re.split(r"\b(?:after|once|as soon as|when|before)\b", text)[0]
    numbers = [int(number) - 1 for number in re.findall(r"\b(\d{1,2})\b", beside)]
    if (
        len(numbers) > 1
        and all(0 <= number < len(steps) for number in numbers)
        and re.search(r"\bsteps?\b|^\d", text, re.IGNORECASE)
    ):
        return list(range(min(numbers), max(numbers) + 1))
    named = sorted(
        {index for part in re.split(r",|\band\b|\bwith\b", text) if (index := best(part, steps, 0.4)) is not None}
    )
    if len(named) > 1 and named == list(range(named[0], named[-1] + 1)):
        return named
    before = [index for index, step in enumerate(steps) if 0 <= step.passage < place]
    return (
        before[-2:] if re.search(r"\b(?:these|those|the last|both)\b", text, re.IGNORECASE) and len(before) > 1 else []
    )


def _noted(steps: tuple[Seen, ...], taken: set[int]) -> list[tuple[int, ...]]:
    """Neighbouring items that are each marked `(in parallel)`."""
    marked = [
        index
        for index, step in enumerate(steps)
        if any(BESIDE.search(note) for note in step.notes) and index not in taken
    ]
    if not marked:
        return []
    runs: list[list[int]] = []
    for index in marked:
        with_earlier = any(re.search(r"\bwith\b", note) for note in steps[index].notes)
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index - 1, index] if with_earlier and index else [index])
    return [tuple(run) for run in runs if len(run) > 1]
