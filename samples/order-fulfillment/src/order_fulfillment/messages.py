"""The vocabulary of order fulfillment: every command and event, by the context that speaks it.

`stored_name` is what stands in the event store and on topics: a class may be renamed, a stored name may not.
"""

from decimal import Decimal

from .messaging.message import Command, Event, Refusal


class StartOrderFulfillment(Command):
    """What starts the saga."""

    stored_name = "order-fulfillment.start"

    order_id: str
    sku: str
    quantity: int
    amount: Decimal
    currency: str
    address: str
    customer_id: str
    points: int


# Inventory Service


class ReserveInventory(Command):
    """Reserve inventory."""

    stored_name = "ReserveInventory"

    order_id: str
    sku: str
    quantity: int


class InventoryReserved(Event):
    """Inventory is reserved."""

    stored_name = "InventoryReserved"

    reservation_id: str


class OutOfStock(Refusal):
    """Refuses `ReserveInventory`; `reason` says why."""

    stored_name = "OutOfStock"


class ReleaseInventory(Command):
    """Release inventory: undoes `ReserveInventory`."""

    stored_name = "ReleaseInventory"

    reservation_id: str | None = None


class InventoryReleased(Event):
    """Inventory is released."""

    stored_name = "InventoryReleased"


# Payment Gateway Service


class ProcessPayment(Command):
    """Process payment."""

    stored_name = "ProcessPayment"

    order_id: str
    amount: Decimal
    currency: str


class PaymentProcessed(Event):
    """Payment is processed."""

    stored_name = "PaymentProcessed"

    payment_id: str


class PaymentDeclined(Refusal):
    """Refuses `ProcessPayment`; `reason` says why."""

    stored_name = "PaymentDeclined"


class RefundPayment(Command):
    """Refund payment: undoes `ProcessPayment`."""

    stored_name = "RefundPayment"

    payment_id: str | None = None
    amount: Decimal
    currency: str


class PaymentRefunded(Event):
    """Payment is refunded."""

    stored_name = "PaymentRefunded"


# Logistics Service


class ScheduleFreightShipping(Command):
    """Schedule freight shipping."""

    stored_name = "ScheduleFreightShipping"

    order_id: str
    address: str


class FreightShippingScheduled(Event):
    """Freight shipping is scheduled."""

    stored_name = "FreightShippingScheduled"

    shipment_id: str


class CalendarFull(Refusal):
    """Refuses `ScheduleFreightShipping`; `reason` says why."""

    stored_name = "CalendarFull"


class CancelFreightShipping(Command):
    """Cancel freight shipping: undoes `ScheduleFreightShipping`."""

    stored_name = "CancelFreightShipping"

    shipment_id: str | None = None


class FreightShippingCancelled(Event):
    """Freight shipping is cancelled."""

    stored_name = "FreightShippingCancelled"


# CRM Service


class DeductLoyaltyPoints(Command):
    """Deduct loyalty points."""

    stored_name = "DeductLoyaltyPoints"

    order_id: str
    customer_id: str
    points: int


class LoyaltyPointsDeducted(Event):
    """Loyalty points are deducted."""

    stored_name = "LoyaltyPointsDeducted"

    loyalty_transaction_id: str


class NotEnoughPoints(Refusal):
    """Refuses `DeductLoyaltyPoints`; `reason` says why."""

    stored_name = "NotEnoughPoints"


class RestoreLoyaltyPoints(Command):
    """Restore loyalty points: undoes `DeductLoyaltyPoints`."""

    stored_name = "RestoreLoyaltyPoints"

    loyalty_transaction_id: str | None = None
    points: int


class LoyaltyPointsRestored(Event):
    """Loyalty points are restored."""

    stored_name = "LoyaltyPointsRestored"
