"""Small sagas for tests: a sound one of two steps, and ways to change it."""

from collections.abc import Mapping
from typing import Any

from saga_scaffold.errors import Finding
from saga_scaffold.spec.check import check
from saga_scaffold.spec.model import SagaSpec


def step(id: str = "reserve-stock", **changes: Any) -> dict[str, Any]:
    """A step of the context `inventory`, with message names made of its id."""
    name = "".join(word.capitalize() for word in id.split("-"))
    sound = {
        "id": id,
        "context": "inventory",
        "command": name,
        "takes": ["order_id"],
        "success": f"{name}Done",
        "failure": f"{name}Refused",
        "undo": {"command": f"Undo{name}", "takes": ["order_id"], "success": f"{name}Undone"},
    }
    return without_none({**sound, **changes})


def saga(*steps: Mapping[str, Any], **changes: Any) -> SagaSpec:
    """A saga of the steps, by default one, in which `check` finds nothing, but for the changes."""
    sound = {
        "saga": "order-fulfillment",
        "package": "fulfillment",
        "input": {"order_id": "string", "quantity": "integer", "express": "boolean"},
        "contexts": {"inventory": {"title": "Inventory Service"}},
        "steps": list(steps) or [step()],
    }
    return SagaSpec.model_validate(without_none({**sound, **changes}))


def found(spec: SagaSpec) -> list[tuple[str, str, str]]:
    """Path, problem and hint of every finding."""
    return [(finding.path, finding.problem, finding.hint) for finding in check(spec)]


def only(spec: SagaSpec) -> Finding:
    """The one finding."""
    (finding,) = check(spec)
    return finding


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
