"""Which states a document maps to which service: in a table, behind a service and a colon, or on items below it."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.known import bare_service
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import plain
from saga_scaffold.spec import naming

Mapped = tuple[str, frozenset[str]]
_LABEL = re.compile(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_ITEM = re.compile(r"^(\s*)[-*+]\s+(.+)$")
_STATE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_LISTED = re.compile(r"\s*[,/;]\s*|\s+(?:and|or|und|et|y|e)\s+")
_AT_AN_END = re.compile(
    r"\((?:[^()]*\b)?(?:backward|compensat\w*|undo|rollback|initial|start|terminal|final|end)\b[^()]*\)", re.IGNORECASE
)


def mapped_states(lines: Sequence[str]) -> Iterator[Mapped]:
    """Each state with the names of the services that it belongs to; those of the way back or of an end are left out."""
    yield from _of_tables(lines)
    yield from _of_items(lines)


def _of_tables(lines: Sequence[str]) -> Iterator[Mapped]:
    for table in tables(lines):
        for row in table.rows:
            cells = table.cells(row)
            states = cells.get("state") or cells.get("states")
            if states and "service" in cells and not _AT_AN_END.search(" ".join(f"({cell})" for cell in row)):
                yield from ((label, services_in(cells["service"])) for label in _labels(states))


def _of_items(lines: Sequence[str]) -> Iterator[Mapped]:
    """`- Payment (`PAYING`)`, `- Payment: `PAYING`, `REFUNDING``, or the states on deeper items."""
    owner: tuple[int, frozenset[str]] = (0, frozenset())
    for line in lines:
        item = _ITEM.match(line)
        if item is None:
            owner = owner if line.startswith(" ") or not line.strip() else (0, frozenset())
            continue
        depth, text = len(item[1]), item[2]
        of, colon, states = text.partition(":")
        first = re.match(r"[*`]{1,4}([A-Z]\w+)[*`]{1,4}(?:\s|$)", text)
        beside = re.match(r"\s*\(([^()]+)\)(?:\s*[:;,–—-]|$)", text[first.end() - 1 :]) if first else None
        if colon and _labels(states):
            yield from ((label, services_in(of)) for label in _labels(states))
        elif first and not _AT_AN_END.search(text) and ((owner[1] and depth > owner[0]) or beside):
            yield first[1], owner[1] if depth > owner[0] else services_in(beside[1] if beside else "")
        elif first and _STATE.fullmatch(first[1]) and not _AT_AN_END.search(f"({text})"):
            yield first[1], services_in(text[first.end() :])
        elif depth <= owner[0] or not owner[1]:
            owner = (depth, services_in(text))


def _labels(text: str) -> list[str]:
    """The states that a text lists and nothing else; empty where it says anything more."""
    parts = [plain(part) for part in _LISTED.split(text) if plain(part)]
    marked = "`" in text or all(part.isupper() for part in parts)
    return parts if marked and all(map(_LABEL.fullmatch, parts)) else []


def services_in(text: str) -> frozenset[str]:
    """The names of the services of a text, those in parentheses too, without spelling."""
    parts = re.split(r"[,;:/&()→–—]|\s-\s|\b(?:and|by|in|at|of|with|for|von|durch|bei|par|por|im)\b", plain(text))
    return frozenset(bare_service(part.strip()) for part in parts if naming.words(part))
