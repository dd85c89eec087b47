"""Steps that a document tells in two ways one after the other: the first in a table, the others as numbered titles."""

import re
from collections.abc import Iterable, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.known import names_said

_NUMBER = re.compile(r"^[\s#*|>-]*(?:(?:step|schritt|étape|etape|paso|passo)\s+)?(\d{1,2})\b", re.IGNORECASE)


def continued(found: list[Found], carriers: Iterable[list[Found]], lines: Sequence[str]) -> list[Found]:
    """The steps with those of another carrier whose numbers go on where these end, or lead up to where they begin."""
    for carrier in carriers:
        first, last = _number(found[0], lines) or 1, (_number(found[0], lines) or 1) + len(found) - 1
        numbers = [_number(step, lines) for step in carrier]
        strangers = not any(names_said(step, "command") & _commands(found) for step in carrier)
        if strangers and numbers and numbers == list(range(last + 1, last + 1 + len(numbers))):
            found = [*found, *carrier]
        elif strangers and numbers and numbers == list(range(first - len(numbers), first)) and numbers[0] == 1:
            found = [*carrier, *found]
    return found


def _number(step: Found, lines: Sequence[str]) -> int | None:
    numbered = _NUMBER.match(lines[step.line - 1]) if 0 < step.line <= len(lines) else None
    return int(numbered[1]) if numbered else None


def _commands(found: Iterable[Found]) -> set[str]:
    return {name for step in found for name in names_said(step, "command")}
