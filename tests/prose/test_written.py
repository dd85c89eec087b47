"""Workflows of our own, in other trades than those of the corpus: what each states is found, and nothing more."""

from pathlib import Path
from typing import Any
from unicodedata import combining, normalize

import pytest
import yaml

from saga_scaffold.architect.offline import design
from saga_scaffold.architect.prose.stems import likeness, stems
from saga_scaffold.spec.model import SagaSpec

CASES = sorted((Path(__file__).parents[1] / "corpus" / "written").glob("*.txt"))


@pytest.fixture(scope="module", params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> tuple[SagaSpec, list[dict[str, Any]]]:
    path: Path = request.param
    truth = yaml.safe_load(path.with_suffix(".truth.yaml").read_text(encoding="utf-8"))
    return design(path.read_text(encoding="utf-8"), "demo").spec, truth["steps"]


def families(phrase: str) -> frozenset[str]:
    """The families of the words of a phrase, accents left out as names leave them out."""
    return stems("".join(letter for letter in normalize("NFD", phrase) if not combining(letter)))


def test_its_steps_are_those_of_the_text(case: tuple[SagaSpec, list[dict[str, Any]]]) -> None:
    spec, truth = case

    assert len(spec.steps) == len(truth)
    for step, told in zip(spec.steps, truth, strict=True):
        assert likeness(families(told["action"]), families(step.title)) >= 0.6, step.title
        if told["service"]:
            assert families(told["service"]) <= families(f"{spec.contexts[step.context].title} {step.context}")


def test_its_undos_are_stated_or_marked(case: tuple[SagaSpec, list[dict[str, Any]]]) -> None:
    spec, truth = case

    for step, told in zip(spec.steps, truth, strict=True):
        assumed = f"steps.{step.id}.undo" in spec.assumed
        if told["compensation"]:
            assert step.compensation is not None
            assert families(told["compensation"]) & families(step.compensation.command.name)
            assert not assumed
        else:
            assert step.compensation is None or assumed


def test_its_kinds_orders_and_limits_are_those_of_the_text(case: tuple[SagaSpec, list[dict[str, Any]]]) -> None:
    spec, truth = case
    ids = [step.id for step in spec.steps]

    for step, told in zip(spec.steps, truth, strict=True):
        if "kind" in told:
            assert step.kind.value == told["kind"]
        if "after" in told:
            assert sorted(step.after) == sorted(ids[index] for index in told["after"])
        if "attempts" in told:
            assert step.retry.attempts == told["attempts"]
        if "seconds" in told:
            assert step.timeout.total_seconds() == told["seconds"]
        assert (step.when is not None) == bool(told.get("condition"))
