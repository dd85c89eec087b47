"""What a text consists of: sentences, list items and tables, each below its heading."""

from dataclasses import dataclass, replace
from enum import Enum

from saga_scaffold.architect.prose.headings import Role


class Form(Enum):
    """How a passage stands in the text."""

    SENTENCE = "sentence"
    NUMBERED = "numbered"
    BULLET = "bullet"
    LINE = "line"


@dataclass(frozen=True)
class Passage:
    """A sentence or a list item. `block` counts lists and paragraphs; `lead` is the line that announces the list."""

    text: str
    role: Role
    form: Form
    block: int
    line: int
    lead: str = ""
    number: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its header and its rows as texts."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    role: Role
    line: int


@dataclass(frozen=True)
class Layout:
    """What a text consists of, in its order."""

    title: str | None
    passages: tuple[Passage, ...]
    tables: tuple[Table, ...]


def without_roles(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The passages whatever their headings say, such as `Acceptance criteria` above the steps themselves."""
    return tuple(one if one.role is Role.FORWARD else replace(one, role=Role.UNKNOWN) for one in passages)


MOST_PASSAGES = 1_000
MOST_STEPS = 250
LONGEST_PASSAGE = 4_000
