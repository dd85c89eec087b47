"""Which action undoes which: in lists and tables about compensation, and in sentences that say so."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.tokens import is_nothing, plain, tokens

_ITEM = re.compile(r"^\s*(?:[-*+]|(?P<number>\d{1,2})[.)])\s+(?P<text>.*)$")
_COMPENSATES = re.compile(
    r"compensat|rollback|roll back|undo|backward|kompens|annul|补偿|reversal|compens[aá]|rückabwickl|rücknahme",
    re.IGNORECASE,
)
_UNDOES = re.compile(
    r"\b(?:compensates?|undo(?:es)?|revers(?:es|e)|reverts?|rolls? back|takes? back|annule|compense|compensa|desfaz|deshace|anula|"
    r"kompensiert|storniert)\b(?:\s+(?:the|la|le|el|o|a|den|die|das))?\s*$",
    re.IGNORECASE,
)
_UNDONE_BY = re.compile(
    r"\b(?:(?:is|are|gets?|wird|werden|est|é|se)\s+)?(?:compensated|undone|reversed|reverted|rolled back|taken back|kompensiert|"
    r"rückgängig gemacht|compensée?|annulée?|compensad[oa]|compensa|deshace|desfeit[oa])\s+"
    r"(?:by|with|via|through|durch|mit|von|par|avec|con|por|com|mediante)\b[^*`]{0,20}$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:\*\*`?|`)(?P<undo>[^*`]+)(?:`?\*\*|`)\s*\((?:compensates?|undoes|reverts|reverses|undo of|compensation (?:of|for)|for)\s+"
    r"(?P<of>[^()]{3,60})\)",
    re.IGNORECASE,
)
_ACTION_OF = re.compile(
    r"\b(?:compensat\w+|undo)(?:\s+(?:action|command|step|transaction))?\s+(?:of|for)\s+(?P<of>[^:*]{2,60}?)\s*(?:\bis\b|:|=)\s*(?P<undo>[*`].+)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\*\*`?([^*`]+)`?\*\*|`([^`]+)`|\b((?:[A-Z][a-z0-9]+){2,}|[a-z]+(?:[-_][a-z0-9]+)+)\b")
_SERVICE_ASIDE = re.compile(r"(?<=[*`\w])\s*\([^()*`]{2,40}\)(?=\s+\w)")


def undo_pairs(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is undone, and by what; the first may be a number."""
    yield from _sentences(lines)
    yield from _items(lines)
    yield from _counted_down(lines)


def listed_undos(lines: Sequence[str]) -> list[str]:
    """The items of a list of compensations that say nothing but what is done: they follow the steps by their place."""
    items = [text for _, text in _about_compensation(lines)]
    return items if items and all(len(tokens(text)) == 1 and len(plain(text).split()) == 1 for text in items) else []


def _sentences(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`**ReleaseStock** undoes `ReserveStock``, and ``ReserveStock` is undone by **ReleaseStock**`."""
    for line in lines:
        if line.lstrip().startswith("|"):
            continue
        yield from ((found["of"], f"**{found['undo']}**") for found in _ASIDE.finditer(line))
        for part in re.split(r"(?<=[.;])\s+(?=[A-Z])", line):
            told = _ACTION_OF.search(part)
            if told:
                yield told["of"], told["undo"]
        line = _SERVICE_ASIDE.sub("", line)
        names = list(_NAME.finditer(line))
        for one, other in pairwise(names):
            between = line[one.end() : other.start()]
            first, second = (next(group for group in name.groups() if group) for name in (one, other))
            if len(between) < 60 and _UNDOES.search(between):
                yield second, f"**{first}**"
            elif len(between) < 60 and _UNDONE_BY.search(between):
                yield first, f"**{second}**{_behind(line[other.end() :])}"


def _behind(text: str) -> str:
    """What stands in parentheses right behind a name: its topic, and the event that confirms it."""
    aside = re.match(r"\s*\([^()]*\)", text)
    return aside[0] if aside and tokens(aside[0]) else ""


def _items(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for _, text in _about_compensation(lines):
        left, mark, right = _divided(text)
        if mark and len(plain(left).split()) < 8 and not _says_of_itself(right):
            yield plain(left), right


def _says_of_itself(text: str) -> bool:
    """Whether what follows a name is a sentence about it, rather than what undoes it."""
    return bool(
        re.match(r"\W*(?:compensates?|undoes|reverts|reverses|annule|compensa|es|is|ist|est|é)\b", text, re.IGNORECASE)
    )


def _counted_down(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of a list of compensations that counts down: the number of the step, and what undoes it."""
    told = [(int(number), text) for number, text in _about_compensation(lines) if number]
    numbers = [number for number, _ in told]
    if len(numbers) > 1 and numbers == sorted(set(numbers), reverse=True):
        yield from ((str(number), text) for number, text in told if not is_nothing(text))


def _about_compensation(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The items under titles about compensation, each with its number, if it has one."""
    for _, titles, line in in_sections(lines):
        item = _ITEM.match(line)
        if item and titles and _COMPENSATES.search(titles[-1]):
            yield item["number"] or "", item["text"]


def _divided(text: str) -> tuple[str, str, str]:
    for mark in (":**", "**:", ": ", " → ", ":"):
        if mark in text:
            return text.partition(mark)
    return text, "", ""
