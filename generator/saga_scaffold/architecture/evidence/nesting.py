"""What stands below a label: `Command:` below `Compensating action:`, and bare names below `Publishes`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.titles import kind_in

_BELOW = {
    "undo": {
        "command": "undo",
        "action": "undo",
        "topic": "undo topic",
        "command topic": "undo topic",
        "event topic": "undo event",
        "success topic": "undo event",
        "success": "undo event",
        "events": "undo event",
        "state": "undo state",
        "failure": "note",
        "timeout": "note",
        "retries": "note",
        "attempts": "note",
    },
    "success": {
        "topic": "success topic",
        "command topic": "success topic",
        "event topic": "success topic",
        "events": "success",
    },
    "failure": {
        "topic": "failure topic",
        "command topic": "failure topic",
        "event topic": "failure topic",
        "events": "failure",
    },
    "events": {"topic": "event topic", "command topic": "event topic"},
}
_NAMES_BELOW = {"command": "command", "command topic": "command", "events": "events", "event topic": "events"}
_NAME = re.compile(r"^\s*[-*+]\s+[*`]+(?P<name>[\w.-]+)[*`]+\s*(?P<aside>\([^()]*\))?\s*(?:$|[-–—:,;].*)")


@dataclass
class Nesting:
    """The labels of one group so far: how deep they begin, and which of them still have others below."""

    first: int | None = None
    _open: list[tuple[int, str]] = field(default_factory=list)

    def ends(self, line: str) -> bool:
        """Whether the line stands less deep than the labels of the group, so that it is about something else."""
        return self.first is not None and _indent(line) < self.first

    def told(self, line: str, labelled: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """The labels of a line under the roles that they have where they stand."""
        indent = _indent(line)
        self._open = [(depth, role) for depth, role in self._open if depth < indent]
        above = self._open[-1][1] if self._open else ""
        name = _NAME.match(line) if above in _NAMES_BELOW else None
        if name:
            yield _aside_role(_NAMES_BELOW[above], name["aside"] or ""), f"`{name['name']}`"
            yield "kind", kind_in(name["aside"] or "")
            return
        for role, text in labelled:
            self.first = indent if self.first is None else self.first
            here = _BELOW.get(above, {}).get(role, role)
            self._open.append((indent, here))
            yield here, text


def _aside_role(role: str, aside: str) -> str:
    """The role of a name by what stands behind it in parentheses: `(compensating)`, `(failure)`."""
    said = next((one for part in re.split(r"[,;()]", aside) if (one := role_of(part))), role)
    if said == "undo" and role == "events":
        return "undo event"
    return said if said in {"undo", "success", "failure", "undo event", "command"} else role


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
