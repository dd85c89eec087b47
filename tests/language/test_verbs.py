"""The forms of verbs, what undoes them, and what they are about."""

import pytest

from saga_scaffold.language import verbs
from saga_scaffold.language.objects import business_object, singular
from saga_scaffold.language.verb_table import NOTHING_TO_UNDO, UNDONE_BY
from saga_scaffold.spec.naming import running_state


@pytest.mark.parametrize(
    ("verb", "gerund", "participle"),
    [
        ("reserve", "reserving", "reserved"),
        ("ship", "shipping", "shipped"),
        ("pay", "paying", "paid"),
        ("notify", "notifying", "notified"),
        ("cancel", "cancelling", "cancelled"),
        ("deliver", "delivering", "delivered"),
        ("withdraw", "withdrawing", "withdrawn"),
        ("roll back", "rolling back", "rolled back"),
        ("tie", "tying", "tied"),
        ("deploy", "deploying", "deployed"),
        ("Whitelist", "whitelisting", "whitelisted"),
    ],
)
def test_a_verb_has_its_gerund_and_participle(verb: str, gerund: str, participle: str) -> None:
    assert (verbs.gerund(verb), verbs.participle(verb)) == (gerund, participle)


def test_every_form_leads_back_to_its_verb() -> None:
    for verb in {*UNDONE_BY, *NOTHING_TO_UNDO}:
        first = verb.split()[0]
        assert first in {verbs.base_form(verbs.gerund(first)), verbs.base_form(verbs.third_person(first))}


def test_an_unknown_word_is_no_verb_and_still_has_a_likely_base() -> None:
    assert not verbs.is_verb("inventory")
    assert verbs.base_form("zorbles") is None
    assert verbs.guess_base("containerised") == "containerise"
    assert verbs.guess_base("whitelists") == "whitelist"


@pytest.mark.parametrize(
    ("verb", "thing", "undo"),
    [
        ("reserve", "inventory", "release"),
        ("process", "payment", "refund"),
        ("process", "", "cancel"),
        ("charged", "the credit card", "refund"),
        ("create", "order", "cancel"),
        ("create", "a user", "delete"),
        ("deduct", "loyalty points", "restore"),
        ("debit", "account", "credit"),
        ("schedule", "freight shipping", "cancel"),
        ("confirm", "order", None),
    ],
)
def test_the_usual_undo_depends_on_the_verb_and_on_the_thing(verb: str, thing: str, undo: str | None) -> None:
    assert verbs.usual_undo(verb, thing) == undo


def test_a_phrase_is_about_its_last_known_noun() -> None:
    shipment, points = business_object("schedule freight shipping"), business_object("Deduct Loyalty Points")

    assert shipment
    assert shipment.gives == (("shipment_id", "string"),)
    assert points
    assert ("points", "integer") in points.takes
    assert business_object("quench") is None


def test_singulars() -> None:
    assert [singular(noun) for noun in ("points", "batches", "addresses", "address", "deliveries", "bus")] == [
        "point",
        "batch",
        "address",
        "address",
        "delivery",
        "bus",
    ]


def test_the_label_of_a_running_saga_is_a_gerund() -> None:
    assert running_state("ReserveInventory") == "RESERVING_INVENTORY"
    assert running_state("ShipOrder") == "SHIPPING_ORDER"
