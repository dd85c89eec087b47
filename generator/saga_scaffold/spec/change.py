"""A difference between two specs as a value: what changed, and what it means for sagas that are already running."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Impact(IntEnum):
    """What a change means for running sagas; the greatest one counts."""

    SAFE = 0
    NEW_VERSION = 1
    BREAKING = 2

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


class Sort(StrEnum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One difference. `structure` when it is part of the definition; `instead` says what to do about a breaking one."""

    path: str
    sort: Sort
    before: str | None
    after: str | None
    impact: Impact = Impact.SAFE
    structure: bool = False
    why: str = ""
    instead: str = ""
    step: str | None = None


def safe(path: str, before: object, after: object, *, step: str | None = None, structure: bool = False) -> Change:
    """A value that running sagas do not depend on."""
    return Change(path, sort_of(before, after), _shown(before), _shown(after), Impact.SAFE, structure, step=step)


def new_version(path: str, before: object, after: object, why: str, *, step: str | None = None) -> Change:
    """A value that running sagas keep as it was when they started."""
    impact = Impact.NEW_VERSION
    return Change(path, sort_of(before, after), _shown(before), _shown(after), impact, True, why, step=step)


def breaking(path: str, before: object, after: object, why: str, instead: str, *, step: str | None = None) -> Change:
    """A value without which running sagas cannot go on."""
    impact = Impact.BREAKING
    return Change(path, sort_of(before, after), _shown(before), _shown(after), impact, True, why, instead, step)


def sort_of(before: object, after: object) -> Sort:
    """Added where there was nothing, removed where there is nothing."""
    if before is None or after is None:
        return Sort.ADDED if before is None else Sort.REMOVED
    return Sort.CHANGED


def _shown(value: object) -> str | None:
    if value is None:
        return None
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
