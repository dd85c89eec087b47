"""What a user can fix: one exception, and findings that are gathered and shown together."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Exit(IntEnum):
    """The statuses with which every command ends."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    SMOKE = 3
    INTERRUPTED = 130


class Severity(StrEnum):
    """An error stops generation; a warning is shown and generation goes on."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Place:
    """Where in which text; lines and columns count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True)
class Finding:
    """One problem of an input: which rule, where, what is wrong, what to do.

    `path` names the value inside the spec (`steps.reserve-inventory.takes`), `place` its position in a text.
    """

    rule: str
    path: str
    problem: str
    hint: str
    severity: Severity = Severity.ERROR
    place: Place | None = None


class ScaffoldError(Exception):
    """A problem that the user can fix. Raised at the edges, caught once, in `cli.py`."""

    def __init__(self, problem: str, hint: str, *, place: Place | None = None, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.place = place
        self.exit_code = exit_code


class Refused(ScaffoldError):
    """An input with findings that stop generation; all of them are shown."""

    def __init__(self, findings: tuple[Finding, ...], *, exit_code: Exit = Exit.USAGE) -> None:
        first = findings[0]
        super().__init__(first.problem, first.hint, place=first.place, exit_code=exit_code)
        self.findings = findings
