"""Notification Service: what it does for an order."""

from runtime.participant.transaction import Transaction

from ..messages import ConfirmationSent, SendConfirmation


async def send_confirmation(command: SendConfirmation, tx: Transaction) -> ConfirmationSent:
    """Tell the customer. It must succeed in the end."""
    return ConfirmationSent()
