"""Steps that a document names where it explains its states: ``EQUIPPING`: S2, S3 and S4 in flight`, `BOOKING (step 2)`."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import plain, tokens

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+[*`]*(?P<state>[A-Z]\w+)[*`]*\s*(?:[:(–—→-]|\s{2})\s*(?P<text>.+)$")
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_AND = r"(?:\s*(?:[-–,&/]|and|und|et|y|e|to|bis)\s*)"
_COUNTED = re.compile(
    rf"\b(?:(?:steps?|schritte?|étapes?|pasos?|passos?)\s+\d{{1,2}}(?:{_AND}+\d{{1,2}})*|[A-Z]\d{{1,2}}(?:{_AND}+[A-Z]\d{{1,2}})*)\b",
    re.IGNORECASE,
)
_ON_THE_WAY_BACK = re.compile(r"compensat|undo|rollback|kompens|annul|terminal|revers", re.IGNORECASE)


def state_mentions(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Each state with the text that names the steps it stands for, and its line."""
    for state, text, line in [*_of_tables(lines), *_of_items(lines)]:
        named = _COUNTED.search(text) or re.search(r"`\w+`", text)
        if _LABEL.fullmatch(state) and named and not _ON_THE_WAY_BACK.search(f"{state} {text}"):
            yield state, named[0], line


def _of_tables(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    for table in tables(lines):
        if "state" in table.roles and not {"command", "action", "events", "success", "next", "trigger"} & set(
            table.roles
        ):
            for number, row in enumerate(table.rows, table.line + 2):
                state = table.cells(row).get("state", "")
                yield plain(state), " ".join(cell for cell in row if cell != state), number


def _of_items(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    for number, line in enumerate(lines, 1):
        item = _ITEM.match(line)
        if item and item["state"].isupper() and item["state"] in {token.text for token in tokens(line)[:1]}:
            yield item["state"], item["text"], number
