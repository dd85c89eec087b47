"""Payment Gateway Service: what it does for an order, and how it undoes it."""

from ..card_network import Charge, Declined, NotYetKnown, charge, look_up, refund
from ..messages import PaymentDeclined, PaymentProcessed, PaymentRefunded, ProcessPayment, RefundPayment
from ..participant.handlers import TryLater
from ..participant.transaction import Transaction


async def process_payment(command: ProcessPayment, tx: Transaction) -> PaymentProcessed | PaymentDeclined:
    """Charge the customer's card under the key of this step: however often it is sent, it is one charge."""
    return _told(await charge(tx.key, command.order_id, command.amount, command.currency))


async def refund_payment(command: RefundPayment, tx: Transaction) -> PaymentRefunded:
    """Undo `process_payment`: the card network gives the money back, once."""
    assert command.payment_id is not None, "what is undone has been charged"
    await refund(tx.key, command.payment_id)
    return PaymentRefunded()


async def find_process_payment(command: ProcessPayment, tx: Transaction) -> PaymentProcessed | PaymentDeclined:
    """Ask the card network what became of a charge that may have been sent."""
    try:
        return _told(await look_up(tx.key))
    except NotYetKnown as unknown:
        raise TryLater(str(unknown)) from unknown


def _told(outcome: Charge | Declined) -> PaymentProcessed | PaymentDeclined:
    match outcome:
        case Charge(id=id):
            return PaymentProcessed(payment_id=id)
        case Declined(reason=reason):
            return PaymentDeclined(reason=reason)
