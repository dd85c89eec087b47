"""The forms in which people write a workflow: each gives its steps and who does them."""

import pytest
from prose.drafts import actions, read, services


def test_a_sentence_of_numbered_items() -> None:
    text = (
        "Parcel return: 1. Receive parcel (Dock Service), 2. Inspect goods (Quality Desk), 3. Refund payment (Billing)."
    )

    assert actions(text) == ["receive parcel", "inspect goods", "refund payment"]
    assert services(text) == ["Dock Service", "Quality Desk", "Billing"]
    assert read(text).title == "Parcel return"


@pytest.mark.parametrize("mark", ["{}.", "{})", "({})", "Step {}:"])
def test_numbered_lines_with_any_mark(mark: str) -> None:
    lines = [
        f"{mark.format(number)} {text}" for number, text in enumerate(["reserve a bay", "call the truck"], start=1)
    ]

    assert actions("\n".join(lines)) == ["reserve bay", "call truck"]


def test_a_numbered_item_with_two_verbs_is_one_step() -> None:
    assert actions("1. check the balance and put a hold on it\n2. ship the order") == [
        "check balance and put hold",
        "ship order",
    ]


def test_bullets_that_begin_with_a_service() -> None:
    text = """
        - Registry: register the company
        - Tax Office: apply for a tax number
        - **Bank** - open the account
    """

    assert services(text) == ["Registry", "Tax Office", "Bank"]
    assert actions(text) == ["register company", "apply for tax number", "open account"]


def test_a_capitalised_service_that_looks_like_a_verb() -> None:
    assert services("1. Shop Floor: produce the part\n2. Quality: inspect the part") == ["Shop Floor", "Quality"]


def test_a_list_of_lines_without_marks() -> None:
    text = """
        Hi Jo,

        this is the order of things:

          reserve a drone (fleet service)
          plan the route (route planner)

        Cheers, Sam
    """

    assert actions(text) == ["reserve drone", "plan route"]
    assert services(text) == ["fleet service", "route planner"]


@pytest.mark.parametrize("arrow", ["->", "→", "=>", ">", "-->", "/"])
def test_a_chain_of_arrows(arrow: str) -> None:
    assert actions(f" {arrow} ".join(["build image", "sign image", "publish image"])) == [
        "build image",
        "sign image",
        "publish image",
    ]


def test_a_chain_of_service_and_command() -> None:
    text = "order-service: createOrder -> stock-service: reserveStock -> order-service: confirmOrder"

    assert actions(text) == ["create order", "reserve stock", "confirm order"]
    assert services(text) == ["order-service", "stock-service", "order-service"]


def test_a_table_by_its_headers() -> None:
    text = """
        | Nr | Who | What | If it goes wrong | Timeout | Retries |
        |---|---|---|---|---|---|
        | 1 | Room Service | Hold room | Release room | 20s | 3 |
        | 2 | Billing | Charge deposit | n/a | 1 min | - |
    """
    first, second = read(text).steps

    assert (first.action, first.service, first.attempts) == ("hold room", "Room Service", 4)
    assert first.timeout
    assert first.timeout.total_seconds() == 20
    assert (second.action, second.service) == ("charge deposit", "Billing")
    assert second.undo
    assert second.undo.none_because


def test_a_table_of_numbered_steps_with_descriptions() -> None:
    text = """
        Step | Description | Owner
        --- | --- | ---
        1 | Reserve slot | Planning
        2 | Take sample | Nurse Station
    """

    assert actions(text) == ["reserve slot", "take sample"]


def test_prose_with_first_then_and_finally() -> None:
    text = """
        First the loan service registers the application, then scoring-service computes the score, after that the
        money is disbursed by the ledger service and finally a letter is sent to the client.
    """

    assert actions(text) == ["register application", "compute score", "disburse money", "send letter to client"]
    assert services(text) == ["loan service", "scoring-service", "ledger service", None]


def test_the_passive_with_shared_auxiliaries() -> None:
    text = (
        "The booking is recorded, the seat blocked and the fare charged. Then the ticket is issued by the ticket desk."
    )

    assert actions(text) == ["record booking", "block seat", "charge fare", "issue ticket"]


def test_a_passive_that_goes_on_with_the_same_object() -> None:
    assert actions("A budget is created and has to be approved by the owner, then the results are archived.")[:2] == [
        "create budget",
        "approve budget",
    ]


