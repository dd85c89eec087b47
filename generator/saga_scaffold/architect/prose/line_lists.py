"""Which lines belong together: wrapped sentences, items without marks, rows without edges."""

import re
from itertools import pairwise

from saga_scaffold.architect.prose.pieces import is_an_outcome
from saga_scaffold.architect.prose.signs import FAILURE, LABEL

RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")


_TITLE = re.compile(
    r"\s*(?:#|no\.?|nr\.?|steps?|actions?|what.*|who.*|services?|systems?|teams?|owners?|undo.*|"
    r"compensat\w+.*|roll-?back|revers\w*|"
    r"time-?outs?|limits?|retries|tries|attempts|kind|type|conditions?|only if|when|if it .*|task|activity|"
    r"department|does|in reverse)\s*",
    re.IGNORECASE,
)


def is_pipe_row(lines: list[str], index: int) -> bool:
    """Whether a table begins here that has no bars at its edges: a line below, or titles in its first row."""
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if "|" not in lines[index] or "|" not in following:
        return False
    titles = lines[index].split("|")
    titled = sum(bool(_TITLE.fullmatch(title)) for title in titles)
    return bool(RULE.match(following)) or (
        titled >= 2 and titled >= 0.5 * len(titles) == 0.5 * len(following.split("|"))
    )


def hashes_are_items(lines: list[str]) -> bool:
    """Whether `# ` begins a numbered item, as in some ticket systems: several in a row, or beside `h2.` headings."""
    marked = [line.startswith("# ") for line in lines]
    return any(one and other for one, other in pairwise(marked)) or any(re.match(r"h[1-6]\. ", line) for line in lines)


def is_line_list(lines: list[str]) -> bool:
    """Whether the lines of a paragraph are items without marks: short, and not the wrapped lines of one sentence."""
    if len(lines) < 2 or any(len(line) > 90 for line in lines):
        return False
    if all(line.rstrip().endswith((".", "!", "?", ":")) for line in lines):
        return False
    if any(one.rstrip().endswith(":") and _depth(other) > _depth(one) for one, other in pairwise(lines)):
        return True
    ends = sum(line.rstrip().endswith((",", " and", " or", " the", " a", " of", " to")) for line in lines[:-1])
    stops = sum(bool(re.search(r"[.!?] +\S", line)) for line in lines)
    starts_low = sum(line.strip()[:1].islower() for line in lines[1:])
    marked = sum(bool(re.search(r"[)\]]\s*$|^[^.:]{2,40}: \S", line)) for line in lines)
    if marked >= max(2, len(lines) - 1):
        return True
    return ends == 0 and stops == 0 and (starts_low in (0, len(lines) - 1) and max(map(len, lines)) <= 60)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def one_line_list(text: str) -> bool:
    """Whether a line numbers several items: `1. reserve 2. pay 3. ship` is a sentence, not one item."""
    if re.search(r"(?:[,;.)\]]|\b(?:and|then))\s+\(?(?:2|b)[.)]\s+\S", text):
        return True
    return all(re.search(rf"\s\(?(?:{mark})[.)]\s+\S", text) for mark in ("2|b", "3|c"))


_FAILING = re.compile(
    rf"(?:if|when|whenever|in case|should)\b[^,:]{{0,60}}?(?:{FAILURE.pattern})[^,:]{{0,20}}:", re.IGNORECASE
)


_BY_NUMBER = re.compile(r"\s*(?:step )?\d{1,2} -> ", re.IGNORECASE)


def _titles(line: str, below: list[str]) -> bool:
    """Whether a line stands as a title above lines that are sentences of their own."""
    ended = [bool(re.search(r"[.!?]$", one.strip())) for one in below]
    return len(line.split()) <= 6 and not re.search(r"[.,:;!?]$|->", line.strip()) and len(ended) > 1 and all(ended)


def _in_brackets(line: str) -> bool:
    return line.strip().startswith("(") and line.strip().rstrip(".").endswith(")")


def parts(lines: list[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """A paragraph cut where a line begins with `Undo:` or is a chain of its own."""
    parts: list[list[tuple[int, str]]] = []
    for index, line in lines:
        before = parts[-1][-1][1] if parts else ""
        chained = (
            "->" in line
            and "->" in before
            and not line.strip().startswith("->")
            and not before.rstrip().endswith(("->", ","))
        )
        titled = len(parts) == 1 and len(parts[0]) == 1 and _titles(before, [one for _, one in lines[1:]])
        apart = _in_brackets(line) or _in_brackets(before) or is_an_outcome(line.partition("->")[0].strip())
        apart = apart or " <- " in line or ("->" in before and bool(re.match(r"[^:>]{3,50}: ", line.strip())))
        apart = apart or bool(_BY_NUMBER.match(line) or _BY_NUMBER.match(before))
        begins = apart or titled or bool(LABEL.match(line.strip())) or bool(_FAILING.match(line.strip()))
        if not parts or begins or chained:
            parts.append([])
        parts[-1].append((index, line))
    return parts
