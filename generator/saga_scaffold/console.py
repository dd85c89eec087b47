"""The only module that prints: data to stdout; stages, findings and errors to stderr."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO, TextIOWrapper
from typing import Any

from saga_scaffold.errors import Finding, Refused, ScaffoldError, Severity

_STYLES = {"error": "1;31", "warning": "1;33", "hint": "1;36", "dim": "2", "good": "32", "bold": "1"}


def prepare() -> None:
    """Makes the outputs take any text: a closed one swallows it, files and pipes get UTF-8, a terminal what it can."""
    sys.stdout, sys.stderr = sys.stdout or StringIO(), sys.stderr or StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def data(text: str) -> None:
    """What the command was asked for. Raises `ScaffoldError` where standard output takes no more."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer would be tried again when the process ends, and told with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        what = (error.strerror or str(error)).lower()
        raise ScaffoldError(f"cannot write to standard output: {what}", "send it elsewhere, or make room") from None


def document(payload: dict[str, Any]) -> None:
    """A versioned JSON document on stdout."""
    data(json.dumps(payload, indent=2, ensure_ascii=False))


def say(text: str = "") -> None:
    """A line for the person who watches."""
    sys.stderr.write(text + "\n")


def style(name: str, text: str) -> str:
    """`text` in a colour, where a terminal shows colours and nobody said NO_COLOR."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    return text if plain else f"\x1b[{_STYLES[name]}m{text}\x1b[0m"


def error(problem: ScaffoldError) -> None:
    """`error:` what is wrong and where, a blank line, `hint:` what to do; for each finding."""
    if isinstance(problem, Refused):
        findings(problem.findings)
        return
    _trouble("error", f"{problem.place}: {problem.problem}" if problem.place else problem.problem, problem.hint)


def findings(found: Iterable[Finding]) -> None:
    """Every finding with its place and hint, errors first."""
    for finding in sorted(found, key=lambda f: f.severity is not Severity.ERROR):
        where = str(finding.place) if finding.place else finding.path
        _trouble(finding.severity.value, f"{where}: {finding.problem}" if where else finding.problem, finding.hint)


def _trouble(word: str, problem: str, hint: str) -> None:
    say(f"{style(word, word + ':')} {problem}")
    say()
    say(f"{style('hint', 'hint:')} {hint}")


def printable(text: str) -> str:
    """Text from elsewhere without what would steer a terminal."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)


class Progress:
    """Tells each stage and its time; keeps the times, in seconds, for the report."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.times: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator["Note"]:
        """Times the block and prints `name`, what it noted and how long it took."""
        note = Note()
        started = time.perf_counter()
        with self._spinner(name):
            yield note
        self.times[name] = time.perf_counter() - started
        if not self.quiet:
            say(f"  {style('good', f'{name:<10}')} {note.text:<52} {style('dim', spell(self.times[name]))}")

    @contextmanager
    def live(self, name: str) -> Iterator["Note"]:
        """A part of a stage that tells itself while it goes on; what it noted last is printed when it ends."""
        note = Note()
        yield note
        self.streamed("\n")
        if note.text:
            self.told(f"{name}: {note.text}")

    def told(self, text: str) -> None:
        """A line about the stage that is on."""
        if not self.quiet:
            say(f"  {style('dim', text)}")

    def streamed(self, piece: str) -> None:
        """A piece of a text as it arrives; only a terminal shows it."""
        if not self.quiet and sys.stderr.isatty():
            sys.stderr.write(style("dim", printable(piece)))
            sys.stderr.flush()

    @contextmanager
    def _spinner(self, name: str) -> Iterator[None]:
        if self.quiet or not sys.stderr.isatty() or name not in {"model", "install", "test"}:
            yield
            return
        from rich.console import Console

        with Console(stderr=True).status(f"{name} …"):
            yield


class Note:
    """What a stage wants to say of itself."""

    text = ""


def counted(number: int, noun: str) -> str:
    """`1 file` or `2 files`."""
    return f"{number} {noun}{'s' if number != 1 else ''}"


def spell(seconds: float) -> str:
    """`12 ms` or `3.4 s`."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
