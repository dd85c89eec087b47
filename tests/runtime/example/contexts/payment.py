"""Payment Gateway Service: what it does for an order."""

from runtime.participant.transaction import Transaction

from ..messages import PaymentDeclined, PaymentProcessed, PaymentRefunded, ProcessPayment, RefundPayment


async def process_payment(command: ProcessPayment, tx: Transaction) -> PaymentProcessed | PaymentDeclined:
    """Charge the customer under the key of the transaction. Only the provider may decline."""
    return PaymentProcessed(payment_id=tx.new_id("payment"))


async def refund_payment(command: RefundPayment, tx: Transaction) -> PaymentRefunded:
    """Undo `process_payment`. It may be called again after a crash; it must succeed in the end."""
    return PaymentRefunded()


async def find_process_payment(command: ProcessPayment, tx: Transaction) -> PaymentProcessed | PaymentDeclined:
    """What became of a charge: asking again under the same key tells."""
    return await process_payment(command, tx)
