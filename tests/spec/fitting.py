"""Makes a spec of what a corpus truth states, word for word, and adds only what a spec cannot do without."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from saga_scaffold.spec import naming
from saga_scaffold.spec.model import Message, SagaSpec

LOADER = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader
CORPUS = Path(__file__).parents[1] / "corpus"
Truth = Mapping[str, Any]


@cache
def truths() -> dict[str, Truth]:
    """Every truth of the corpus by its path; `after` counts from 0 in all of them."""
    return {str(file.relative_to(CORPUS)): _read(file) for file in sorted(CORPUS.rglob("*.truth.yaml"))}


def _read(file: Path) -> Truth:
    truth: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)
    base = 1 if file.parent.name == "architectures" else 0
    for step in truth["steps"]:
        if isinstance(step.get("after"), list):
            step["after"] = [number - base for number in step["after"]]
    return truth


def fit(truth: Truth) -> SagaSpec:
    """The spec of a truth."""
    return _Fitting(truth).spec()


class _Fitting:
    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.taken: set[str] = set()
        self.ids = self._ids()

    def spec(self) -> SagaSpec:
        truth = self.truth
        ends = truth.get("terminal_states") or ["COMPLETED", "COMPENSATED"]
        store = {"partition_key": truth.get("partition_key"), "snapshot_every": truth.get("snapshot_every")}
        return SagaSpec.model_validate(
            {
                "saga": naming.kebab(truth.get("saga") or "Some Saga") + "-saga",
                "package": "fitted",
                "deadline": "6d",
                "input": self._input(),
                "contexts": {self._context(step): {"title": _service(step)} for step in truth["steps"]},
                "steps": [self._step(number, step) for number, step in enumerate(truth["steps"])],
                "terminal": {"completed": ends[0], "compensated": ends[1]},
                "event_store": {key: value for key, value in store.items() if value},
            }
        )

    def _ids(self) -> list[str]:
        ids: list[str] = []
        for step in self.truth["steps"]:
            ids.append(naming.distinct(naming.step_id(step["action"]), ids))
        return ids

    def _input(self) -> dict[str, str]:
        fields = {"business_id": "string"}
        key = self.truth.get("partition_key")
        if key and naming.same_words(key) != "sagaid":
            placeholder = re.search(r"<(.+)>", key)
            fields[naming.field_name(placeholder[1] if placeholder else key)] = "string"
        conditions = {
            _condition(self.ids[n]): "boolean" for n, one in enumerate(self.truth["steps"]) if one.get("condition")
        }
        return fields | conditions

    def _context(self, step: Truth) -> str:
        return naming.context_name(_service(step))

    def _step(self, number: int, step: Truth) -> dict[str, Any]:
        id, topics = self.ids[number], list(step.get("event_topics") or [])
        success_topic = step.get("success_topic") or (topics[0] if topics else None)
        failure_topic = step.get("failure_topic") or (topics[-1] if topics else None)
        failures = [step.get("failure_event"), *(step.get("further_failure_events") or [])]
        fitted: dict[str, Any] = {
            "id": id,
            "context": self._context(step),
            "kind": self._kind(number),
            "command": self._message(step.get("command"), step["action"], step.get("command_topic")),
            "success": self._message(step.get("success_event"), f"{step['action']} done", success_topic),
            "failure": [self._refusal(one, step["action"], failure_topic) for one in failures],
            "when": f"{_condition(id)} == true" if step.get("condition") else None,
            "state": step.get("state") or "",
            **self._undo(step),
        }
        if isinstance(step.get("after"), list):
            fitted["after"] = [self.ids[before] for before in step["after"]]
        if seconds(step.get("timeout")):
            fitted["timeout"] = seconds(step["timeout"])
        attempts = count(step.get("attempts")) or count(step.get("retries"))
        return fitted | ({"retry": {"attempts": attempts}} if attempts else {})

    def _kind(self, number: int) -> str:
        """As stated; where it is not, what the kinds before it leave."""
        stated = [step.get("kind") for step in self.truth["steps"]]
        passed = {"pivot", "retriable"} & set(stated[:number])
        return str(stated[number] or ("retriable" if passed else "compensatable"))

    def _undo(self, step: Truth) -> dict[str, Any]:
        stated = step.get("compensation")
        if not stated:
            return {"undo": "none", "because": "not stated in the text"}
        undo = stated if isinstance(stated, dict) else {"action": stated}
        action = undo.get("action") or undo["command"]
        command = self._message(undo.get("command"), action, undo.get("topic"), step["action"])
        success = self._message(undo.get("event"), f"{action} done", undo.get("event_topic"), step["action"])
        return {"undo": {"command": command, "success": success}}

    def _message(self, stated: str | None, words: str, topic: str | None, step: str = "") -> dict[str, Any]:
        """The message under its stated name; a name that another step has already is kept apart by the step's."""
        name, wire = naming.message_name(stated or words), stated
        if name in self.taken:
            name, wire = naming.message_name(f"{name} after {step or 'all'}"), None
        assert name not in self.taken
        self.taken.add(name)
        return _trimmed({"name": name, "wire": wire if wire != name else None, "topic": topic})

    def _refusal(self, stated: str | None, words: str, topic: str | None) -> dict[str, Any]:
        name = naming.message_name(stated or f"{words} refused")
        return _trimmed({"name": name, "wire": stated if stated != name else None, "topic": topic})


def stored(message: Message) -> str:
    return message.stored_name


def seconds(text: object) -> timedelta | None:
    """The first duration in a text."""
    match = re.search(r"(\d+(?:\.\d+)?) ?(ms|s|m|h|d)", str(text or ""))
    units = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return timedelta(seconds=float(match[1]) * units[match[2]]) if match else None


def count(text: object) -> int | None:
    """A plain number in a text."""
    match = re.fullmatch(r"(\d+)( \w+)?", str(text or ""))
    return int(match[1]) if match else None


def _service(step: Truth) -> str:
    return str(step.get("service") or "Some Service")


def _condition(id: str) -> str:
    return f"{naming.snake(id)}_wanted"


def _trimmed(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
