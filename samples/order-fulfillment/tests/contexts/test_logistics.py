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
    monkeypatch.setattr(logistics, "TRUCKS", 0)

    answer = call("logistics", (logistics.schedule_freight_shipping, SHIP))

    assert answer == CalendarFull(reason=f"no truck has room within {logistics.HORIZON} days")


def test_a_cancelled_shipment_frees_its_place() -> None:
    planned = call("logistics", (logistics.schedule_freight_shipping, SHIP))
    assert isinstance(planned, FreightShippingScheduled)
    cancel = CancelFreightShipping(shipment_id=planned.shipment_id)

    answer = call("logistics", (logistics.schedule_freight_shipping, SHIP), (logistics.cancel_freight_shipping, cancel))

    assert answer == FreightShippingCancelled()
