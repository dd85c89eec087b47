"""Transitions of state machines: in a Mermaid diagram, in the rows of a table, or in lines such as `A --Event--> B / Command`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.blocks import fences
from saga_scaffold.architecture.evidence.tables import Table, tables
from saga_scaffold.architecture.evidence.tokens import is_event, is_nothing, plain, tokens

END = "[*]"
_EDGE = re.compile(
    r"^\s*(?P<source>\[\*\]|[\w.-]+)\s*→\s*(?P<target>\[\*\]|[\w.-]+)\s*(?::\s*(?P<label>.*?))?\s*;?\s*$"
)
_OPENS = re.compile(r"^\s*stateDiagram(?:-v2)?\s*$")
_NAME = re.compile(
    r"\[\*\]|\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{3,}|(?:[A-Z][a-z0-9]+){2,}|[a-z]+(?:_[a-z]+)+|[a-z]\w*(?:[.-]\w+)+)(?![\w(])"
)
_FEWEST = 3
_TO_SERVICE = re.compile(
    r"(?:\s+(?:an|to|à|a|para|al|→|@)\s+(?:the\s+|den\s+|die\s+|das\s+|la\s+|le\s+|el\s+)?|\s*\()(?P<service>[^\W\d_][\w -]{2,40})\)?\s*$"
)


@dataclass(frozen=True)
class Edge:
    """A transition: what happened, and which command is sent then, to whom."""

    source: str
    target: str
    event: str
    command: str
    topic: str
    line: int
    service: str = ""


def machines(lines: Sequence[str]) -> Iterator[list[Edge]]:
    """The transitions of each machine of a document."""
    yield list(drawn(lines))
    for table in tables(lines):
        yield list(_tabled(table))
    yield from _told(lines)
    yield from (list(_in_boxes(number, block.split("\n"))) for number, block in fences(lines))


def drawn(lines: Sequence[str]) -> Iterator[Edge]:
    """The transitions of the state diagrams."""
    inside = False
    for number, line in enumerate(lines, 1):
        inside = bool(_OPENS.match(line)) or (inside and not line.lstrip().startswith("```"))
        edge = _EDGE.match(line) if inside else None
        if edge:
            yield _labelled(edge["source"], edge["target"], edge["label"] or "", number)


def _labelled(source: str, target: str, label: str, line: int) -> Edge:
    """The edge with a label such as `event / Command (Service)`."""
    event, _, command = label.partition("/")
    to = _TO_SERVICE.search(command) if command else None
    return Edge(source, target, _name(event), _name(command), "", line, to["service"].strip() if to else "")


def _tabled(table: Table) -> Iterator[Edge]:
    """The transitions of a table with a column for the state before, the event, and the state after."""
    roles = set(table.roles)
    if "next" not in roles or not {"trigger", "events", "success"} & roles or not {"state", "trigger"} & roles:
        return
    for number, row in enumerate(table.rows, table.line + 2):
        cells = table.cells(row)
        event = cells.get("trigger") if "state" in cells else None
        event = event or cells.get("events") or cells.get("success") or ""
        source = cells.get("state") or cells.get("trigger", "")
        topic = plain(cells.get("command topic") or cells.get("topic", ""))
        sent = cells.get("command", "")
        to = _TO_SERVICE.search(plain(sent))
        service = to["service"].strip() if to else ""
        several = [one.text for one in tokens(sent) if one.marked and one.is_name and not is_event(one.text)]
        for command in several if len(several) > 1 else [_name(sent)]:
            yield Edge(_name(source), _name(cells.get("next", "")), _name(event), command, topic, number, service)


def _in_boxes(start: int, block: Sequence[str]) -> Iterator[Edge]:
    """The transitions between boxes one below the other, with labels at the arrows down and to the side."""
    here = label = aside = ""
    for number, line in enumerate(block, start + 1):
        box = re.search(r"\|\s*([A-Z]\w+)\s*\|", line)
        end = re.match(r"^\s*\[\s*([A-Z]\w+)\s*\]\s*$", line)
        down = re.match(r"^\s*\|\s*([A-Za-z][^|]*?)\s*$", line)
        beside = re.match(r"^\s*\+[-=+]+\+\s+(\w+)", line)
        if box or end:
            state = box[1] if box else end[1] if end else ""
            if here and label:
                yield _labelled(here, state, label, number)
            here, label = state, ""
            event, arrow, target = f"{aside} {line[box.end():] if box else ''}".partition("→")
            refused, led = re.search(r"[A-Za-z]\w+", event), re.search(r"\w+", target)
            if arrow and refused and led:
                yield Edge(here, led[0], refused[0], "", "", number)
            aside = ""
        elif down:
            label = down[1]
        aside = beside[1] if beside else aside


def _name(text: str) -> str:
    """The name in a label or a cell: its only word, or its first marked one."""
    bare = plain(text)
    word = re.match(r"[^\W\d_][\w.-]*", bare)
    return "" if word is None or is_nothing(bare) else word[0]


def _told(lines: Sequence[str]) -> Iterator[list[Edge]]:
    """The transitions of lines that stand together, each with a state and an event before the arrow, and what follows behind."""
    block: list[tuple[int, list[str], list[str]]] = []
    for number, line in enumerate([*lines, ""], 1):
        before, arrow, behind = line.partition("→")
        left, right = _NAME.findall(before), _NAME.findall(behind)
        if arrow and left and right and "|" not in line and "→" not in behind:
            block.append((number, left, right))
        elif not arrow:
            if len(block) >= _FEWEST:
                yield list(_transitions(block))
            block = []


def _transitions(block: Sequence[tuple[int, list[str], list[str]]]) -> Iterator[Edge]:
    targets = {right[0] for _, _, right in block}
    for number, left, right in block:
        source = next((name for name in left if name in targets), None)
        source = source or next((name for name in left if not is_event(name)), left[0])
        event = next((name for name in left if name != source), "")
        for command in [name for name in right[1:] if not is_event(name)] or [""]:
            yield Edge(source, right[0], event, command, "", number)
