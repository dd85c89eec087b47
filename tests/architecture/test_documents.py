"""Documents as models answer: the same saga under labels, in tables, in lists, in blocks, in other languages."""

import pytest

from saga_scaffold.architecture.read import looks_like_architecture, read_architecture
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.spec.model import SagaSpec, Step

LABELS = """\
<think>Maybe HoldSeat? No.</think>
Certainly! Here is the design.

# Ticket Saga

## 2. Forward steps

### Step 1: Reserve Seat

- **Bounded context:** Seating Service
- **Command:** `ReserveSeat`
- **Command topic**: **seating.commands**
- **Success event:** `SeatReserved`
- **Failure event:** `SeatReservationFailed`
- **Event topic**: **seating.events**
- **Compensating action:** **ReleaseSeat**
- Timeout: 10 s
- Retries: 3 attempts

### Step 2: Charge Card

- **Bounded context:** Billing Service
- **Command:** `ChargeCard`
- **Command topic**: **billing.commands**
- **Success event:** `CardCharged`
- **Failure event:** `CardDeclined`
- **Event topic**: **billing.events**
- **Compensating action:** none, it is the last step

## 4. Event store

- Partition key: `ticket_id`
- Snapshot every 25 events

Terminal states: `TICKET_SOLD`, `TICKET_CANCELLED`

Would you like me to add a diagram?
"""
TABLE = """\
# Ticket Saga

| # | Step | Service | Command | Topic | Success event | Failure event | Compensation |
|---|---|---|---|---|---|---|---|
| 1 | Reserve Seat | Seating Service | `ReserveSeat` | **seating.commands** | `SeatReserved` | `SeatReservationFailed` | **ReleaseSeat** |
| 2 | Charge Card | Billing Service | `ChargeCard` | **billing.commands** | `CardCharged` | `CardDeclined` | - |

Events are published on **seating.events** and **billing.events**.

- Partition key: `ticket_id`
- A snapshot is taken every 25 events
- Final states: `TICKET_SOLD` and `TICKET_CANCELLED`
"""
KEY_VALUE = """\
## Ticket Saga

**Step 1 - Reserve Seat**

| Attribute | Value |
|---|---|
| Bounded context | Seating Service |
| Command | `ReserveSeat` |
| Command topic | **seating.commands** |
| Success event | `SeatReserved` |
| Failure event | `SeatReservationFailed` |
| Event topic | **seating.events** |
| Compensating action | **ReleaseSeat** |

**Step 2 - Charge Card**

| Attribute | Value |
|---|---|
| Bounded context | Billing Service |
| Command | `ChargeCard` |
| Command topic | **billing.commands** |
| Success event | `CardCharged` |
| Failure event | `CardDeclined` |
| Event topic | **billing.events** |
| Compensating action | n/a |

Partition key: `ticket_id`. Snapshot every 25 events. Terminal states: `TICKET_SOLD`, `TICKET_CANCELLED`.
"""
LISTS = """\
# Ticket Saga

## Forward commands

1. `ReserveSeat` - topic **seating.commands**
2. `ChargeCard` - topic **billing.commands**

## Events

- `SeatReserved` / `SeatReservationFailed`
- `CardCharged` / `CardDeclined`

Event topics: **seating.events**, **billing.events**

## Compensating transactions

- ReserveSeat: **ReleaseSeat**
- ChargeCard: nothing to compensate

## Bounded contexts

- Seating Service: seats
- Billing Service: money

## Event store

- Partition key: `ticket_id`
- Snapshot every 25 events
- Terminal states: `TICKET_SOLD`, `TICKET_CANCELLED`
"""
BLOCK = """\
```markdown
# Ticket Saga

```json
{"steps": [
  {"task": "ReserveSeat", "context": "Seating Service", "topic": "seating.commands", "success": "SeatReserved",
   "failure": "SeatReservationFailed"},
  {"task": "ChargeCard", "context": "Billing Service", "topic": "billing.commands", "success": "CardCharged",
   "failure": "CardDeclined"}
]}
```

Event topics: **seating.events**, **billing.events**

If the card is declined: **ReleaseSeat**

- partition_key: ticket_id
- snapshot: every 25 events
- Terminal states: `TICKET_SOLD`, `TICKET_CANCELLED`
"""
GERMAN = """\
# Ticket-Saga

### Schritt 1: Platz reservieren

- **Dienst:** Seating Service
- **Befehl:** `ReserveSeat` (Topic **seating.commands**)
- **Erfolg:** `SeatReserved` (Topic **seating.events**)
- **Fehler:** `SeatReservationFailed`
- **Kompensation:** **ReleaseSeat** (Topic **seating.commands**)

### Schritt 2: Karte belasten

- **Dienst:** Billing Service
- **Befehl:** `ChargeCard` (Topic **billing.commands**)
- **Erfolg:** `CardCharged` (Topic **billing.events**)
- **Fehler:** `CardDeclined`
- **Kompensation:** keine

Endzustände: `TICKET_SOLD` und `TICKET_CANCELLED`

- **Partitionsschlüssel:** `ticket_id`
- **Snapshots:** alle 25 Events
"""
DOCUMENTS = {
    "labels": LABELS,
    "table": TABLE,
    "key and value": KEY_VALUE,
    "lists": LISTS,
    "block": BLOCK,
    "german": GERMAN,
    "windows": LABELS.replace("\n", "\r\n"),
}


