"""Inventory Service: stock is held, runs out, and comes back."""

from order_fulfillment.contexts import inventory
from order_fulfillment.messages import (
    InventoryReleased,
    InventoryReserved,
    OutOfStock,
    ReleaseInventory,
    ReserveInventory,
)

from calling import call


def reserve(quantity: int) -> ReserveInventory:
    return ReserveInventory(order_id="order-1", sku="tea-pot", quantity=quantity)


def test_pieces_are_held_for_the_order() -> None:
    assert isinstance(call("inventory", (inventory.reserve_inventory, reserve(2))), InventoryReserved)


def test_stock_runs_out() -> None:
    first, second = reserve(inventory.DELIVERED - 1), reserve(2)

    answer = call("inventory", (inventory.reserve_inventory, first), (inventory.reserve_inventory, second))

    assert answer == OutOfStock(reason="there are no 2 pieces of tea-pot")


def test_released_pieces_can_be_reserved_again() -> None:
    all_of_it = reserve(inventory.DELIVERED)
    held = call("inventory", (inventory.reserve_inventory, all_of_it))
    assert isinstance(held, InventoryReserved)
    release = ReleaseInventory(reservation_id=held.reservation_id)

    answer = call(
        "inventory",
        (inventory.reserve_inventory, all_of_it),
        (inventory.release_inventory, release),
        (inventory.reserve_inventory, all_of_it),
    )

    assert isinstance(answer, InventoryReserved)


def test_releasing_twice_gives_the_pieces_back_once() -> None:
    all_of_it = reserve(inventory.DELIVERED)
    held = call("inventory", (inventory.reserve_inventory, all_of_it))
    assert isinstance(held, InventoryReserved)
    release = ReleaseInventory(reservation_id=held.reservation_id)
    twice = [(inventory.release_inventory, release), (inventory.release_inventory, release)]

    assert call("inventory", (inventory.reserve_inventory, all_of_it), *twice) == InventoryReleased()
    more = (inventory.reserve_inventory, reserve(inventory.DELIVERED + 1))
    assert isinstance(call("inventory", (inventory.reserve_inventory, all_of_it), *twice, more), OutOfStock)
