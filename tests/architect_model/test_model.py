"""The whole way: a workflow goes to a server, its answer comes back as a saga that `check` accepts."""

import json
from pathlib import Path
from typing import Any

import pytest

from architect_model.asking import KEY, Listener, settings
from architect_model.fake_server import Completion, error, serving
from saga_scaffold.architect.conversation import Hearing, Tokens
from saga_scaffold.architect.evaluate import evaluate, model_design, offline_design
from saga_scaffold.architect.model import design_with_model, model_name
from saga_scaffold.architect.prompt import bundled_prompt, load_prompt
from saga_scaffold.architect.settings import settings_from
from saga_scaffold.errors import ScaffoldError, Severity
from saga_scaffold.spec.check import check

DESIGN = (Path(__file__).parent / "answers" / "fulfillment.md").read_text()
WORKFLOW = bundled_prompt("saga-architect").cases[0].inputs["business_transaction_workflow"]


def facts() -> str:
    """An answer to the question for gaps that fills none."""
    return json.dumps({"input": [], "steps": []})


@pytest.mark.parametrize("stream", [True, False])
def test_a_workflow_becomes_a_saga_through_a_model(stream: bool) -> None:
    with serving(Completion(DESIGN), Completion(facts())) as server:
        answer = design_with_model(WORKFLOW, "fulfillment", settings(server.url, stream=stream))
        asked = server.received[0].body

    spec = answer.completed.spec
    assert asked["model"] == "gpt-6-luna"
    assert WORKFLOW in asked["messages"][1]["content"]
    assert [step.command.name for step in spec.steps] == [
        "ReserveInventory",
        "ProcessPayment",
        "ScheduleFreight",
        "DeductPoints",
    ]
    assert [step.compensation.command.name for step in spec.steps if step.compensation] == [
        "ReleaseInventory",
        "RefundPayment",
        "CancelFreight",
        "RestorePoints",
    ]
    assert spec.package == "fulfillment"
    assert answer.markdown == DESIGN
    assert answer.model == "fake-model-2026-01-01"
    assert not [found for found in check(spec) if found.severity is Severity.ERROR]


def test_the_form_that_the_prompt_dictates_leaves_no_gap_and_no_finding() -> None:
    with serving(Completion(DESIGN)) as server:
        answer = design_with_model(WORKFLOW, "fulfillment", settings(server.url))

        assert len(server.received) == 1
    assert answer.notes == ()
    assert answer.tokens == Tokens(1200, 340)
    assert [finding.problem for finding in answer.completed.findings] == []


def test_a_recorded_design_is_replayed_without_a_key_and_without_a_network(tmp_path: Path) -> None:
    with serving(Completion(DESIGN), Completion(facts())) as server:
        first = design_with_model(WORKFLOW, "fulfillment", settings(server.url, record=tmp_path))
    again = design_with_model(WORKFLOW, "fulfillment", settings_from({}, replay=tmp_path))

    assert again == first
    assert not [path for path in tmp_path.iterdir() if KEY in path.read_text()]


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupt(progress: Any) -> None:
        if isinstance(progress, Hearing):
            raise KeyboardInterrupt

    with serving(Completion(DESIGN)) as server, pytest.raises(KeyboardInterrupt):
        design_with_model(WORKFLOW, "fulfillment", settings(server.url, record=tmp_path / "answers"), interrupt)

    assert list(tmp_path.iterdir()) == []


def test_a_design_that_fails_keeps_what_was_answered(tmp_path: Path) -> None:
    with serving(Completion("A poem."), error(401, "no")) as server, pytest.raises(ScaffoldError):
        design_with_model(WORKFLOW, "fulfillment", settings(server.url, record=tmp_path))

    assert [path.name.split("-")[0] for path in tmp_path.iterdir()] == ["design"]


def test_an_answer_that_is_no_design_is_repaired() -> None:
    listener = Listener()
    with serving(Completion("I would be happy to help!"), Completion(DESIGN), Completion(facts())) as server:
        answer = design_with_model(WORKFLOW, "fulfillment", settings(server.url), listener)

    assert answer.markdown == DESIGN
    assert listener.notes[0] == "the answer has 1 fault; asking the model to put them right"


def test_a_model_failure_is_an_error_and_never_a_fallback() -> None:
    with serving(error(401, "no")) as server, pytest.raises(ScaffoldError) as raised:
        design_with_model(WORKFLOW, "fulfillment", settings(server.url))

    assert raised.value.problem == f"{server.host} refuses the key from SAGA_SCAFFOLD_API_KEY"


def test_the_name_of_the_model_comes_from_the_settings_and_then_from_the_prompt() -> None:
    prompt = load_prompt("model: openai/gpt-x\nmessages: [{role: user, content: '{{w}}'}]", "x.prompt.yml")
    nameless = load_prompt("messages: [{role: user, content: '{{w}}'}]", "x.prompt.yml")

    assert model_name(settings_from({}, model="mine"), prompt) == "mine"
    assert model_name(settings_from({}), prompt) == "gpt-x"
    assert model_name(settings_from({}, base_url="http://localhost:1/v1"), prompt) == "openai/gpt-x"
    with pytest.raises(ScaffoldError) as raised:
        model_name(settings_from({}), nameless)
    assert raised.value.problem == "no model is named"
    assert raised.value.hint == "name one with `--model`, SAGA_SCAFFOLD_MODEL, or `model:` in `x.prompt.yml`"


def test_the_bundled_prompt_passes_its_own_evaluation_through_a_model() -> None:
    prompt = bundled_prompt("saga-architect")
    with serving(Completion(DESIGN), Completion(facts())) as server:
        evaluation = evaluate(prompt, model_design(prompt, settings(server.url)), "fake")

    assert [row for row in evaluation.rows() if row[2] == "FAILED"] == []


def test_the_bundled_prompt_passes_its_own_evaluation_offline() -> None:
    prompt = bundled_prompt("saga-architect")
    evaluation = evaluate(prompt, offline_design(prompt), "offline")

    assert [row for row in evaluation.rows() if row[2] == "FAILED"] == []


def test_an_answer_that_stays_no_saga_fails_its_case() -> None:
    prompt = bundled_prompt("saga-architect")
    with serving(Completion("A poem about an orchestrator.")) as server:
        evaluation = evaluate(prompt, model_design(prompt, settings(server.url)), "fake")

    assert [tried.passed for tried in evaluation.tried] == [False]
    assert evaluation.tried[0].text == "A poem about an orchestrator."
    assert evaluation.document()["summary"]["failedTests"] == 1
