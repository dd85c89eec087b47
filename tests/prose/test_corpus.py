"""Real workflows of many hands: each becomes a spec that `check` accepts, what no text states is marked."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from saga_scaffold.architect.offline import design
from saga_scaffold.errors import Severity
from saga_scaffold.spec.check import check
from saga_scaffold.spec.model import SagaSpec

CORPUS = Path(__file__).parents[1] / "corpus" / "workflows"
TEXTS = sorted(CORPUS.glob("*.txt"))


@pytest.fixture(scope="module", params=TEXTS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@cache
def spec_of(path: Path) -> SagaSpec:
    return design(path.read_text(encoding="utf-8"), "demo").spec


def test_every_workflow_becomes_a_spec_that_check_accepts(path: Path) -> None:
    assert [one for one in check(spec_of(path)) if one.severity is Severity.ERROR] == []


def test_every_workflow_has_as_many_steps_as_its_author_meant(path: Path) -> None:
    truth = yaml.safe_load(path.with_suffix(".truth.yaml").read_text(encoding="utf-8"))

    assert len(spec_of(path).steps) == len(truth["steps"])


def test_an_undo_that_no_text_states_is_marked_as_assumed(path: Path) -> None:
    truth = yaml.safe_load(path.with_suffix(".truth.yaml").read_text(encoding="utf-8"))
    spec = spec_of(path)

    for step, told in zip(spec.steps, truth["steps"], strict=True):
        if step.compensation is not None and not told.get("compensation"):
            assert any(one.startswith(f"steps.{step.id}.undo") for one in spec.assumed)
        if told.get("compensation"):
            assert step.compensation is not None
            assert f"steps.{step.id}.undo" not in spec.assumed


def test_the_first_workflow_of_all() -> None:
    spec = spec_of(CORPUS / "original-test-case.txt")

    assert [step.id for step in spec.steps] == [
        "reserve-inventory",
        "process-payment",
        "schedule-freight-shipping",
        "deduct-loyalty-points",
    ]
    assert list(spec.contexts) == ["inventory", "payment", "logistics", "crm"]
    assert [step.compensation.command.name for step in spec.steps if step.compensation] == [
        "ReleaseInventory",
        "RefundPayment",
        "CancelFreightShipping",
        "RestoreLoyaltyPoints",
    ]
    assert {one for one in spec.assumed if one.endswith(".undo")} == {
        "steps.schedule-freight-shipping.undo",
        "steps.deduct-loyalty-points.undo",
    }
