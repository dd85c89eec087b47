"""Items with unusual marks, given plain ones: `1 - reserve`, `#2 pay`, `B.2 The desk ...`; lines stay lines."""

import re
from collections.abc import Callable, Iterator

from saga_scaffold.architect.prose.line_lists import is_pipe_row
from saga_scaffold.language.verbs import is_verb

_COUNTERS: tuple[tuple[re.Pattern[str], Callable[[str], int]], ...] = (
    (re.compile(r"^(?P<indent>\s*)(?P<mark>\d{1,2})\s*[-/]\s+(?=\w)"), int),
    (re.compile(r"^(?P<indent>\s*)(?:\[|#|no\.? ?|nr\.? ?)(?P<mark>\d{1,2})\]?[.:)]?\s+(?=\w)", re.IGNORECASE), int),
    (re.compile(r"^(?P<indent>\s*)(?P<mark>\d{1,2})(?:st|nd|rd|th)\b[.:,)]?\s*(?:-\s+)?(?=\w)"), int),
    (re.compile(r"^(?P<indent>\s*)(?P<mark>\d{1,2})\s{1,4}(?=(?:[!*] ?)?[A-Za-z])"), int),
    (re.compile(r"^(?P<indent>\s*)(?P<mark>[a-l])[.:]\s+"), lambda mark: ord(mark) - ord("a") + 1),
    (
        re.compile(r"^(?P<indent>\s*)(?:step )?(?P<mark>[A-L])[.:)]\s+", re.IGNORECASE),
        lambda mark: ord(mark.lower()) - 96,
    ),
)
_DOTTED = re.compile(r"^(?P<indent>\s*)(?P<major>[A-Z]|\d{1,2})\.(?P<minor>\d{1,2})[.:)]?\s+(?=\S)")
_SECTION = re.compile(r"^\s*(?:[A-Z]|[IVX]{1,4})[.)]\s+(?P<title>[A-Z]\w*(?: [\w&-]+){0,3})\s*$")
_LEADER = re.compile(r"\s*(?:\.{3,}|…|(?<=\s)\.\.(?=\s)|_{3,}|(?<=\S)\t+|(?<=\S) {4,}(?=\S))\s*")


def with_plain_marks(text: str) -> str:
    """The text with the marks of its items in a spelling that is read everywhere."""
    lines = _without_leaders(_named_by_arrows(_sections(text.split("\n"))))
    lines = _dotted(lines)
    for counter, value in _COUNTERS:
        for run in _series(lines, counter, value):
            for number, index in enumerate(run, start=1):
                match = counter.match(lines[index])
                assert match
                lines[index] = f"{match['indent']}{number}. {lines[index][match.end():]}"
    return "\n".join(lines)


def _series(lines: list[str], counter: re.Pattern[str], value: Callable[[str], int]) -> Iterator[list[int]]:
    """The indexes of neighbouring lines that count 1, 2, 3; other lines may stand between only if they are indented."""
    run: list[int] = []
    for index, line in enumerate([*lines, ""]):
        match = counter.match(line)
        if match and value(match["mark"]) == len(run) + 1:
            run.append(index)
        elif match and value(match["mark"]) == 1:
            yield from [run] if len(run) > 1 else []
            run = [index]
        elif line.strip() and not line.startswith("  "):
            yield from [run] if len(run) > 1 else []
            run = []
    yield from [run] if len(run) > 1 else []


def _dotted(lines: list[str]) -> list[str]:
    """`B.2 The desk ...` and `3.1 The desk ...` as `B2: The desk ...`, and `B.2` elsewhere as `B2`."""
    marks = [match for line in lines if (match := _DOTTED.match(line))]
    majors = [match["major"] for match in marks]
    names = {
        f"{match['major']}.{match['minor']}": _requirement(match["major"], match["minor"])
        for match in marks
        if majors.count(match["major"]) > 1
    }
    if not names:
        return lines
    anywhere = re.compile(
        rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![\w%]|\.\d)"
    )
    found = []
    for line in lines:
        mark = _DOTTED.match(line)
        own = names.get(f"{mark['major']}.{mark['minor']}") if mark else None
        head, rest = (f"{mark['indent']}{own}: ", line[mark.end() :]) if mark and own else ("", line)
        found.append(head + anywhere.sub(lambda name: names[name[0]], rest))
    return found


def _requirement(major: str, minor: str) -> str:
    return f"{major if major.isalpha() else 'S' + chr(64 + min(int(major), 26))}{minor}"


def _sections(lines: list[str]) -> list[str]:
    """`A. Background` above something that is not its next letter, as a heading."""
    found = list(lines)
    for index, line in enumerate(lines):
        below = next((other for other in lines[index + 1 : index + 3] if other.strip()), "")
        section = _SECTION.match(line)
        if section and below and not _SECTION.match(below) and not re.match(r"\s*[A-Z][.)]\s", below):
            found[index] = f"## {section['title']}"
    return found


_NAMED = re.compile(
    r"^(?P<mark>\s*(?:[-*•]\s+)?)(?P<name>[A-Z][\w&-]*(?: [A-Z&][\w&-]*){0,3}|"
    r"[\w-]+[ -](?:service|api|desk|team)) -> (?P<rest>[a-z]\w*\b[^<>]*)$"
)


def _named_by_arrows(lines: list[str]) -> list[str]:
    """`Youth Office -> reserve place`, line after line, with colons for the arrows: each names who does a step."""
    named = [
        (
            match
            if (match := _NAMED.match(line))
            and (" " not in match["name"] or not is_verb(match["name"].split()[0]))
            and is_verb(match["rest"].split()[0])
            else None
        )
        for line in lines
    ]
    if sum(map(bool, named)) < 3:
        return lines
    return [
        f"{match['mark']}{match['name']}: {match['rest']}" if match else line
        for line, match in zip(lines, named, strict=True)
    ]


def _without_leaders(lines: list[str]) -> list[str]:
    """Lines in columns that dots or wide gaps keep apart, as items: `- load ; 5 min ; undo: drop`."""
    cut = [len(_LEADER.split(line.strip())) if not is_pipe_row(lines, index) else 1 for index, line in enumerate(lines)]
    found = list(lines)
    for index, line in enumerate(lines):
        beside = max(cut[index - 1] if index else 1, cut[index + 1] if index + 1 < len(lines) else 1)
        if cut[index] > 1 and beside > 1 and "|" not in line and not re.match(r"\s*(?:[-*•]|\d{1,2}[.)])\s", line):
            found[index] = "- " + " ; ".join(_LEADER.split(line.strip()))
    return found
