"""Whatever the owner wrote stays, whatever the saga changed arrives, and where both changed the same, it is said."""

from pathlib import Path

import pytest
from project.projects import passes_its_own_checks, run

from regenerate.owner import CODE, HANDLERS, SAGA, Owner
from saga_scaffold.regenerate.lines import OPENING
from saga_scaffold.regenerate.renaming import renames
from saga_scaffold.spec.load import load_spec

PAYMENT, SHIPPING = "src/shop/contexts/payment.py", "src/shop/contexts/shipping.py"
MINE = "    print('mine')\n"
FRAUD_TOO = "  shipping: {title: Shipping Service}\n  fraud: {title: Fraud}\n"
FRAUD = """\
  - id: check-fraud
    context: fraud
    command: CheckFraud
    takes: [order_id]
    success: FraudChecked
    failure: FraudFound
    undo: none
    because: it changes nothing
"""
PICKUP = """\
  - id: offer-pickup
    context: shipping
    command: OfferPickup
    takes: [order_id]
    success: PickupOffered
    failure: PickupNotOffered
    undo: {command: WithdrawPickup, takes: [order_id], success: PickupWithdrawn}

"""


def test_without_a_change_nothing_happens(owner: Owner) -> None:
    before = owner.contents()

    assert owner.verdicts(owner.regenerate()) == {}
    assert owner.contents() == before


def test_a_changed_timeout_reaches_the_story_alone(owner: Owner) -> None:
    owner.change("saga.yaml", "timeout: 30s", "timeout: 77s")

    verdicts = owner.verdicts(owner.regenerate())

    assert verdicts == {"architecture.md": "updated", "docs/fsm.md": "updated", "src/shop/saga.py": "updated"}
    assert "timeout=timedelta(seconds=77)" in owner.read("src/shop/saga.py")


def test_comments_in_the_saga_stay(owner: Owner) -> None:
    owner.change("saga.yaml", "deadline: 24h\n", "deadline: 48h  # what the board wants\n")

    owner.regenerate()

    assert "# what the board wants" in owner.read("saga.yaml")


def test_the_owners_code_stays_when_the_signature_changes(owner: Owner) -> None:
    owner.change(HANDLERS, CODE, "    print(command.sku)  # mine\n" + CODE)
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")

    verdicts = owner.verdicts(owner.regenerate())

    assert verdicts[HANDLERS] == "merged"
    assert "-> StockReserved | StockNotReserved | StockBlocked:" in owner.read(HANDLERS)
    assert "    print(command.sku)  # mine\n" in owner.read(HANDLERS)


def test_a_renamed_command_carries_the_owners_code_along(owner: Owner) -> None:
    owner.change(HANDLERS, CODE, "    print(command.sku)  # mine\n" + CODE)
    owner.change("saga.yaml", "command: ReserveStock", "command: HoldStock")

    owner.regenerate()

    handlers = owner.read(HANDLERS)
    renamed, retired = handlers.index("async def hold_stock"), handlers.index("async def reserve_stock")
    assert "# mine" in handlers[renamed:retired]
    assert "# mine" in handlers[retired:], "running sagas still ask for it"


def test_code_follows_its_step_although_another_step_gets_its_name(owner: Owner) -> None:
    owner.change(HANDLERS, CODE, "    print(command.sku)  # mine\n" + CODE)
    for old, new in (
        ("ReserveStock\n", "Stock\n"),
        ("ReleaseStock,", "ReserveStock,"),
        (" Stock\n", " ReleaseStock\n"),
    ):
        owner.change("saga.yaml", old, new)

    prepared = owner.regenerate()

    assert prepared.conflicts == 0
    forward, undo, *_ = owner.read(HANDLERS).split("async def ")[1:]
    assert forward.startswith("release_stock(command: ReleaseStock,")
    assert undo.startswith("reserve_stock(command: ReserveStock,")
    assert ("# mine" in forward, "# mine" in undo) == (True, False)


def test_a_word_that_another_step_keeps_is_not_renamed() -> None:
    both = SAGA.replace("failure: PaymentDeclined", "failure: StockNotReserved").replace(
        "context: payment\n", "context: inventory\n"
    )
    old = load_spec(both, "saga.yaml")
    new = load_spec(both.replace("failure: StockNotReserved", "failure: OutOfStock", 1), "saga.yaml")

    assert renames(old, new) == {}


def test_a_step_that_goes_leaves_its_code_for_running_sagas(owner: Owner) -> None:
    owner.change(SHIPPING, "    return ParcelSent(", MINE + "    return ParcelSent(")
    text = owner.read("saga.yaml")
    start, end = text.index("  - id: send-parcel"), text.index("terminal:")
    owner.write("saga.yaml", text[:start] + PICKUP + text[end:])

    prepared = owner.regenerate()

    assert prepared.situation.version == 2
    assert "async def offer_pickup" in owner.read(SHIPPING)
    retired = owner.read(SHIPPING)[owner.read(SHIPPING).index("async def send_parcel") :]
    assert MINE in retired
    assert "until=1" in owner.read("src/shop/app.py")


