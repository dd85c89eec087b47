"""A small saga as an architect may leave it: some facts stated, some assumed."""

from typing import Any

from saga_scaffold.architecture.complete import Completed
from saga_scaffold.errors import Finding, Place, Severity
from saga_scaffold.spec.model import SagaSpec

RESERVE: dict[str, Any] = {
    "id": "reserve-inventory",
    "context": "inventory",
    "command": "ReserveInventory",
    "takes": ["order_id"],
    "success": "InventoryReserved",
    "gives": {"reservation_id": "string"},
    "failure": "InventoryNotReserved",
    "undo": {"command": "ReleaseInventory", "takes": ["reservation_id"], "success": "InventoryReleased"},
}
PAY: dict[str, Any] = {
    "id": "process-payment",
    "context": "payment",
    "command": "ProcessPayment",
    "takes": ["order_id"],
    "success": "PaymentProcessed",
    "gives": {"payment_id": "string"},
    "failure": "PaymentNotProcessed",
    "undo": {"command": "CancelPayment", "takes": ["payment_id"], "success": "PaymentCancelled"},
}


def saga(*steps: dict[str, Any], assumed: tuple[str, ...] = ()) -> SagaSpec:
    """The saga of these steps, by default both."""
    return SagaSpec.model_validate(
        {
            "saga": "order-fulfillment",
            "package": "fulfillment",
            "input": {"order_id": "string", "amount": "decimal"},
            "contexts": {
                step["context"]: {"title": f"{step['context'].title()} Service"} for step in steps or (RESERVE, PAY)
            },
            "steps": list(steps or (RESERVE, PAY)),
            "assumed": assumed,
        }
    )


def read_as(spec: SagaSpec, *findings: Finding) -> Completed:
    """What a reader made of a document."""
    return Completed(spec, findings)


def finding(problem: str, path: str = "steps.process-payment", line: int | None = None) -> Finding:
    """A finding that does not stop generation."""
    place = Place("<answer>", line) if line else None
    return Finding("rule", path, problem, "say it once", Severity.WARNING, place)
