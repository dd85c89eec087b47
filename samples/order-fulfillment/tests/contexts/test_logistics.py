"""Logistics Service: shipments fill the calendar, and leave it again."""

from order_fulfillment.contexts import logistics
from order_fulfillment.messages import (
    CalendarFull,
    CancelFreightShipping,
    FreightShippingCancelled,
    FreightShippingScheduled,
    ScheduleFreightShipping,
)

from calling import call
from pytest import MonkeyPatch

SHIP = ScheduleFreightShipping(order_id="order-1", address="1 Main Street")


def test_a_shipment_gets_a_place_on_a_truck() -> None:
    assert isinstance(call("logistics", (logistics.schedule_freight_shipping, SHIP)), FreightShippingScheduled)


def test_a_full_calendar_refuses(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(logistics, "PLACES", 0)

    answer = call("logistics", (logistics.schedule_freight_shipping, SHIP))

    assert answer == CalendarFull(reason=f"no truck has room within {logistics.HORIZON} days")


def test_a_cancelled_shipment_frees_its_place(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(logistics, "PLACES", 1)
    monkeypatch.setattr(logistics, "HORIZON", 1)
    ship = (logistics.schedule_freight_shipping, SHIP)
    planned = call("logistics", ship)
    assert isinstance(planned, FreightShippingScheduled)
    cancel = (logistics.cancel_freight_shipping, CancelFreightShipping(shipment_id=planned.shipment_id))

    assert isinstance(call("logistics", ship, ship), CalendarFull)
    assert call("logistics", ship, cancel) == FreightShippingCancelled()
    assert isinstance(call("logistics", ship, cancel, ship), FreightShippingScheduled)
