"""Three versions of a text, merged line by line by `git merge-file`."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

YOURS, BEFORE, NOW = "your code", "generated before", "generated now"
OPENING, ORIGIN, MIDDLE, CLOSING = f"<<<<<<< {YOURS}", f"||||||| {BEFORE}", "=======", f">>>>>>> {NOW}"
_FAILED = 128


class NoGit(Exception):
    """git is not there, or could not do it."""


@dataclass(frozen=True)
class Merged:
    """The text, and how many places of it need a decision."""

    text: str
    conflicts: int


def merge_lines(base: str, yours: str, now: str) -> Merged:
    """The merge, with conflicts between markers. Raises `NoGit`."""
    with tempfile.TemporaryDirectory(prefix="saga-scaffold-") as folder:
        files = [Path(folder, name) for name in ("yours", "base", "now")]
        for file, text in zip(files, (yours, base, now), strict=True):
            file.write_bytes(text.encode())
        labels = [argument for label in (YOURS, BEFORE, NOW) for argument in ("-L", label)]
        command = ["git", "merge-file", "-p", "--diff3", *labels, *map(str, files)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=folder)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise NoGit(str(problem)) from problem
    # The status is the number of conflicts, not whether there are some.
    if done.returncode < 0 or done.returncode >= _FAILED:
        raise NoGit(done.stderr.decode(errors="replace").strip())
    return Merged(done.stdout.decode(), done.returncode)


def conflict(base: str, yours: str, now: str) -> str:
    """Three texts between markers."""
    return f"{OPENING}\n{_ended(yours)}{ORIGIN}\n{_ended(base)}{MIDDLE}\n{_ended(now)}{CLOSING}\n"


def marked_lines(text: str) -> list[int]:
    """The number of the first line of every conflict; where its opening is gone, of what is left of it."""
    found, inside = [], False
    for number, line in enumerate(text.split("\n"), 1):
        mark = line.rstrip()
        if mark == OPENING or (mark in {ORIGIN, CLOSING} and not inside):
            found.append(number)
        inside = mark in {OPENING, ORIGIN} or (inside and mark != CLOSING)
    return found


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
