"""Who fulfills an order: the composition of the example."""

from decimal import Decimal
from pathlib import Path

from runtime.application import Application
from runtime.orchestrator.definitions import load_definitions
from runtime.participant.handlers import Handling, Participant

from .contexts import inventory, notification, payment, shipping
from .messages import StartOrderFulfillment
from .saga import saga

application = Application(
    saga=saga,
    definitions=load_definitions(Path(__file__).parent / "definitions"),
    participants=(
        Participant(
            "inventory", (Handling("reserve-inventory", inventory.reserve_inventory, inventory.release_inventory),)
        ),
        Participant(
            "payment",
            (
                Handling(
                    "process-payment", payment.process_payment, payment.refund_payment, payment.find_process_payment
                ),
            ),
        ),
        Participant("shipping", (Handling("arrange-shipment", shipping.arrange_shipment),)),
        Participant("notification", (Handling("send-confirmation", notification.send_confirmation),)),
    ),
    example=StartOrderFulfillment(
        order_id="order-1", sku="tea-pot", quantity=2, amount=Decimal("39.90"), email="ada@example.com"
    ),
)
