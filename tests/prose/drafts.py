"""What the tests look at in a draft: short words for its parts."""

from textwrap import dedent

from saga_scaffold.architect.prose.read import read_prose
from saga_scaffold.architecture.draft import SagaDraft


def read(text: str) -> SagaDraft:
    return read_prose(dedent(text).strip("\n"))


def actions(text: str) -> list[str | None]:
    return [step.action for step in read(text).steps]


def services(text: str) -> list[str | None]:
    return [step.service for step in read(text).steps]


def undos(text: str) -> list[str | None]:
    return [step.undo.action if step.undo else None for step in read(text).steps]


def kinds(text: str) -> list[str | None]:
    return [step.kind for step in read(text).steps]


def after(text: str) -> list[tuple[int, ...] | None]:
    return [step.after for step in read(text).steps]
