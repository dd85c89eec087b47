"""What becomes of each file: decided for all of them before one is written."""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from saga_scaffold.project.tidy import format_python
from saga_scaffold.project.tree import Tree
from saga_scaffold.regenerate.journal import PROPOSED
from saga_scaffold.regenerate.layout import Layout
from saga_scaffold.regenerate.lines import Merged, NoGit, conflict, merge_lines
from saga_scaffold.regenerate.python import CannotSplit, Renames, merge_python


class Verdict(StrEnum):
    """What happens to a file."""

    CREATED = "created"
    UPDATED = "updated"
    KEPT = "kept"
    MERGED = "merged"
    CONFLICT = "conflict"
    REMOVED = "removed"
    PROPOSED = "proposed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Row:
    """One file: what happens, why, and the text that is written; None where nothing is, or where it is removed."""

    path: PurePosixPath
    verdict: Verdict
    why: str
    text: str | None = None
    conflicts: int = 0

    @property
    def needs_a_person(self) -> bool:
        """Whether the owner has to decide something."""
        return self.verdict in {Verdict.CONFLICT, Verdict.PROPOSED}


@dataclass(frozen=True)
class Versions:
    """The project three times: as generated before, as it is, as generated now; and files whose record does not fit."""

    base: Tree
    yours: Tree
    now: Tree
    doubtful: frozenset[PurePosixPath]
    renames: Renames
    copies: Renames


def rows(versions: Versions) -> tuple[Row, ...]:
    """A row for every file that was or is generated, by path."""
    paths = sorted({*versions.base, *versions.now, *versions.doubtful})
    return tuple(_row(versions, path) for path in paths)


def _row(versions: Versions, path: PurePosixPath) -> Row:
    """Compared without the owner's line ends and byte order mark; what is written has them again."""
    layout = Layout.of(versions.yours.get(path, ""))
    row = _decided(versions, path, layout)
    if row.path != path or row.text is None:
        return row
    return replace(row, text=layout.given(row.text))


def _decided(versions: Versions, path: PurePosixPath, layout: Layout) -> Row:
    base, yours, now = (tree.get(path) for tree in (versions.base, versions.yours, versions.now))
    yours = yours if yours is None else layout.taken(yours)
    if yours == now:
        return Row(path, Verdict.UNCHANGED, "is as it would be generated" if now is not None else "is gone already")
    if base is None:
        return _unrecorded(path, yours, now)
    if now is None:
        return _dropped(path, base, yours)
    if yours is None:
        return _deleted(path, base, now)
    if yours == base:
        return Row(path, Verdict.UPDATED, "you had not changed it", now)
    if now == base:
        return Row(path, Verdict.KEPT, "you changed it, the generator did not")
    return _merged(versions, path, base, yours, now)


def _unrecorded(path: PurePosixPath, yours: str | None, now: str | None) -> Row:
    if now is None:
        return Row(path, Verdict.KEPT, "it is yours")
    if yours is None:
        return Row(path, Verdict.CREATED, "it is new", now)
    return _proposal(path, "a file of yours is in its place", now)


def _proposal(path: PurePosixPath, why: str, now: str) -> Row:
    return Row(path.with_name(path.name + PROPOSED), Verdict.PROPOSED, why, now)


def _dropped(path: PurePosixPath, base: str, yours: str | None) -> Row:
    if yours == base:
        return Row(path, Verdict.REMOVED, "it is not generated any more")
    return Row(
        path, Verdict.KEPT, "it is not generated any more, but you changed it: delete it when you do not need it"
    )


def _deleted(path: PurePosixPath, base: str, now: str) -> Row:
    if base == now:
        return Row(path, Verdict.KEPT, "you deleted it")
    return _proposal(path, "you deleted it, and the generator changed it", now)


def _merged(versions: Versions, path: PurePosixPath, base: str, yours: str, now: str) -> Row:
    if path.suffix == ".py" and _same_python(base, yours):
        return Row(path, Verdict.UPDATED, "you had changed its layout alone", now)
    try:
        merged = _three_ways(versions, path, base, yours, now)
    except NoGit:
        return _proposal(path, "both changed it, and there is no git that can merge it line by line", now)
    if merged.conflicts:
        places = f"{merged.conflicts} place{'s' if merged.conflicts != 1 else ''}"
        return Row(path, Verdict.CONFLICT, f"both changed the same: {places} to decide", merged.text, merged.conflicts)
    if merged.text == yours:
        return Row(path, Verdict.KEPT, "you changed it, and what the generator changed is there already")
    return Row(path, Verdict.MERGED, "both changed it, in different places", merged.text)


def _three_ways(versions: Versions, path: PurePosixPath, base: str, yours: str, now: str) -> Merged:
    if path.suffix != ".py":
        return merge_lines(base, yours, now)
    try:
        merged = merge_python(base, yours, now, versions.renames, versions.copies)
    except CannotSplit:
        return _whole(base, yours, now) if _compiles(yours) else merge_lines(base, yours, now)
    return merged if merged.conflicts or _compiles(merged.text) else _whole(base, yours, now)


def _whole(base: str, yours: str, now: str) -> Merged:
    """By lines; what is free of conflicts there must compile too, or the whole of it is one."""
    merged = merge_lines(base, yours, now)
    return merged if merged.conflicts or _compiles(merged.text) else Merged(conflict(base, yours, now), 1)


def _same_python(one: str, other: str) -> bool:
    try:
        return format_python(one) == format_python(other)
    except Exception:  # not Python, or odd input: then it is compared as it stands
        return False


def _compiles(text: str) -> bool:
    try:
        compile(text, "<merged>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
