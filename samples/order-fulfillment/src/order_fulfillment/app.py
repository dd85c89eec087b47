"""Who handles what in order fulfillment."""

from decimal import Decimal
from pathlib import Path

from .application import Application
from .contexts import crm, inventory, logistics, payment
from .messages import StartOrderFulfillment
from .orchestrator.definitions import load_definitions
from .participant.handlers import Handling, Participant
from .saga import saga

application = Application(
    saga=saga,
    definitions=load_definitions(Path(__file__).parent / "orchestrator" / "definitions"),
    participants=(
        Participant(
            context="inventory",
            handlings=(
                Handling(
                    step="reserve-inventory",
                    do=inventory.reserve_inventory,
                    undo=inventory.release_inventory,
                ),
            ),
            metadata=inventory.Table.metadata,
        ),
        Participant(
            context="payment",
            handlings=(
                Handling(
                    step="process-payment",
                    do=payment.process_payment,
                    undo=payment.refund_payment,
                    find=payment.find_process_payment,
                ),
            ),
        ),
        Participant(
            context="logistics",
            handlings=(
                Handling(
                    step="schedule-freight-shipping",
                    do=logistics.schedule_freight_shipping,
                    undo=logistics.cancel_freight_shipping,
                ),
            ),
            metadata=logistics.Table.metadata,
        ),
        Participant(
            context="crm",
            handlings=(
                Handling(
                    step="deduct-loyalty-points",
                    do=crm.deduct_loyalty_points,
                    undo=crm.restore_loyalty_points,
                ),
            ),
            metadata=crm.Table.metadata,
        ),
    ),
    example=StartOrderFulfillment(
        order_id="order-1",
        sku="sku-1",
        quantity=2,
        amount=Decimal("39.90"),
        currency="EUR",
        address="1 Main Street",
        customer_id="customer-1",
        points=2,
    ),
)
