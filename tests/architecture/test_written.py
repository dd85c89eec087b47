"""Documents of our own in every carrier and several languages: their facts are kept exactly as they are written."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from saga_scaffold.architecture.read import looks_like_architecture, read_architecture
from saga_scaffold.spec.model import Message, SagaSpec, Undo

FOLDER = Path(__file__).parents[1] / "corpus" / "written_documents"
NAMES = sorted(file.stem for file in FOLDER.glob("*.md"))


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> tuple[SagaSpec, dict[str, Any]]:
    text = (FOLDER / f"{request.param}.md").read_text(encoding="utf-8")
    truth = yaml.safe_load((FOLDER / f"{request.param}.truth.yaml").read_text(encoding="utf-8"))
    assert looks_like_architecture(text)
    return read_architecture(text, "answer.md", "demo").spec, truth


def named(message: Message) -> set[str]:
    """Both names of a message, spelled alike."""
    return {spelled(name) for name in (message.name, message.wire) if name}


def spelled(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def test_its_messages_are_those_of_the_document(case: tuple[SagaSpec, dict[str, Any]]) -> None:
    spec, truth = case

    assert len(spec.steps) == len(truth["steps"])
    for step, told in zip(spec.steps, truth["steps"], strict=True):
        if "command" in told:
            assert spelled(told["command"]) in named(step.command)
        if "success_event" in told:
            assert spelled(told["success_event"]) in named(step.success)
        if "failure_event" in told:
            assert any(spelled(told["failure_event"]) in named(one) for one in step.failure)
        if told["service"]:
            assert spelled(told["service"]) == spelled(spec.contexts[step.context].title)


def test_its_topics_are_those_of_the_document(case: tuple[SagaSpec, dict[str, Any]]) -> None:
    spec, truth = case

    for step, told in zip(spec.steps, truth["steps"], strict=True):
        if "command_topic" in told:
            assert told["command_topic"] == spec.command_topic(step)
        for topic in told.get("event_topics", []):
            assert topic == spec.event_topic(step, step.success)


def test_its_undos_kinds_and_limits_are_those_of_the_document(case: tuple[SagaSpec, dict[str, Any]]) -> None:
    spec, truth = case

    for step, told in zip(spec.steps, truth["steps"], strict=True):
        if told["compensation"]:
            assert isinstance(step.undo, Undo)
            words = spelled(f"{step.undo.command.name}{step.undo.title}")
            assert spelled(told["compensation"]) in words or spelled(told["compensation"]) in spelled(step.undo.title)
            assert f"steps.{step.id}.undo" not in spec.assumed
        if "kind" in told:
            assert step.kind.value == told["kind"]
        if "state" in told:
            assert spelled(step.state or "") == spelled(told["state"])
        if "attempts" in told:
            assert step.retry.attempts == told["attempts"]
        if "seconds" in told:
            assert step.timeout.total_seconds() == told["seconds"]


def test_what_it_says_of_the_whole_is_kept(case: tuple[SagaSpec, dict[str, Any]]) -> None:
    spec, truth = case

    if "terminal_states" in truth:
        ends = {spelled(spec.terminal.completed), spelled(spec.terminal.compensated)}
        assert ends == {spelled(one) for one in truth["terminal_states"]}
    if "partition_key" in truth:
        assert spelled(spec.event_store.partition_key) == spelled(truth["partition_key"])
    if "snapshot_every" in truth:
        assert spec.event_store.snapshot_every == truth["snapshot_every"]


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("flowchart", [(), ("book-stage",), ("book-stage",), ("sew-costumes", "rehearse-choir")]),
        ("forking-automaton", [(), ("book-hall",), ("book-hall",), ("hire-orchestra", "rent-lights")]),
        ("lanes", [(), ("reserve-dock",), ("reserve-dock",), ("paint-hull", "mount-engine")]),
    ],
)
def test_steps_that_are_drawn_beside_each_other_wait_for_the_same(name: str, after: list[tuple[str, ...]]) -> None:
    spec = read_architecture((FOLDER / f"{name}.md").read_text(encoding="utf-8"), "answer.md", "demo").spec

    assert [step.after for step in spec.steps] == after


def test_a_topic_with_slashes_is_respelled_and_said_so_with_its_line() -> None:
    text = (FOLDER / "published-on-paths.md").read_text(encoding="utf-8")

    read = read_architecture(text, "answer.md", "demo")

    assert [found.hint for found in read.findings if found.rule == "topic" and found.place and found.place.line] == [
        f"it is taken as `bridge.{context}.{side}`"
        for context in ("traffic", "drone", "report")
        for side in ("cmd", "evt")
    ]
