"""The lines of a document with the titles above them."""

import re
from collections.abc import Iterator, Sequence

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.+?)\s*#*\s*$")
_BOLD_LINE = re.compile(r"^\s{0,3}\*\*([^*]+)\*\*\s*:?\s*$")
_PLAIN_TITLE = re.compile(r"^(?:\d{1,2}|[A-Z]|[IVX]+)[.)]\s+([A-Z][\w ,/&-]{2,60})$")
_ENDS_IN_COLON = re.compile(r"^([A-Z][^:|`*]{2,60}):\s*$")
_LEADING = re.compile(
    r"^(?:(?i:part|section|chapter|teil|abschnitt|kapitel|partie|parte|secci[oó]n|se[cç][aã]o)\s+"
    r"(?:\d{1,2}|[IVX]+|[A-H])\s*[:.)–—-]\s*|(?:\d+(?:\.\d+)*|[A-Z]|[IVX]+)[.)]?\s+)"
)
_LOWEST = 7


def in_sections(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Each line with its number and the titles above it, the outermost first; fenced blocks are left out."""
    above: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
            continue
        if fenced:
            continue
        level, title = _title(line)
        if title:
            above = [one for one in above if one[0] < level] + [(level, bare_title(title))]
        else:
            yield number, tuple(one for _, one in above), line


def bare_title(title: str) -> str:
    """`2.1 **Topics**` is `Topics`."""
    return _LEADING.sub("", re.sub(r"[*`_]+", " ", title).strip()).strip(" :")


def _title(line: str) -> tuple[int, str]:
    heading = _HEADING.match(line)
    if heading:
        return len(heading[1]), heading[2]
    bold = _BOLD_LINE.match(line)
    if bold:
        return _LOWEST, bold[1]
    told = _PLAIN_TITLE.match(line) or _ENDS_IN_COLON.match(line)
    return (_LOWEST, told[1]) if told else (0, "")
