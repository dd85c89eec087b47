"""Shipping Service: what it does for an order."""

from runtime.participant.transaction import Transaction

from ..messages import ArrangeShipment, ShipmentArranged, ShipmentNotArranged


async def arrange_shipment(command: ArrangeShipment, tx: Transaction) -> ShipmentArranged | ShipmentNotArranged:
    """Hand the parcel to a carrier, or say why not."""
    return ShipmentArranged(tracking_number=tx.new_id("tracking"))
