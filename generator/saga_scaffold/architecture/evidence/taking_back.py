"""Which step a command takes back, by what it is about and by its verb."""

from collections.abc import Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.stems import about_the_same
from saga_scaffold.language.verb_table import UNDONE_BY
from saga_scaffold.language.verbs import usual_undo
from saga_scaffold.spec import naming

_UNDOING = frozenset({undo.split()[0] for undo in UNDONE_BY.values()}) - {
    "close",
    "open",
    "release",
    "charge",
    "reserve",
    "deliver",
    "restore",
    "return",
    "stop",
    "start",
    "credit",
    "debit",
    "discharge",
    "lock",
    "unlock",
    "block",
    "sell",
} | {"cancel", "refund", "void", "revert", "undo", "release"}


def taken_back_by(name: str, backward: bool, steps: Sequence[Found]) -> Found | None:
    """The step that the command takes back: it is about the same, and its verb is one that undoes."""
    words = [word.lower() for word in naming.words(name)]
    if not words:
        return None
    exact = [step for step in steps if usual_undo(step.title.split()[0]) == words[0] and "undo" not in step.said]
    for step in [*exact, *reversed(steps)]:
        doing = step.title.split()[0]
        undoes = backward or words[0] in _UNDOING or usual_undo(doing) == words[0]
        if undoes and "undo" not in step.said and about_the_same(name, step.title) and words[0] != doing:
            return step
    return None
