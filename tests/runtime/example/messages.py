"""Everything that is said while an order is fulfilled."""

from decimal import Decimal

from runtime.messaging.message import Command, Event, Refusal


class StartOrderFulfillment(Command):
    """Fulfill an order."""

    stored_name = "order-fulfillment.start"

    order_id: str
    sku: str
    quantity: int
    amount: Decimal
    email: str


class ReserveInventory(Command):
    """Hold stock for the order."""

    stored_name = "ReserveInventory"

    order_id: str
    sku: str
    quantity: int


class InventoryReserved(Event):
    """The stock is held."""

    stored_name = "InventoryReserved"

    reservation_id: str


class InventoryNotReserved(Refusal):
    """There is no stock to hold."""

    stored_name = "InventoryNotReserved"


class ReleaseInventory(Command):
    """Give the held stock back."""

    stored_name = "ReleaseInventory"

    order_id: str
    reservation_id: str | None = None


class InventoryReleased(Event):
    """The stock is free again."""

    stored_name = "InventoryReleased"


class ProcessPayment(Command):
    """Charge the customer."""

    stored_name = "ProcessPayment"

    order_id: str
    amount: Decimal


class PaymentProcessed(Event):
    """The customer has paid."""

    stored_name = "PaymentProcessed"

    payment_id: str


class PaymentDeclined(Refusal):
    """The provider said no."""

    stored_name = "PaymentDeclined"


class RefundPayment(Command):
    """Give the money back."""

    stored_name = "RefundPayment"

    payment_id: str | None = None
    amount: Decimal


class PaymentRefunded(Event):
    """The customer has the money back."""

    stored_name = "PaymentRefunded"


class ArrangeShipment(Command):
    """Hand the parcel to a carrier. From here on there is no way back."""

    stored_name = "ArrangeShipment"

    order_id: str
    reservation_id: str


class ShipmentArranged(Event):
    """A carrier has the parcel."""

    stored_name = "ShipmentArranged"

    tracking_number: str


class ShipmentNotArranged(Refusal):
    """No carrier takes it."""

    stored_name = "ShipmentNotArranged"


class SendConfirmation(Command):
    """Tell the customer."""

    stored_name = "SendConfirmation"

    email: str
    tracking_number: str


class ConfirmationSent(Event):
    """The customer knows."""

    stored_name = "ConfirmationSent"
