"""A saga.yaml read and checked in one go: what `check` finds, with the lines that it is about."""

from typing import NamedTuple

from saga_scaffold.errors import Finding, Severity
from saga_scaffold.spec.check import check
from saga_scaffold.spec.load import load, locate
from saga_scaffold.spec.model import SagaSpec


class Checked(NamedTuple):
    """A spec, and the errors of the rules that it breaks."""

    spec: SagaSpec
    errors: tuple[Finding, ...]


def check_text(text: str, file: str) -> Checked:
    """The saga in the text. Raises `Refused` where it cannot be read as one."""
    spec, document = load(text, file)
    found = locate(check(spec), document)
    return Checked(spec, tuple(one for one in found if one.severity is Severity.ERROR))
