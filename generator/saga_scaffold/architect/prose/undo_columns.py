"""Lines that put a step and its undo side by side: `copy the database / drop the copy`."""

import re
from collections.abc import Iterator

from saga_scaffold.architect.prose.actions import item
from saga_scaffold.architect.prose.matching import LEAST, fit
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.signs import NONE, UNDOING
from saga_scaffold.architect.prose.stems import stems

_SEPARATORS = (" / ", " | ", " ; ", " -> ", " - ", " > ")
_MARK = re.compile(r"^\s*(?:[-*•+]|\(?\d{1,2}[.)]|[A-Z]\d{1,3}:)?\s*")


def with_undos_marked(text: str) -> str:
    """The text with `; undo: ` between the steps and the undos that stand side by side."""
    lines = text.split("\n")
    for run in _runs(lines):
        separator = next((one for one in _SEPARATORS if _pairs_up([lines[index] for index in run], one)), None)
        if separator:
            for index in run:
                left, found, right = lines[index].partition(separator)
                lines[index] = f"{left}; undo: {right}" if found else lines[index]
    return "\n".join(lines)


def _runs(lines: list[str]) -> Iterator[list[int]]:
    """The indexes of lines without an empty one between them, two at least."""
    run: list[int] = []
    for index, line in enumerate([*lines, ""]):
        if line.strip() and len(line) < 200:
            run.append(index)
            continue
        yield from [run] if 1 < len(run) <= 100 else []
        run = []


def _pairs_up(lines: list[str], separator: str) -> bool:
    """Whether most of the lines have that separator once, and behind it what takes back the part in front."""
    cut = [_MARK.sub("", line, count=1).split(separator) for line in lines]
    two = [parts for parts in cut if len(parts) == 2 and not UNDOING.search(parts[1])]
    if len(two) < 2 or len(two) < 0.3 * len(lines) or any(len(parts) > 2 for parts in cut):
        return False
    told = [parts for parts in two if not NONE.match(parts[1])]
    return sum(undoes(parts[1], parts[0]) for parts in told) > 0.6 * len(told) if told else False


def undoes(undo: str, doing: str) -> bool:
    """Whether the first action takes back the second: `drop the copy` after `copy the database`."""
    told, done = item(undo), item(doing)
    if told is None or done is None or not told.verb or not done.verb:
        return False
    if told.verb == done.verb and stems(told.thing) == stems(done.thing):
        return False
    return fit(told, Seen(done, doing, 0, 0)) >= LEAST
