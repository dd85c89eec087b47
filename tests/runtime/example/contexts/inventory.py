"""Inventory Service: what it does for an order."""

from runtime.participant.transaction import Transaction

from ..messages import InventoryNotReserved, InventoryReleased, InventoryReserved, ReleaseInventory, ReserveInventory


async def reserve_inventory(command: ReserveInventory, tx: Transaction) -> InventoryReserved | InventoryNotReserved:
    """Hold stock for the order, or say why not."""
    return InventoryReserved(reservation_id=tx.new_id("reservation"))


async def release_inventory(command: ReleaseInventory, tx: Transaction) -> InventoryReleased:
    """Undo `reserve_inventory`. It may be called again after a crash; it must succeed in the end."""
    return InventoryReleased()
