"""What is written is read again as the very same saga."""

from pathlib import Path

import pytest
from hypothesis import given
from project.sagas import EITHER_OR, LATER, ONE_STEP, PARALLEL
from properties import examples
from spec.example import ORDER
from spec.fitting import fit, truths
from strategies import sagas

from saga_scaffold.architect.offline import design
from saga_scaffold.architecture.read import looks_like_architecture, read_architecture
from saga_scaffold.architecture.write import write_architecture
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec


def read_again(spec: SagaSpec) -> SagaSpec:
    return read_architecture(write_architecture(spec), "architecture.md", "").spec


@examples(150)
@given(spec=sagas())
def test_any_saga_is_read_as_it_was_written(spec: SagaSpec) -> None:
    assert read_again(spec) == spec


@pytest.mark.parametrize("name", truths())
def test_every_saga_of_the_corpus_is_read_as_it_was_written(name: str) -> None:
    spec = fit(truths()[name])

    assert read_again(spec) == spec


@pytest.mark.parametrize("text", [ORDER, ONE_STEP, PARALLEL, EITHER_OR, LATER])
def test_the_written_form_is_recognised_as_an_architecture(text: str) -> None:
    assert looks_like_architecture(write_architecture(load_spec(text, "saga.yaml")))


def test_topics_and_compensating_actions_are_bold_and_nothing_comes_before() -> None:
    written = write_architecture(load_spec(ORDER, "saga.yaml"))

    assert written.startswith("# Order fulfillment\n\n## 1. ")
    assert "- **Command topic**: **`inventory.commands`**\n" in written
    assert "- **Event topic**: **`inventory.events`**\n" in written
    assert "- **Compensating action**: **`ReleaseInventory`**\n" in written
    assert "- Partition key: `saga_id`\n" in written
    assert "- *Proposed:* Late replies are ignored, and counted.\n" in written


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "corpus").glob("*/*.txt")), ids=lambda one: one.stem
)
def test_every_designed_workflow_is_read_as_it_was_written(path: Path) -> None:
    spec = design(path.read_text(encoding="utf-8"), "demo").spec

    assert read_again(spec) == spec


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "corpus").glob("*/*.md")), ids=lambda one: one.stem
)
def test_every_document_is_read_again_as_it_was_understood(path: Path) -> None:
    spec = read_architecture(path.read_text(encoding="utf-8"), path.name, "demo").spec

    assert read_again(spec) == spec
