"""Who supplies which field, and what is known when a step or its undo runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from saga_scaffold.spec.field_type import FieldType, parse_type
from saga_scaffold.spec.graph import Ancestors, ancestors
from saga_scaffold.spec.model import SagaSpec, Step

INPUT = "input"


@dataclass(frozen=True)
class Known:
    """A field at some point of the saga. Not `sure`: its step may have been skipped, or may not have answered yet."""

    name: str
    declared: FieldType
    supplier: str
    sure: bool = True

    @property
    def type(self) -> FieldType:
        """The type of the field in a message: optional where its value may be absent."""
        return self.declared if self.sure else replace(self.declared, optional=True)


def suppliers(spec: SagaSpec) -> Iterator[tuple[str, str, str]]:
    """Every declaration of a field: its supplier (`input` or a step id), its name and its type as written."""
    for name, type_ in spec.input.items():
        yield INPUT, name, type_
    for step in spec.steps:
        for name, type_ in step.gives.items():
            yield step.id, name, type_


def fields_before(spec: SagaSpec, step: Step, before: Ancestors | None = None) -> Mapping[str, Known]:
    """What is known when the step starts: the input, and what the steps before it gave; of a sound spec."""
    settled = (before or ancestors(spec))[step.id]
    known = {name: Known(name, parse_type(type_), INPUT) for name, type_ in spec.input.items()}
    for earlier in spec.steps:
        if earlier.id in settled:
            known |= _given(earlier, sure=earlier.when is None)
    return known


def fields_before_undo(spec: SagaSpec, step: Step, before: Ancestors | None = None) -> Mapping[str, Known]:
    """What is known when the step is undone: the same, and what itself gave, if its answer came in time."""
    return {**fields_before(spec, step, before), **_given(step, sure=False)}


def command_fields(spec: SagaSpec, step: Step) -> Mapping[str, FieldType]:
    """The fields of the step's command with their types, in the order of `takes`."""
    known = fields_before(spec, step)
    return {name: known[name].type for name in step.takes}


def undo_fields(spec: SagaSpec, step: Step) -> Mapping[str, FieldType]:
    """The fields of the step's undo command with their types, in the order of `takes`; empty where there is none."""
    known = fields_before_undo(spec, step)
    return {name: known[name].type for name in (step.compensation.takes if step.compensation else ())}


def event_fields(step: Step) -> Mapping[str, FieldType]:
    """The fields of the step's success event with their types."""
    return {name: parse_type(type_) for name, type_ in step.gives.items()}


def _given(step: Step, sure: bool) -> dict[str, Known]:
    return {name: Known(name, parse_type(type_), step.id, sure) for name, type_ in step.gives.items()}
