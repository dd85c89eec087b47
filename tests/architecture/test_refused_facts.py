"""What `check` refuses of a document is left out alone: everything else that it states stays."""

from saga_scaffold.architecture.read import read_architecture

TWO_STEPS = """
## 1. Hold seat
- Service: Seating
- Command: HoldSeat on topic **seating.commands**
- Success event: SeatHeld on topic **seating.events**
- Compensating action: ReleaseSeat

## 2. Charge card
- Service: Billing
- Command: ChargeCard on topic **seating_commands**
- Success event: CardCharged on topic **billing.events**
- Compensating action: RefundCard
"""


def test_a_topic_that_collides_is_left_out_and_the_others_stay() -> None:
    read = read_architecture(TWO_STEPS, "answer.md", "tickets")
    seating, billing = (read.spec.contexts[step.context] for step in read.spec.steps)

    assert [
        channel and channel.topic for channel in (seating.commands, seating.events, billing.commands, billing.events)
    ] == [
        "seating.commands",
        "seating.events",
        None,
        "billing.events",
    ]


def test_what_is_left_out_is_said_with_its_line() -> None:
    read = read_architecture(TWO_STEPS, "answer.md", "tickets")

    assert [found.place.line for found in read.findings if "left out" in found.hint and found.place] == [8]
