"""Commands that only look: `diagram` and `schema`."""

import json
from pathlib import Path

import pytest
from cli.conftest import Scaffold
from spec.example import ORDER


def saga_file(folder: Path) -> str:
    (folder / "saga.yaml").write_text(ORDER, encoding="utf-8")
    return "saga.yaml"


def test_a_diagram_shows_the_states_forward_and_back(scaffold: Scaffold, tmp_path: Path) -> None:
    saga_file(tmp_path)

    ended = scaffold("diagram")

    assert ended.status == 0
    lines = [line.strip() for line in ended.out.splitlines()]
    assert lines[0] == "stateDiagram-v2"
    assert "RESERVING_INVENTORY --> PROCESSING_PAYMENT: InventoryReserved" in lines
    assert "SCHEDULING_SHIPPING --> REFUNDING_PAYMENT: ShippingNotScheduled" in lines
    assert "REFUNDING_PAYMENT --> RELEASING_INVENTORY: PaymentRefunded" in lines
    assert "RELEASING_INVENTORY --> ORDER_UNDONE: InventoryReleased" in lines


def test_a_sequence_shows_the_last_refusal_and_what_follows(scaffold: Scaffold, tmp_path: Path) -> None:
    ended = scaffold("diagram", saga_file(tmp_path), "--show", "sequence")

    told = [line.strip() for line in ended.out.splitlines()]
    refused = told.index("context_logistics-->>orchestrator: ShippingNotScheduled")
    assert told[refused + 1 : refused + 5] == [
        "orchestrator->>context_payment: RefundPayment",
        "context_payment-->>orchestrator: PaymentRefunded",
        "orchestrator->>context_inventory: ReleaseInventory",
        "context_inventory-->>orchestrator: InventoryReleased",
    ]


def test_topics_show_who_writes_and_who_reads(scaffold: Scaffold, tmp_path: Path) -> None:
    ended = scaffold("diagram", saga_file(tmp_path), "--show", "topics")

    assert "orchestrator --> topic_payments_commands_v1" in ended.out
    assert 'context_crm --> topic_loyalty_events[("loyalty.events")]' in ended.out


@pytest.mark.parametrize("command", [("diagram",), ("verify", "--states", "50", "--schedules", "1")])
def test_a_project_stands_for_the_saga_in_it(scaffold: Scaffold, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "saga.yaml").write_text(ORDER)

    inside, outside = scaffold(*command, "shop/saga.yaml"), scaffold(*command, "shop")

    assert outside == inside
    assert outside.status == 0


def test_the_schema_is_a_document_of_its_own(scaffold: Scaffold) -> None:
    ended = scaffold("schema")

    schema = json.loads(ended.out)
    assert schema["title"] == "saga.yaml"
    assert set(schema["required"]) >= {"saga", "input", "contexts", "steps"}
