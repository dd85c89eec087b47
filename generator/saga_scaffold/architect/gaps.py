"""Facts that an answer left open: which are worth a question, and how they are filled in.

A fact that the text states is never touched. What was filled in is no longer assumed: the architect said it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from saga_scaffold.architect.facts import Facts, Field, StepFacts
from saga_scaffold.errors import Severity
from saga_scaffold.spec import naming
from saga_scaffold.spec.model import SagaSpec

_WORTH_ASKING = re.compile(r"input(\..+)?|steps\.[^.]+\.(undo|success|failure|takes|gives|command)(\..+)?")


@dataclass(frozen=True)
class Filled:
    """The spec after filling, and the paths that are no longer assumed."""

    spec: SagaSpec
    paths: tuple[str, ...]


def gaps(spec: SagaSpec) -> tuple[str, ...]:
    """The assumed paths that only an architect can know; timeouts and the like have good defaults."""
    return tuple(path for path in spec.assumed if _WORTH_ASKING.fullmatch(path))


def fill(spec: SagaSpec, facts: Facts) -> Filled:
    """The spec with every gap filled that the facts fill well; what would make the saga unsound stays assumed."""
    open_paths = gaps(spec)
    filled = spec
    for change in _changes(spec, facts):
        filled = _applied(filled, change, open_paths)
    return Filled(filled, tuple(path for path in spec.assumed if path not in filled.assumed))


_Change = Callable[[dict[str, Any], "_Open"], None]


@dataclass
class _Open:
    """The gaps that a change may fill; it notes which of them it closes."""

    paths: tuple[str, ...]
    closed: set[str]
    used: bool = False

    def take(self, path: str) -> bool:
        """Whether the value at the path is open, by itself or with what it belongs to; if so it counts as filled."""
        if not any(gap == path or path.startswith(f"{gap}.") for gap in self.paths):
            return False
        self.used = True
        self.closed |= {gap for gap in self.paths if gap == path or gap == f"{path}.command"}
        return True


def _changes(spec: SagaSpec, facts: Facts) -> list[_Change]:
    known = {step.id for step in spec.steps}
    steps = {found.id: found for found in facts.steps if found.id in known}
    per_step = [change for found in steps.values() for change in (_undo_of(found), _events_of(found))]
    return [*per_step, _fields_of(facts.input, steps)]


def _applied(spec: SagaSpec, change: _Change, open_paths: tuple[str, ...]) -> SagaSpec:
    from saga_scaffold.spec.check import check

    document, gate = spec.model_dump(mode="json"), _Open(open_paths, set())
    try:
        change(document, gate)
        document["assumed"] = [path for path in spec.assumed if path not in gate.closed]
        changed = SagaSpec.model_validate(document)
    except ValueError:
        return spec
    unsound = any(finding.severity is Severity.ERROR for finding in check(changed))
    return spec if unsound or not gate.used else changed


def _undo_of(facts: StepFacts) -> _Change:
    def change(document: dict[str, Any], gate: _Open) -> None:
        step, path = _step(document, facts.id), f"steps.{facts.id}.undo"
        if facts.undo_command and (gate.take(path) or gate.take(f"{path}.command")):
            command = naming.message_name(facts.undo_command)
            written = {"command": command, "success": naming.message_name(facts.undo_success or f"{command} Done")}
            kept = step["undo"] if isinstance(step["undo"], dict) else {}
            if not facts.undo_success and _name(kept.get("command")) == command:
                written["success"] = kept["success"]
            step |= {"undo": {"takes": kept.get("takes", []), **written}, "because": None}
            if facts.undo_success:
                gate.take(f"{path}.success")
        elif facts.nothing_to_undo_because and gate.take(path):
            step |= {"undo": "none", "because": facts.nothing_to_undo_because}

    return change


def _events_of(facts: StepFacts) -> _Change:
    def change(document: dict[str, Any], gate: _Open) -> None:
        step, path = _step(document, facts.id), f"steps.{facts.id}"
        if facts.success and gate.take(f"{path}.success"):
            step["success"] = _renamed(step["success"], facts.success)
        if facts.failure and gate.take(f"{path}.failure"):
            step["failure"] = [naming.message_name(name) for name in facts.failure]

    return change


def _fields_of(given: Iterable[Field], steps: Mapping[str, StepFacts]) -> _Change:
    """All fields in one change: a field that one step takes, another gives."""

    def change(document: dict[str, Any], gate: _Open) -> None:
        fields = {naming.field_name(field.name): field.type for field in given}
        if fields and gate.take("input"):
            document["input"] = fields
        for id, facts in steps.items():
            step = _step(document, id)
            if facts.takes and gate.take(f"steps.{id}.takes"):
                step["takes"] = [naming.field_name(name) for name in facts.takes]
            if facts.gives and gate.take(f"steps.{id}.gives"):
                step["gives"] = {naming.field_name(field.name): field.type for field in facts.gives}
            if facts.undo_takes and isinstance(step["undo"], dict) and gate.take(f"steps.{id}.undo.takes"):
                step["undo"]["takes"] = [naming.field_name(name) for name in facts.undo_takes]

    return change


def _renamed(message: Any, name: str) -> Any:
    """The message under another name; a topic that the text states stays."""
    topic = message.get("topic") if isinstance(message, dict) else None
    safe = naming.message_name(name)
    return {"name": safe, "topic": topic} if topic else safe


def _step(document: dict[str, Any], id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(step for step in document["steps"] if step["id"] == id)
    return found


def _name(message: Any) -> str | None:
    return message.get("name") if isinstance(message, dict) else message
