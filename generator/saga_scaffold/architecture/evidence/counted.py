"""What a sentence says of steps by their numbers alone: `rows 1 Registry, 2 Data Platform, 3 Edge`."""

import re
from collections.abc import Iterator, Sequence

_PAIR = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,2})\s*(?:[=:–→-]\s*)?(?P<name>[A-ZÀ-Þ][\w&-]*(?:\s[A-ZÀ-Þ&][\w&-]*){0,4})"
    r"(?=\s*(?:[,;.)]|$)|\s+(?:and|und|et|y|e)\s)"
)
_OF_SERVICES = re.compile(
    r"participant|service|context|owner|in charge|responsible|handled|goes to|kontext|dienst|contexte|contexto|servicio|serviço",
    re.IGNORECASE,
)


def counted_services(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """The number of each step, who carries it out, and the line."""
    for line, text in enumerate(lines, 1):
        told = list(_PAIR.finditer(text)) if _OF_SERVICES.search(text) and "|" not in text else []
        numbers = [int(one["number"]) for one in told]
        if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
            yield from ((one["number"], one["name"], line) for one in told)
