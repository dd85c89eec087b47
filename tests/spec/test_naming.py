"""Names out of any words: spelled as asked for, safe where they end up."""

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saga_scaffold.spec import naming, reserved

SPELLINGS = [
    ("ReserveInventory", "reserve-inventory", "ReserveInventory", "reserve_inventory", "Reserve inventory"),
    ("reserve CRM points", "reserve-crm-points", "ReserveCRMPoints", "reserve_crm_points", "Reserve CRM points"),
    ("RESERVE_STOCK", "reserve-stock", "ReserveStock", "reserve_stock", "Reserve stock"),
    ("customer's order", "customers-order", "CustomersOrder", "customers_order", "Customers order"),
    ("3DS check", "3ds-check", "3DSCheck", "3ds_check", "3DS check"),
    ("Größe prüfen", "grosse-prufen", "GrossePrufen", "grosse_prufen", "Grosse prufen"),
    ("Bestätige Łódź", "bestatige-lodz", "BestatigeLodz", "bestatige_lodz", "Bestatige lodz"),
    (
        "wallet.hold-funds.v1",
        "wallet-hold-funds-v1",
        "WalletHoldFundsV1",
        "wallet_hold_funds_v1",
        "Wallet hold funds v1",
    ),
    ("postIDsNow", "post-ids-now", "PostIDsNow", "post_ids_now", "Post IDs now"),
    ("Retry2Go", "retry2-go", "Retry2Go", "retry2_go", "Retry2 go"),
    ("予約", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "kebab", "pascal", "snake", "sentence"), SPELLINGS)
def test_words_are_spelled_as_asked_for(text: str, kebab: str, pascal: str, snake: str, sentence: str) -> None:
    assert naming.kebab(text) == kebab
    assert naming.pascal(text) == pascal
    assert naming.snake(text) == snake
    assert naming.screaming(text) == snake.upper()
    assert naming.sentence(text) == sentence


def test_a_running_state_is_what_is_being_done() -> None:
    assert naming.running_state("ReserveInventory") == "RESERVING_INVENTORY"
    assert naming.running_state("ShipOrderCommand") == "SHIPPING_ORDER"
    assert naming.running_state("3DSCheck") == "3DS_CHECK"
    assert naming.running_state("") == ""


def test_words_of_python_and_of_the_project_get_another_word() -> None:
    assert naming.step_id("class") == "class-step"
    assert naming.field_name("date") == "date_value"
    assert naming.field_name("saga id") == "saga_id_value"
    assert naming.context_name("Messages") == "messages-context"
    assert naming.message_name("return") == "ReturnMessage"
    assert naming.message_name("Timeout Error") == "TimeoutErrorMessage"
    assert naming.safe_package("email") == "email_saga"
    assert naming.safe_package("予約") == "saga_project"
    assert naming.safe_package("My Shop!") == "my_shop"


def test_a_name_that_starts_with_a_digit_gets_a_word_before_it() -> None:
    assert naming.step_id("2 phase") == "step-2-phase"
    assert naming.message_name("3DS check") == "Run3DSCheck"
    assert naming.safe_package("24h shop") == "saga_24h_shop"


@pytest.mark.parametrize("make", [naming.step_id, naming.field_name, naming.context_name, naming.message_name])
def test_a_text_without_a_word_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match="there is no word in '予約' to make a name of"):
        make("予約")


@given(st.text())
def test_names_are_safe_whatever_they_are_made_of(text: str) -> None:
    assert naming.SNAKE.fullmatch(naming.safe_package(text))
    if not naming.words(text):
        return
    assert naming.KEBAB.fullmatch(naming.step_id(text))
    assert naming.KEBAB.fullmatch(naming.context_name(text))
    assert naming.SNAKE.fullmatch(naming.field_name(text))
    assert naming.PASCAL.fullmatch(naming.message_name(text))
    assert naming.field_name(text) not in reserved.FIELDS
    assert not reserved.is_message(naming.message_name(text))


@given(st.text(alphabet="abcXYZ 19-_", min_size=60))
def test_names_stay_within_their_length(text: str) -> None:
    if naming.words(text):
        made = (naming.step_id(text), naming.field_name(text), naming.message_name(text), naming.safe_package(text))
        assert max(map(len, made)) <= naming.LONGEST


@pytest.mark.parametrize("word", keyword.kwlist)
def test_no_keyword_becomes_a_name(word: str) -> None:
    made = {naming.field_name(word), naming.snake(naming.message_name(word)), naming.safe_package(word)}
    assert not made & set(keyword.kwlist)


def test_the_first_free_name_is_taken() -> None:
    assert naming.distinct("pay", []) == "pay"
    assert naming.distinct("pay", ["pay", "pay-2"]) == "pay-3"
    assert len(naming.distinct("p" * 64, ["p" * 64])) == 64


def test_topics_are_what_kafka_takes() -> None:
    assert naming.is_topic("wallet.hold-funds.v1")
    assert not any(map(naming.is_topic, ["", ".", "..", "a/b", "größe", "t" * 250, "a b", "a\n"]))
    assert naming.topic_name("Wallet / Größe!") == "Wallet-Grosse"


def test_topics_that_differ_in_dots_and_underscores_only_are_the_same_to_kafka() -> None:
    assert naming.metric_name("a.b_c") == naming.metric_name("a_b.c")
