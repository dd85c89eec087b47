"""Order fulfillment, step by step.

1. Reserve inventory          undone by: release inventory
2. Process payment            undone by: refund payment
3. Schedule freight shipping  undone by: cancel freight shipping
4. Deduct loyalty points      undone by: restore loyalty points
"""

from datetime import timedelta

from .messages import (
    CalendarFull,
    CancelFreightShipping,
    DeductLoyaltyPoints,
    FreightShippingCancelled,
    FreightShippingScheduled,
    InventoryReleased,
    InventoryReserved,
    LoyaltyPointsDeducted,
    LoyaltyPointsRestored,
    NotEnoughPoints,
    OutOfStock,
    PaymentDeclined,
    PaymentProcessed,
    PaymentRefunded,
    ProcessPayment,
    RefundPayment,
    ReleaseInventory,
    ReserveInventory,
    RestoreLoyaltyPoints,
    ScheduleFreightShipping,
    StartOrderFulfillment,
)
from .story import Saga, Step

saga = Saga(
    name="order-fulfillment",
    title="Order fulfillment",
    version=1,
    starts=StartOrderFulfillment,
    deadline=timedelta(days=1),
    steps=(
        Step(
            id="reserve-inventory",
            title="Reserve inventory",
            do=ReserveInventory,
            done=InventoryReserved,
            refused=(OutOfStock,),
            undo=ReleaseInventory,
            undone=InventoryReleased,
            timeout=timedelta(seconds=30),
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
        ),
        Step(
            id="schedule-freight-shipping",
            title="Schedule freight shipping",
            do=ScheduleFreightShipping,
            done=FreightShippingScheduled,
            refused=(CalendarFull,),
            undo=CancelFreightShipping,
            undone=FreightShippingCancelled,
            timeout=timedelta(seconds=30),
        ),
        Step(
            id="deduct-loyalty-points",
            title="Deduct loyalty points",
            do=DeductLoyaltyPoints,
            done=LoyaltyPointsDeducted,
            refused=(NotEnoughPoints,),
            undo=RestoreLoyaltyPoints,
            undone=LoyaltyPointsRestored,
            timeout=timedelta(seconds=30),
        ),
    ),
)
