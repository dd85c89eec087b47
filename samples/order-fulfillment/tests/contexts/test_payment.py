"""Payment Gateway Service: one charge for one key, however often it is sent."""

from decimal import Decimal
from pathlib import Path

import pytest
from order_fulfillment.contexts import payment
from order_fulfillment.messages import PaymentDeclined, PaymentProcessed, ProcessPayment
from order_fulfillment.participant.handlers import TryLater

from calling import call

PAY = ProcessPayment(order_id="order-1", amount=Decimal("39.90"), currency="EUR")


@pytest.fixture(autouse=True)
def card_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network of its own for each test."""
    monkeypatch.setenv("CARD_NETWORK_FILE", str(tmp_path / "card_network.db"))


def test_a_payment_that_is_sent_twice_is_one_charge() -> None:
    first, second = (call("payment", (payment.process_payment, PAY)) for _ in range(2))

    assert isinstance(first, PaymentProcessed)
    assert first == second


def test_the_network_declines_what_is_above_its_limit() -> None:
    too_much = PAY.model_copy(update={"amount": Decimal("10000.01")})

    assert isinstance(call("payment", (payment.process_payment, too_much)), PaymentDeclined)


def test_what_became_of_a_charge_can_be_asked() -> None:
    charged = call("payment", (payment.process_payment, PAY))

    assert call("payment", (payment.find_process_payment, PAY)) == charged


def test_that_nothing_is_found_is_no_answer() -> None:
    with pytest.raises(TryLater):
        call("payment", (payment.find_process_payment, PAY))
