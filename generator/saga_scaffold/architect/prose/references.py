"""What points at a step by the number of its requirement: `R4 and R5 run in parallel` as `step 4 and step 5 ...`."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen


def with_step_numbers(passages: tuple[Passage, ...], steps: tuple[Seen, ...]) -> tuple[Passage, ...]:
    """The passages, numbers of requirements that tell one step each replaced by the numbers of those steps."""
    names = {
        passage.number: number
        for place, passage in enumerate(passages)
        if re.match(r"[A-Z]", passage.number)
        for number in [next((index + 1 for index, step in enumerate(steps) if step.passage == place), 0)]
        if number
    }
    if not names:
        return passages
    spelled = "|".join(re.sub(r"(?<=[A-Z])(?=\d)", "-?", name) for name in sorted(names, key=len, reverse=True))
    list_of = re.compile(rf"\b(?:{spelled})\b(?:(?:\s*,\s*|\s+and\s+|\s+or\s+|\s*(?:-|to)\s*)(?:{spelled})\b)*")
    return tuple(replace(one, text=list_of.sub(lambda told: _steps(told[0], names), one.text)) for one in passages)


def _steps(told: str, names: dict[str, int]) -> str:
    """`B3 and B4` is `steps 3 and 4`."""
    return "steps " + re.sub(r"[A-Z]+-?\d+", lambda name: str(names[name[0].replace("-", "")]), told)
