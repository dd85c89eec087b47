"""Who does the steps, where a sentence of its own says it: `slots belong to the Scheduling Service`."""

import re
from collections.abc import Iterator

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.stems import stems

_NAME = r"(?P<who>[A-Z][\w&-]*(?: [A-Z][\w&-]*)*(?: (?:service|system|team|department))?|[\w-]+ (?:service|system))"
_OWNED = re.compile(
    r"(?P<what>[\w' -]{3,60}?)\s+(?:belongs?\s+to|(?:is|are)\s+(?:owned|run|handled|kept|managed|done)\s+by|"
    rf"lives?\s+(?:in|with)|sits?\s+with)\s+(?:the\s+|our\s+)?{_NAME}"
)
_MORE = re.compile(rf",?\s+(?:and\s+)?(?P<what>[\w' -]{{3,60}}?)\s+(?:to|by|in|with)\s+(?:the\s+|our\s+)?{_NAME}")


def owners(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, str]:
    """For the index of a step: who does it, as a sentence says of what it is done to."""
    found: dict[int, str] = {}
    for passage in passages:
        for what, who in _pairs(passage.text):
            for index, step in enumerate(steps):
                if stems(what) & (stems(step.action.thing) | step.verb_family):
                    found.setdefault(index, services.tidy(who))
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """What belongs to whom; behind the first, the verb may be left out."""
    for first in _OWNED.finditer(text):
        yield first["what"], first["who"]
        end = first.end()
        while more := _MORE.match(text, end):
            yield more["what"], more["who"]
            end = more.end()
