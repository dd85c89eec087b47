"""Every fact of every truth fits into a spec, without loss, and `check` has nothing against it."""

from typing import Any

import pytest

from saga_scaffold.spec.check import check
from saga_scaffold.spec.dump import dump_spec
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec, Step

from .fitting import Truth, count, fit, seconds, truths

TRUTHS = truths()
each_truth = pytest.mark.parametrize("truth", TRUTHS.values(), ids=TRUTHS.keys())


@each_truth
def test_check_has_nothing_against_what_a_document_states(truth: Truth) -> None:
    assert [f"{finding.path}: {finding.problem}" for finding in check(fit(truth))] == []


@each_truth
def test_the_file_keeps_what_a_document_states(truth: Truth) -> None:
    spec = fit(truth)
    assert load_spec(dump_spec(spec), "saga.yaml") == spec


@each_truth
def test_messages_and_topics_are_kept_as_written(truth: Truth) -> None:
    spec = fit(truth)
    for stated, step in zip(truth["steps"], spec.steps, strict=True):
        assert _said(stated, "command", "success_event", "command_topic") <= _names(spec, step)
        assert set(stated.get("event_topics") or []) <= _names(spec, step) | {spec.event_topic(step, step.success)}
        refusals = {stated.get("failure_event"), *(stated.get("further_failure_events") or [])} - {None}
        assert refusals <= {failure.stored_name for failure in step.failure}


@each_truth
def test_what_undoes_a_step_is_kept(truth: Truth) -> None:
    spec = fit(truth)
    for stated, step in zip(truth["steps"], spec.steps, strict=True):
        undo = stated.get("compensation")
        assert bool(undo) == (step.compensation is not None)
        if isinstance(undo, dict) and step.compensation:
            assert undo.get("topic") in {None, spec.command_topic(step, step.compensation.command)}
            assert (undo.get("command") or "") in step.compensation.command.stored_name
            assert (undo.get("event") or "") in step.compensation.success.stored_name


@each_truth
def test_states_times_and_counts_are_kept(truth: Truth) -> None:
    spec = fit(truth)
    for stated, step in zip(truth["steps"], spec.steps, strict=True):
        assert stated.get("state") in {None, step.state}
        assert stated.get("kind") in {None, step.kind.value}
        assert seconds(stated.get("timeout")) in {None, step.timeout}
        assert count(stated.get("attempts")) in {None, step.retry.attempts}
    if truth.get("terminal_states"):
        assert [spec.terminal.completed, spec.terminal.compensated] == truth["terminal_states"][:2]
    assert truth.get("partition_key") in {None, spec.event_store.partition_key}
    assert truth.get("snapshot_every") in {None, spec.event_store.snapshot_every}


def _said(stated: Any, *keys: str) -> set[str]:
    return {stated[key] for key in keys if stated.get(key)}


def _names(spec: SagaSpec, step: Step) -> set[str]:
    messages = (step.command, step.success, *step.failure)
    return {message.stored_name for message in messages} | {message.topic for message in messages if message.topic}
