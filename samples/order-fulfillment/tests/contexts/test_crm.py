"""CRM Service: points are spent, run out, and come back."""

from order_fulfillment.contexts import crm
from order_fulfillment.messages import (
    DeductLoyaltyPoints,
    LoyaltyPointsDeducted,
    NotEnoughPoints,
    RestoreLoyaltyPoints,
)

from calling import call


def deduct(points: int) -> DeductLoyaltyPoints:
    return DeductLoyaltyPoints(order_id="order-1", customer_id="ada", points=points)


def test_points_are_deducted() -> None:
    assert isinstance(call("crm", (crm.deduct_loyalty_points, deduct(100))), LoyaltyPointsDeducted)


def test_a_customer_cannot_spend_more_than_there_is() -> None:
    answer = call("crm", (crm.deduct_loyalty_points, deduct(crm.WELCOME + 1)))

    assert answer == NotEnoughPoints(reason=f"ada has {crm.WELCOME} points, not {crm.WELCOME + 1}")


def test_restored_points_can_be_spent_again() -> None:
    spent = call("crm", (crm.deduct_loyalty_points, deduct(crm.WELCOME)))
    assert isinstance(spent, LoyaltyPointsDeducted)
    restore = RestoreLoyaltyPoints(loyalty_transaction_id=spent.loyalty_transaction_id, points=crm.WELCOME)

    answer = call(
        "crm",
        (crm.deduct_loyalty_points, deduct(crm.WELCOME)),
        (crm.restore_loyalty_points, restore),
        (crm.deduct_loyalty_points, deduct(crm.WELCOME)),
    )

    assert isinstance(answer, LoyaltyPointsDeducted)
