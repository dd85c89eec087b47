"""The JSON Schema of saga.yaml says what the reader takes, and explains every key."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from properties import examples

from saga_scaffold.errors import Refused
from saga_scaffold.spec.document import read_document
from saga_scaffold.spec.dump import dump_spec
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.schema import json_schema

from .example import ORDER
from .json_schema import problems
from .sagas import saga, step
from .test_dump import specs

SCHEMA = json_schema()


def refused(text: str) -> list[str]:
    return list(problems(SCHEMA, read_document(text, "saga.yaml").value))


def test_the_example_is_valid() -> None:
    assert refused(ORDER) == []


def test_what_is_written_is_valid() -> None:
    assert refused(dump_spec(load_spec(ORDER, "saga.yaml"))) == []
    assert refused(dump_spec(saga(step(), step("pay", undo="none", because="x")))) == []


def test_what_design_prints_is_valid() -> None:
    full = load_spec(ORDER, "saga.yaml").model_dump(mode="json")
    assert [problem for problem in problems(SCHEMA, full) if "/input" not in problem] == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("deadline: 24h", "deadline: soon", "/deadline: pattern"),
        ("deadline: 24h", "deadlines: 24h", ": additionalProperties"),
        ("kind: pivot", "kind: pivotal", "/steps/2: $ref"),
        ("shards: 16", "shards: 0", "/event_store: $ref"),
        ("sku: string", "sku: text", "/input/sku: pattern"),
        ("sku: string", "SKU: string", "/input: propertyNames"),
        ("id: process-payment", "id: Process Payment", "/steps/1: $ref"),
        ("undo: none", "undo: nothing", "/steps/2: $ref"),
        ("    command: DeductPoints\n", "", "/steps/3: $ref"),
    ],
)
def test_what_the_reader_refuses_is_invalid(before: str, after: str, told: str) -> None:
    assert before in ORDER
    found = refused(ORDER.replace(before, after, 1))
    assert found
    assert any(one.startswith(told) for one in found)


@examples(100)
@given(specs)
def test_what_is_valid_can_be_read(spec: SagaSpec) -> None:
    text = dump_spec(spec)
    if not refused(text):
        try:
            load_spec(text, "saga.yaml")
        except Refused as error:
            pytest.fail(f"valid, but refused: {error.problem}")


def test_every_key_is_explained_by_words_and_an_example() -> None:
    assert [path for path, key in _keys(SCHEMA, "") if not key.get("description")] == []
    assert [path for path, key in _keys(SCHEMA, "") if not key.get("examples")] == []


def test_durations_are_shown_as_one_writes_them() -> None:
    assert SCHEMA["properties"]["deadline"]["default"] == "24h"
    assert SCHEMA["$defs"]["Step"]["properties"]["timeout"]["default"] == "30s"


def _keys(schema: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for one in schema:
            yield from _keys(one, path)
    if isinstance(schema, dict):
        for name, key in schema.get("properties", {}).items():
            yield f"{path}/{name}", key
        for name, one in schema.get("$defs", {}).items():
            yield from _keys(one, name)
        yield from _keys(schema.get("anyOf"), path)
