"""A document as lines without what surrounds it: thoughts, fences around the whole, curly quotes, odd arrows and bullets."""

import re

from saga_scaffold.architecture.evidence.headed import with_headings

_THINK = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(\w*)\s*$")
_ARROWS = re.compile(r"\s*(?:-{1,2}>|=>|⟶|⟹|⇒|⇨|➜|➔|➡️?|—>|–>)\s*")
_EMOJI = re.compile("[\U0001f000-\U0001faff☀-➿️‍⬀-⯿↩↪↺↻\u2300-\u23ff]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "‑": "-", "\u200b": ""})
_SUMMARY = re.compile(
    r"^\s*(?:<details>\s*)?<summary>\s*(?:<(?:b|strong)>)?([^<]+)(?:</(?:b|strong)>)?\s*</summary>\s*$", re.IGNORECASE
)
_BULLET = re.compile(r"^(\s*)[•‣▪◦·●]\s+")
_QUOTED = re.compile(r"^\s{0,3}>\s?(?!\s*$)")
_QUOTED_LABEL = re.compile(r"^\s{0,3}>\s*(?=[*_]{0,2}[^\W\d][\w ./()-]{1,40}?[*_]{0,2}:)")
_TOLD_STEP = re.compile(r"^\s*((?:step|schritt|étape|paso|passo)\s+\d{1,2}\s*[:.)-].*)$", re.IGNORECASE)
LONGEST = 400_000


def normal_lines(text: str) -> list[str]:
    """The lines, as many as there were, so that their numbers stay true; what is left out is empty."""
    text = text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").translate(_QUOTES)
    text = _THINK.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = [_line(line) for line in text.split("\n")]
    for index in _outer_fence(lines):
        lines[index] = ""
    return with_headings(_with_told_steps(lines))


def _with_told_steps(lines: list[str]) -> list[str]:
    """The lines; of a fenced block that tells `Step 1: ...` with arrows below, the steps as headings and bullets."""
    fences = [index for index, line in enumerate(lines) if line.lstrip().startswith("```")]
    for start, end in zip(fences[::2], [*fences[1::2], len(lines)], strict=False):
        inside = range(start + 1, end)
        if sum(bool(_TOLD_STEP.match(lines[index])) for index in inside) < 2:
            continue
        lines[start] = ""
        if end < len(lines):
            lines[end] = ""
        for index in inside:
            line = _TOLD_STEP.sub(r"### \1", lines[index])
            lines[index] = line if line.startswith("#") or not line.strip() else f"- {_as_label(line.strip(' →|-└├─'))}"
    return lines


def _as_label(line: str) -> str:
    """`command    ReserveStock` and `compensation = ReleaseStock` with a colon."""
    return re.sub(r"^([A-Za-z][\w ]*?)(?:\s{2,}|\s+=\s+)(?=\S)", r"\1: ", line)


def _line(line: str) -> str:
    line = _QUOTED.sub("", _QUOTED_LABEL.sub("- ", _SUMMARY.sub(r"### \1", line)))
    line = _BULLET.sub(r"\1- ", line.replace("\t", "    "))
    # A mark such as a tick may be all that a cell says; elsewhere it is decoration.
    told = re.sub("[✅❌]", " (terminal)", line) if "|" in line else line
    return _ARROWS.sub(" → ", _EMOJI.sub("", told))[:4000].rstrip()


def _outer_fence(lines: list[str]) -> list[int]:
    """The lines of a fence around the whole document, closed or not."""
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    fences = [index for index, line in enumerate(lines) if _FENCE.match(line)]
    for index in fences[:1]:
        opened = _FENCE.match(lines[index])
        names = opened is not None and opened[2].lower() in {"markdown", "md", ""}
        headings = any(line.startswith("#") for line in lines[index + 1 :])
        if names and headings and first is not None and index <= first + 3:
            closing = [one for one in fences[1:] if _FENCE.match(lines[one])[2] == ""] if len(fences) % 2 == 0 else []  # type: ignore[index]
            return [index, *closing[-1:]]
    return []
