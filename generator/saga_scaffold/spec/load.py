"""saga.yaml in, spec out: every value that does not fit is shown with its line, all of them at once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from pydantic import ValidationError

from saga_scaffold.errors import Finding, Place, Refused
from saga_scaffold.spec.document import Document, read_document
from saga_scaffold.spec.explain import explain
from saga_scaffold.spec.model import SagaSpec


class Loaded(NamedTuple):
    """A spec and the document that it was read from."""

    spec: SagaSpec
    document: Document


def load_spec(text: str, file: str) -> SagaSpec:
    """The spec in the text of a saga.yaml; raises `Refused` with every problem and its line and column."""
    return load(text, file).spec


def load(text: str, file: str) -> Loaded:
    """Like `load_spec`, with the document, so that `locate` can place later findings."""
    document = read_document(text, file)
    if not isinstance(document.value, dict):
        place = Place(file, 1, 1)
        raise Refused((Finding("shape", "", "the file is not a saga", "start it with `saga: a-name`", place=place),))
    try:
        return Loaded(SagaSpec.model_validate(document.value), document)
    except ValidationError as error:
        raise Refused(locate(explain(error, document), document)) from None


def locate(findings: Iterable[Finding], document: Document) -> tuple[Finding, ...]:
    """The findings of `check` with the places of their values, in the order of the file."""
    placed = [replace(finding, place=finding.place or document.find(finding.path)) for finding in findings]
    return tuple(sorted(placed, key=lambda one: (one.place.line or 0, one.place.column or 0) if one.place else (0, 0)))
