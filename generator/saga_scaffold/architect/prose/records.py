"""Rows that are no table: `Seat Service / reserve seat / max 3 s / undo: release seat`, one line for each step."""

import re

from saga_scaffold.architect.prose.limit_words import NONE, read_limits
from saga_scaffold.architect.prose.services import SYSTEM_NOUN
from saga_scaffold.architect.prose.tables import is_header
from saga_scaffold.language.verbs import is_verb

_COLUMNS = ("action", "service", "undo", "timeout", "retries", "kind", "condition")
_SEPARATORS = (
    ("/", r"\s+/\s+"),
    ("|", r"\s*\|\s*"),
    ("·", r"\s+[·•]\s+"),
    ("::", r"\s*::\s*"),
    (";", r"\s*;\s+"),
    (" - ", r"\s+-\s+"),
    ("  ", r" {2,}"),
    (",", r",\s+"),
)
_MARK = re.compile(r"^\s*(?:[-*+•]|\(?\d{1,2}[.):]|\(\d{1,2}\))\s+")
_CELLS = (
    (
        "undo",
        re.compile(
            r"^(?:undo(?:ne)?|compensat\w+|comp|roll-?back|revers\w+|revert\w*|taken back|back(?:out)?|counter-?action|"
            r"(?:if|when|should) [^:]{2,50}(?=:)|otherwise|on (?:error|failure|rollback)|if (?:it|"
            r"something) fails(?: later)?)"
            r"(?:\s+(?:by|with|is|action))*\s*(?:[:=]|->|\s)\s*(?P<cell>\S.*)$|"
            r"^(?P<none>nothing to .*|(?:no|without|nothing to) (?:undo|compensat\w+|roll-?back|take back|way back))$",
            re.IGNORECASE,
        ),
    ),
    (
        "kind",
        re.compile(r"^(?P<cell>(?:the )?(?:compensatable|compensable|pivot|retriable|retryable))$", re.IGNORECASE),
    ),
    ("condition", re.compile(r"^(?:only )?(?:if|when|for)\s+(?P<cell>\S.*)$", re.IGNORECASE)),
    (
        "retries",
        re.compile(r"^(?P<cell>.*(?:retr(?:y|ies|ied)|attempts?|tries|try|repeat\w*)\b.*|\d{1,2} ?x)$", re.IGNORECASE),
    ),
    (
        "timeout",
        re.compile(
            r"^(?:(?:max\.?|at most|up to|within|time-?out|time limit|limit|deadline|t/o|<=?|in)\W*)*"
            r"(?P<cell>[\d.]+ ?(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?))(?: max\.?| limit|"
            r" time-?out)?$",
            re.IGNORECASE,
        ),
    ),
)
Row = dict[str, str]


def record_rows(lines: list[str], index: int) -> tuple[tuple[str, ...], ...]:
    """The header and the rows of the records that begin at a line, as of a table; empty where it begins none."""
    for mark, separator in _SEPARATORS:
        if mark not in lines[index]:
            continue
        headed = _headed(lines, index, re.compile(separator))
        if len(headed) > 2:
            return headed
        rows = _rows(lines, index, re.compile(separator))
        if len(rows) > 1:
            return _in_columns(rows)
    return ()


def _headed(lines: list[str], index: int, separator: re.Pattern[str]) -> tuple[tuple[str, ...], ...]:
    """The lines from a header on that have as many cells as it has; empty where the first line is no header."""
    cells = separator.split(lines[index].strip())
    if len(cells) < 2 or lines[index].strip().startswith("|") or not is_header(tuple(cells)):
        return ()
    rows = [tuple(cells)]
    for line in lines[index + 1 :]:
        row = tuple(separator.split(line.strip()))
        if len(row) != len(cells):
            break
        rows.append(row)
    return tuple(rows)


def _rows(lines: list[str], index: int, separator: re.Pattern[str]) -> list[Row]:
    rows: list[Row] = []
    while index < len(lines) and (row := _row(_MARK.sub("", lines[index]).strip(), separator)):
        rows.append(row)
        index += 1
    return rows


def _row(line: str, separator: re.Pattern[str]) -> Row:
    """The cells of a line by what they hold; empty unless it has an action and something of its own besides."""
    cells = [cell.strip(" .") for cell in separator.split(line) if cell.strip(" .")] if len(line) < 300 else []
    if len(cells) < 3:
        return {}
    row: Row = {}
    plain: list[str] = []
    for cell in (part for whole in cells for part in _parts(whole)):
        name, held = _held(cell)
        if name and name not in row:
            row[name] = held
        else:
            plain.append(cell)
    if not row or not 1 <= len(plain) <= 2 or any(len(cell.split()) > 8 for cell in plain):
        return {}
    return row | dict(zip(("left", "right"), plain, strict=False))


def _parts(cell: str) -> list[str]:
    """The limits in a cell that holds several: `20 s, 3 retries`."""
    parts = [part.strip() for part in cell.split(",")]
    return parts if all(_held(part)[0] in {"timeout", "retries"} for part in parts) else [cell]


def _held(cell: str) -> tuple[str, str]:
    for name, pattern in _CELLS:
        match = pattern.match(cell)
        if match and (name != "retries" or read_limits(cell) != NONE or re.match(r"\d", cell)):
            return name, match["cell"] or "none"
    return "", ""


def _in_columns(rows: list[Row]) -> tuple[tuple[str, ...], ...]:
    """The rows below a header: what in most rows begins with a verb is the action, the other does it."""
    left = sum(_acts(row.get("left", "")) for row in rows)
    right = sum(_acts(row.get("right", "")) for row in rows)
    first, second = ("right", "left") if right > left else ("left", "right")
    named = [
        {**row, "action": row.get(first) or row[second], "service": row.get(second, "") if first in row else ""}
        for row in rows
    ]
    header = tuple(name for name in _COLUMNS if any(row.get(name) for row in named))
    return header, *(tuple(row.get(name, "") for name in header) for row in named)


def _acts(cell: str) -> bool:
    return bool(cell) and is_verb(cell.split()[0]) and not SYSTEM_NOUN.search(cell)
