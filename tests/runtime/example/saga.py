"""How an order is fulfilled: four steps, and the way back."""

from datetime import timedelta

from runtime.story import Retry, Saga, Step

from .messages import (
    ArrangeShipment,
    ConfirmationSent,
    InventoryNotReserved,
    InventoryReleased,
    InventoryReserved,
    PaymentDeclined,
    PaymentProcessed,
    PaymentRefunded,
    ProcessPayment,
    RefundPayment,
    ReleaseInventory,
    ReserveInventory,
    SendConfirmation,
    ShipmentArranged,
    ShipmentNotArranged,
    StartOrderFulfillment,
)

saga = Saga(
    name="order-fulfillment",
    title="Order fulfillment",
    version=1,
    starts=StartOrderFulfillment,
    deadline=timedelta(minutes=10),
    steps=(
        Step(
            id="reserve-inventory",
            title="Reserve inventory",
            do=ReserveInventory,
            done=InventoryReserved,
            refused=(InventoryNotReserved,),
            undo=ReleaseInventory,
            undone=InventoryReleased,
            timeout=timedelta(seconds=30),
            retry=Retry(),
        ),
        Step(
            id="process-payment",
            title="Process payment",
            do=ProcessPayment,
            done=PaymentProcessed,
            refused=(PaymentDeclined,),
            undo=RefundPayment,
            undone=PaymentRefunded,
            timeout=timedelta(seconds=30),
            retry=Retry(),
        ),
        Step(
            id="arrange-shipment",
            title="Arrange shipment",
            do=ArrangeShipment,
            done=ShipmentArranged,
            refused=(ShipmentNotArranged,),
            undo=None,
            undone=None,
            because="it is the point of no return",
            timeout=timedelta(seconds=30),
            retry=Retry(),
        ),
        Step(
            id="send-confirmation",
            title="Send confirmation",
            do=SendConfirmation,
            done=ConfirmationSent,
            refused=(),
            undo=None,
            undone=None,
            because="a message cannot be unsent",
            timeout=timedelta(seconds=30),
            retry=Retry(),
        ),
    ),
)
