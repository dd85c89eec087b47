"""The order of steps that stand by service or by message: a numbered list or a chain of arrows that names all of them."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.known import Known
from saga_scaffold.architecture.evidence.tokens import tokens
from saga_scaffold.spec import naming

_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?P<text>.+)$")
_FEWEST = 3


def in_told_order(found: Sequence[Found], lines: Sequence[str]) -> list[Found]:
    """The steps in the order of the first list or chain that names each of them once; else as they are."""
    if len(found) < _FEWEST:
        return list(found)
    known = Known(found)
    for names in _sequences(lines):
        places = [place for name in names for place in known.named("step", {name})]
        if len(places) == len(found) == len(set(places)):
            return [found[place] for place in places]
    return list(found)


def _sequences(lines: Sequence[str]) -> Iterator[list[str]]:
    """The names of each numbered list, the first of each item, and of each chain of arrows."""
    listed: list[str] = []
    for line in [*lines, "."]:
        item = _NUMBERED.match(line)
        if item:
            listed += [naming.same_words(token.text) for token in tokens(item["text"])[:1]]
        elif line.strip() and not line.startswith(" "):
            if len(listed) >= _FEWEST:
                yield listed
            listed = []
        if line.count("→") >= _FEWEST - 1 and "|" not in line:
            yield [naming.same_words(token.text) for token in tokens(line)]