def test_verbs_that_share_their_object_are_one_step() -> None:
    assert actions("stock-service checks and holds the stock, order-service creates the order.") == [
        "check and hold stock",
        "create order",
    ]


def test_bookings_that_share_their_verb_are_several_steps() -> None:
    assert actions("Our site books the flight, the hotel and the rental car.") == [
        "book flight",
        "book hotel",
        "book rental car",
    ]


def test_telegram_style() -> None:
    text = "hold slot @calendar, charge fee @billing, ticket delivery; fee fails: free slot"

    assert actions(text)[:2] == ["hold slot", "charge fee"]
    assert services(text)[:2] == ["calendar", "billing"]


def test_a_bare_verb_takes_the_object_before() -> None:
    assert actions("heat reactor, monitor reaction, quench") == ["heat reactor", "monitor reaction", "quench reaction"]


def test_requirements_in_shall_sentences() -> None:
    text = """
        1. Purpose
        This document describes lockers. Everybody likes lockers.

        2. Functional requirements
        FR-1 The Locker Service shall reserve a compartment.
        FR-2 The system shall pay out through the bank gateway.
        FR-3 If the payout fails, the Locker Service shall release the compartment.
    """

    assert actions(text) == ["reserve compartment", "pay out"]
    assert services(text) == ["Locker Service", "bank gateway"]


def test_a_ticket_with_headings_and_noise() -> None:
    text = """
        PAY-7: Gift registry
        Type: Story

        Why
        Guests call us all day and want to know who pays.

        h3. Flow
        # pool-service opens a pool
        # order-service orders the gift

        h3. Out of scope
        Returns, refunds of vouchers.
    """

    assert actions(text) == ["open pool", "order gift"]


def test_bpmn_in_words() -> None:
    text = """
        Lane Reception: user task "register applicant"
        Lane Bureau: service task "score applicant"
        End event: contract sent
        Compensation: "register applicant" -> "delete applicant".
    """

    assert actions(text) == ["register applicant", "score applicant"]
    assert services(text) == ["Reception", "Bureau"]


def test_the_world_around_is_no_step() -> None:
    text = """
        Some background: ACME sells garden furniture in four countries. Marketing wants fewer calls.
        First we reserve the stock, then we charge the card. Dashboards live in Looker.
    """

    assert actions(text) == ["reserve stock", "charge card"]


def test_a_second_sentence_about_a_step_is_no_second_step() -> None:
    text = "Billing posts the handling fee and crm closes the case. The fee is posted with up to 5 retries."

    assert actions(text) == ["post handling fee", "close case"]
    assert read(text).steps[0].attempts == 6


def test_several_who_do_the_same() -> None:
    text = "The privacy desk locks the profile. Then CRM, billing and analytics erase their copies."

    assert services(text) == ["privacy desk", "CRM", "billing", "analytics"]


def test_a_customer_who_gets_something_is_sent_it() -> None:
    assert actions("We charge the card and the guest gets a confirmation.") == [
        "charge card",
        "send confirmation to guest",
    ]


def test_who_asks_for_something_requests_it() -> None:
    assert actions("First, the app server asks the pricing engine for a quote. Then the quote is stored.") == [
        "request quote",
        "store quote",
    ]


def test_doers_without_articles() -> None:
    text = "Vessel arrival: port authority assigns berth; pilot service dispatches pilot; terminal allocates crane."

    assert actions(text) == ["assign berth", "dispatch pilot", "allocate crane"]
    assert services(text) == ["port authority", "pilot service", "terminal"]


def test_nouns_with_who_does_them() -> None:
    assert services("scoring (Risk), payout (Treasury), archiving (Archive)") == ["Risk", "Treasury", "Archive"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Subject: Re: Drone delivery, the pilot\n\n1. fly\n2. land", "Drone delivery"),
        ("# Money transfer (DRAFT)\n\n1. debit account\n2. credit account", "Money transfer"),
        ("in-game purchase v2\n\n1. debit wallet\n2. deliver item", "In-game purchase"),
        ("Steps:\n1. debit wallet\n2. deliver item", None),
        ("First we debit the wallet, then we deliver the item.", None),
    ],
)
def test_the_title_is_what_the_text_calls_itself(text: str, title: str | None) -> None:
    assert read(text).title == title
