"""Whether what a sequence diagram draws is on the way forward or on the way back."""

import re

from saga_scaffold.architecture.evidence.tokens import is_event, says_failure

_TURNS_BACK = re.compile(
    r"^\s*(?:note\b.*|rect\b.*|else\b.*|alt\b.*|opt\b.*|break\b.*)(?:compensat|rollback|undo|kompens|annul)",
    re.IGNORECASE,
)
_BRANCHES = re.compile(r"^\s*(?:alt|opt|break)\b", re.IGNORECASE)
_ENDS = re.compile(r"^\s*end\b", re.IGNORECASE)
_CLOSES = re.compile(r"^\s*(?:end|else)\b", re.IGNORECASE)


class Course:
    """The way that one diagram has taken so far: it turns back where that is said, and behind a refusal."""

    def __init__(self, answers: dict[str, str]) -> None:
        """`answers` keeps across the diagrams of a document what each command was answered with first."""
        self._answers = answers
        self._said = self._branching = False
        self._refused_by = ""
        self._asked: dict[str, str] = {}
        self._done: set[str] = set()

    @property
    def is_back(self) -> bool:
        """Whether a message that comes now is on the way back."""
        return self._said or bool(self._refused_by)

    def read(self, line: str) -> None:
        """Takes notice of a line that is no message."""
        self._said = self._said or bool(_TURNS_BACK.match(line))
        self._refused_by = "" if _CLOSES.match(line) else self._refused_by
        self._branching = (self._branching or bool(_BRANCHES.match(line))) and not _ENDS.match(line)

    def pass_on(self, sender: str, receiver: str, name: str) -> None:
        """Takes notice of a message; a refusal beside a success of the same command, outside a branch, turns nothing back."""
        asked = self._asked.get(sender, "")
        if is_event(name) and (says_failure(name, asked) or self._answers_otherwise(asked, name)):
            if self._branching or sender not in self._done:
                self._refused_by = self._refused_by or sender
        elif is_event(name):
            self._done.add(sender)
            self._answers.setdefault(asked, name)
            self._refused_by = "" if self._refused_by == sender and not self._branching else self._refused_by
        else:
            self._done.discard(receiver)
        self._asked[receiver] = name

    def _answers_otherwise(self, asked: str, name: str) -> bool:
        """Whether a command that an earlier diagram has answered well is answered with something else here."""
        return not self._done and self._answers.get(asked, name) != name
