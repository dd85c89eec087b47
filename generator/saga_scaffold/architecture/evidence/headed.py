"""Lines that head the labels below them, read as headings: `- Step 1: Reserve stock` with deeper bullets, `(T1) *Hold*`, `Part 2: Events`."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.labels import is_label, labels_in
from saga_scaffold.architecture.evidence.tokens import plain

_ITEM = re.compile(r"^(\s*)(?:[-*+]|(?P<number>\d{1,2}[.)]))\s+(?P<text>.+)$")
_STATE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_NAMES_A_STATE = re.compile(r"(?:state|status|zustand|état|estado)\s*:?\s+[A-Z]\w*\b", re.IGNORECASE)
_TITLE = re.compile(r"^(?:\([A-Z]{0,2}(?P<within>\d{1,2})\)|[A-Z]{1,2}(?P<number>\d{1,2})[.:)])\s+(?P<text>\S.{2,90})$")
_PART = re.compile(
    r"^(?:part|section|chapter|teil|abschnitt|kapitel|partie|chapitre|parte|secci[oó]n|se[cç][aã]o|cap[ií]tulo)\s+"
    r"(?P<number>\d{1,2}|[IVX]{1,4}|[A-H])\s*(?:[:.)–—-]|\s[-–—])\s*(?P<text>[^\s|`].{2,80})$",
    re.IGNORECASE,
)
_FEWEST = 2


def with_headings(lines: Sequence[str]) -> list[str]:
    """The lines, each item with labels of a step on the items right below it as a heading."""
    done: list[str] = []
    within: int | None = None
    for index, line in enumerate(lines):
        item = _ITEM.match(line)
        if within is not None and item and len(item[1]) <= within:
            within = None
        if item and within is None and _heads(lines, index, item):
            within = len(item[1])
            line = _heading(item)
        elif (title := _TITLE.match(line)) and _labels_below(lines, index, -1) >= _FEWEST:
            line = f"### {title['within'] or title['number']}. {plain(title['text'])}"
        elif (part := _PART.match(line)) and _stands_alone(lines, index):
            line = f"## {part['number']}. {plain(part['text'])}"
        done.append(line)
    return done


def _stands_alone(lines: Sequence[str], index: int) -> bool:
    return not "".join(lines[max(index - 1, 0) : index]).strip() and not lines[index].rstrip().endswith((".", ";", ","))


def _heads(lines: Sequence[str], index: int, item: re.Match[str]) -> bool:
    if is_label(lines[index]) and not _NAMES_A_STATE.match(plain(item["text"])):
        return False
    below = list(_below(lines, index, len(item[1])))
    if _STATE.fullmatch(plain(item["text"])):
        return bool(below) and bool(re.match(r"[^:]{2,40}:\s*\S", below[0]))
    return _labels_below(lines, index, len(item[1])) >= _FEWEST


def _labels_below(lines: Sequence[str], index: int, indent: int) -> int:
    return sum(bool(labels_in(f"- {text}")) for text in _below(lines, index, indent))


def _below(lines: Sequence[str], index: int, indent: int) -> Iterator[str]:
    """What the items say that stand right below the one at the index."""
    level: int | None = None
    for line in lines[index + 1 :]:
        item = _ITEM.match(line)
        if item is None and not line.strip():
            continue
        if item is None or len(item[1]) <= indent:
            return
        level = len(item[1]) if level is None else level
        if len(item[1]) == level:
            yield item["text"]


def _heading(item: re.Match[str]) -> str:
    text = plain(item["text"])
    return f"### State `{text}`" if _STATE.fullmatch(text) else f"### {item['number'] or ''} {item['text']}"