def test_a_context_that_running_sagas_call_cannot_just_go(owner: Owner) -> None:
    text = owner.read("saga.yaml")
    start, end = text.index("  - id: send-parcel"), text.index("terminal:")
    owner.write("saga.yaml", text[:start] + text[end:])
    owner.change("saga.yaml", "  shipping: {title: Shipping Service}\n", "")

    [change] = owner.prepared().situation.diff.breaking

    assert (change.path, change.why) == ("contexts.shipping", "running sagas still call it")


def test_an_inserted_step_touches_no_other_steps_code(owner: Owner) -> None:
    owner.change(
        "saga.yaml", "  - id: take-payment\n", FRAUD.replace("fraud\n", "payment\n") + "  - id: take-payment\n"
    )
    owner.change(PAYMENT, "    return PaymentTaken(", MINE + "    return PaymentTaken(")

    prepared = owner.regenerate()

    verdicts = owner.verdicts(prepared)
    assert prepared.situation.version == 2
    assert verdicts[PAYMENT] == "merged"
    assert HANDLERS not in verdicts
    assert verdicts["src/shop/orchestrator/definitions/v2.json"] == "created"
    assert MINE in owner.read(PAYMENT)


def test_the_owners_own_files_are_never_touched(owner: Owner) -> None:
    owner.write("src/shop/pricing.py", "RATE = 3\n").write("notes.md", "mine\n")
    owner.change("saga.yaml", "deadline: 24h\n", "deadline: 48h\n")

    owner.regenerate()

    assert (owner.read("src/shop/pricing.py"), owner.read("notes.md")) == ("RATE = 3\n", "mine\n")


def test_a_new_file_that_lands_on_the_owners_is_put_beside_it(owner: Owner) -> None:
    owner.write("src/shop/contexts/fraud.py", "mine = True\n")
    owner.change("saga.yaml", "  shipping: {title: Shipping Service}\n", FRAUD_TOO)
    owner.change("saga.yaml", "  - id: take-payment\n", FRAUD + "  - id: take-payment\n")

    prepared = owner.regenerate()

    assert prepared.needs_a_person
    assert owner.read("src/shop/contexts/fraud.py") == "mine = True\n"
    assert "async def check_fraud" in owner.read("src/shop/contexts/fraud.py.proposed")


def test_both_changed_the_same_words_is_a_conflict_that_names_the_sides(owner: Owner) -> None:
    owner.change(HANDLERS, '"""Reserve stock, or say why not."""', '"""Hold what the customer wants."""')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")

    prepared = owner.regenerate()

    assert prepared.conflicts == 1
    assert owner.verdicts(prepared)[HANDLERS] == "conflict"
    marked = owner.read(HANDLERS)
    assert OPENING in marked
    assert "Hold what the customer wants." in marked
    assert "Put stock aside, or say why not." in marked


def test_without_git_a_file_that_both_changed_stays_and_the_other_is_put_beside_it(
    owner: Owner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.change("README.md", "## Tests", "## Our tests")
    owner.change("saga.yaml", "summary: Reserve stock,", "summary: Put stock aside,")
    mine = owner.read("README.md")
    monkeypatch.setenv("PATH", str(tmp_path))

    prepared = owner.regenerate()

    assert prepared.needs_a_person
    assert owner.read("README.md") == mine
    assert "Put stock aside" in owner.read("README.md.proposed")


def test_reformatted_code_is_no_change(owner: Owner) -> None:
    owner.write(HANDLERS, owner.read(HANDLERS).replace('"', "'").replace("'''", '"""'))
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")

    prepared = owner.regenerate()

    assert prepared.conflicts == 0
    assert "StockBlocked" in owner.read(HANDLERS)


def test_a_file_that_the_owner_deleted_stays_deleted(owner: Owner) -> None:
    (owner.project / "docs/asyncapi.yaml").unlink()
    owner.change("saga.yaml", "    timeout: 30s\n", "    timeout: 31s\n")

    owner.regenerate()

    assert not (owner.project / "docs/asyncapi.yaml").exists()


def test_a_second_run_changes_nothing(owner: Owner) -> None:
    owner.change(HANDLERS, CODE, "    print(command.sku)\n" + CODE)
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")
    owner.regenerate()
    before = owner.contents()

    owner.regenerate()

    assert owner.contents() == before


@pytest.mark.slow
def test_the_merged_project_passes_its_own_checks(owner: Owner) -> None:
    owner.change(HANDLERS, CODE, "    print(command.sku)\n" + CODE)
    owner.change("saga.yaml", "command: RefundPayment", "command: ReverseCharge")

    owner.regenerate()

    passes_its_own_checks(owner.project)
    assert run(owner.project, "shop", "demo").returncode == 0