def read(text: str) -> SagaSpec:
    return read_architecture(text, "answer.md", "tickets").spec


def told(spec: SagaSpec, step: Step) -> tuple[str, str, str, str, str, str]:
    return (
        spec.contexts[step.context].title,
        step.command.stored_name,
        spec.command_topic(step),
        step.success.stored_name,
        step.failure[0].stored_name,
        spec.event_topic(step, step.success),
    )


@pytest.mark.parametrize("form", DOCUMENTS)
def test_every_form_tells_the_same_steps(form: str) -> None:
    spec = read(DOCUMENTS[form])

    assert [told(spec, step) for step in spec.steps] == [
        (
            "Seating Service",
            "ReserveSeat",
            "seating.commands",
            "SeatReserved",
            "SeatReservationFailed",
            "seating.events",
        ),
        ("Billing Service", "ChargeCard", "billing.commands", "CardCharged", "CardDeclined", "billing.events"),
    ]


@pytest.mark.parametrize("form", DOCUMENTS)
def test_every_form_tells_what_undoes_the_first_step(form: str) -> None:
    undo = read(DOCUMENTS[form]).steps[0].compensation

    assert undo is not None
    assert undo.command.name == "ReleaseSeat"


@pytest.mark.parametrize("form", DOCUMENTS)
def test_every_form_tells_of_the_whole_saga(form: str) -> None:
    spec = read(DOCUMENTS[form])

    assert (spec.event_store.partition_key, spec.event_store.snapshot_every) == ("ticket_id", 25)
    assert (spec.terminal.completed, spec.terminal.compensated) == ("TICKET_SOLD", "TICKET_CANCELLED")


@pytest.mark.parametrize("form", DOCUMENTS)
def test_every_form_is_recognised(form: str) -> None:
    assert looks_like_architecture(DOCUMENTS[form])


def test_prose_is_no_architecture() -> None:
    assert not looks_like_architecture("1. Reserve a seat (Seating Service)\n2. Charge the card (Billing Service)")


def test_what_is_stated_is_not_assumed_and_what_is_not_is() -> None:
    spec = read(LABELS)

    assert "steps.reserve-seat.timeout" not in spec.assumed
    assert "steps.reserve-seat.undo" not in spec.assumed
    assert "steps.charge-card.timeout" in spec.assumed
    assert spec.steps[0].timeout.total_seconds() == 10
    assert spec.steps[0].retry.attempts == 3


def test_drafts_in_a_models_thoughts_are_no_facts() -> None:
    assert all("HoldSeat" not in step.command.name for step in read(LABELS).steps)


def test_a_document_without_steps_says_what_was_looked_for() -> None:
    with pytest.raises(ScaffoldError) as raised:
        read("# Notes\n\nThe weather is nice.")

    assert raised.value.problem == "no steps found in the document"
    assert "Command" in raised.value.hint


def test_in_a_sequence_diagram_without_an_orchestrator_the_one_who_asks_most_is_it() -> None:
    text = """# Order fulfillment

```mermaid
sequenceDiagram
    participant C as Client
    participant O as Order Service
    participant I as Inventory Service
    participant P as Payment Service
    C->>O: PlaceOrder
    O->>I: ReserveStock
    I-->>O: StockReserved
    O->>P: ChargePayment
    alt payment fails
        P-->>O: PaymentFailed
        O->>I: ReleaseStock
        I-->>O: StockReleased
    else
        P-->>O: PaymentCharged
    end
```
"""
    steps = read_architecture(text, "answer.md", "orders").spec.steps

    assert [(step.command.name, step.context) for step in steps] == [
        ("ReserveStock", "inventory"),
        ("ChargePayment", "payment"),
    ]
    assert steps[0].compensation is not None
    assert steps[0].compensation.command.name == "ReleaseStock"
    assert [refusal.name for refusal in steps[1].failure] == ["PaymentFailed"]
