"""The barrier's decision: what a command of some phase means for a step that its participant knows in some state.

Rows of the table are states of the barrier row, columns are phases. `None` is a step that was never heard of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

State = Literal["started", "ok", "undoing", "refused", "undone", "tombstone", "kept"]
Outcome = Literal["ok", "refused", "undone"]


class Call(Enum):
    """A handler is called; its answer changes the row."""

    DO = "do"
    UNDO = "undo"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer without a call. The row becomes `becomes`, where given; with `stored` the row's own words go along."""

    outcome: Outcome
    becomes: State | None = None
    stored: bool = False


Move = Call | Reply

_REFUSED, _STORED_REFUSAL = Reply("refused"), Reply("refused", stored=True)
_OK = Reply("ok", stored=True)
_NOTHING_DONE, _UNDONE = Reply("undone"), Reply("undone", stored=True)

MATRIX: Mapping[str | None, Mapping[str, Move]] = {
    None: {
        "do": Call.DO,
        "undo": Reply("undone", becomes="tombstone"),
        "resolve": Reply("refused", becomes="tombstone"),
        "close": Reply("refused", becomes="tombstone"),
    },
    "started": {"do": Call.DO, "undo": Call.FIND, "resolve": Call.FIND, "close": Call.FIND},
    "ok": {"do": _OK, "undo": Call.UNDO, "resolve": _OK, "close": Reply("ok", becomes="kept", stored=True)},
    "undoing": {"do": _REFUSED, "undo": Call.UNDO, "resolve": Call.UNDO, "close": Call.UNDO},
    "refused": {"do": _STORED_REFUSAL, "undo": _NOTHING_DONE, "resolve": _STORED_REFUSAL, "close": _STORED_REFUSAL},
    "undone": {"do": _REFUSED, "undo": _UNDONE, "resolve": _REFUSED, "close": _REFUSED},
    "tombstone": {"do": _REFUSED, "undo": _NOTHING_DONE, "resolve": _REFUSED, "close": _REFUSED},
    "kept": {"do": _OK, "undo": _NOTHING_DONE, "resolve": _OK, "close": _OK},
}


def next_move(state: str | None, phase: str) -> Move:
    """What to do about a command of that phase. Raises `KeyError` for a state or phase that there is not."""
    return MATRIX[state][phase]
