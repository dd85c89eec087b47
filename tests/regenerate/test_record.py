"""What is recorded, what is refused, and what waits for its owner."""

import json

import pytest

from regenerate.owner import HANDLERS, Owner
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.regenerate import journal, waiting
from saga_scaffold.regenerate.regenerate import look
from saga_scaffold.regeneration import findings

LOCK = ".saga-scaffold/lock.json"


def in_conflict(owner: Owner) -> Owner:
    owner.change(HANDLERS, '"""Reserve stock, or say why not."""', '"""Hold what the customer wants."""')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")
    owner.regenerate()
    return owner


def problem(owner: Owner) -> str:
    with pytest.raises(ScaffoldError) as raised:
        look(owner.project)
    return raised.value.problem


def test_a_directory_without_a_record_is_no_project(owner: Owner) -> None:
    (owner.project / LOCK).unlink()

    assert problem(owner).endswith("is no project of saga-scaffold: there is no `.saga-scaffold/lock.json`")


def test_a_record_of_a_newer_generator_is_refused(owner: Owner) -> None:
    lock = json.loads(owner.read(LOCK))
    owner.write(LOCK, json.dumps({**lock, "version": 99, "generator": "9.9"}))

    assert "was written by saga-scaffold 9.9, which is newer" in problem(owner)


def test_a_newer_generator_is_not_undone_by_an_older_one(owner: Owner) -> None:
    lock = json.loads(owner.read(LOCK))
    owner.write(LOCK, json.dumps({**lock, "generator": "99.1.0"}))

    assert "was written by saga-scaffold 99.1.0, which is newer than this one" in problem(owner)


@pytest.mark.parametrize("version", [7, 0, -1, "1", None])
def test_a_version_that_is_not_the_recorded_one_is_refused(owner: Owner, version: object) -> None:
    lock = json.loads(owner.read(LOCK))
    owner.write(LOCK, json.dumps({**lock, "definition": version}))

    assert f"version {version} of the structure is not the newest that it lists" in problem(owner)


def test_an_earlier_version_does_not_go_because_its_record_is_missing(owner: Owner) -> None:
    owner.change("saga.yaml", "command: RefundPayment", "command: ReverseCharge")
    owner.regenerate()
    (owner.project / ".saga-scaffold/specs/v1.yaml").unlink()

    assert problem(owner) == "`.saga-scaffold/specs/v1.yaml` is missing, or was changed"


def test_a_record_that_was_edited_by_hand_is_refused(owner: Owner) -> None:
    owner.write(LOCK, "{ not json")

    assert problem(owner).startswith("`.saga-scaffold/lock.json` cannot be read")


def test_a_file_whose_record_does_not_fit_counts_as_the_owners(owner: Owner) -> None:
    owner.change(f".saga-scaffold/base/{HANDLERS}.base", "Inventory", "Warehouse")
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")
    before = owner.read(HANDLERS)

    owner.regenerate()

    assert owner.read(HANDLERS) == before
    assert "StockBlocked" in owner.read(f"{HANDLERS}.proposed")


def test_a_package_is_not_renamed_by_the_way(owner: Owner) -> None:
    owner.change("saga.yaml", "package: shop", "package: store")

    assert problem(owner) == "`package` was changed from `shop` to `store`"


def test_conflicts_wait_and_the_next_run_is_refused(owner: Owner) -> None:
    in_conflict(owner)

    assert problem(owner) == "the conflicts of the last regeneration are not resolved yet"


def test_nothing_continues_while_markers_are_left(owner: Owner) -> None:
    in_conflict(owner)

    with pytest.raises(ScaffoldError) as raised:
        waiting.continued(owner.project)

    assert raised.value.problem.startswith(f"there are conflicts left: {HANDLERS}:")


def test_what_is_left_of_a_conflict_is_found_without_its_first_line(owner: Owner) -> None:
    owner.change("README.md", "Reserve stock, take the payment", "Take the stock, take the payment")
    owner.change("saga.yaml", "summary: Reserve stock,", "summary: Put stock aside,")
    owner.regenerate()
    owner.change("README.md", "<<<<<<< your code\n", "")

    with pytest.raises(ScaffoldError, match=r"there are conflicts left: README\.md:4"):
        waiting.continued(owner.project)


def test_check_names_every_conflict_and_changes_nothing(owner: Owner) -> None:
    in_conflict(owner)
    before = owner.contents()

    found = list(findings(owner.project))

    assert [one.rule for one in found] == ["pending", "conflict"]
    assert str(found[1].place).startswith(f"{HANDLERS}:")
    assert owner.contents() == before


def test_a_proposal_that_its_owner_works_on_stays(owner: Owner) -> None:
    owner.change(f".saga-scaffold/base/{HANDLERS}.base", "Inventory", "Warehouse")
    owner.write(f"{HANDLERS}.proposed", "what I took from the last one\n")
    owner.change("saga.yaml", "failure: StockNotReserved", "failure: [StockNotReserved, StockBlocked]")

    owner.regenerate()

    assert owner.read(f"{HANDLERS}.proposed") == "what I took from the last one\n"
    assert "StockBlocked" in owner.read(f"{HANDLERS}.proposed-2")


def test_resolved_conflicts_move_the_record_on(owner: Owner) -> None:
    in_conflict(owner)
    marked = owner.read(HANDLERS)
    start, end = marked.index("<<<<<<<"), marked.index(">>>>>>> generated now\n")
    owner.write(HANDLERS, marked[:start] + '    """Mine."""\n' + marked[end:].removeprefix(">>>>>>> generated now\n"))

    journal.apply(owner.project, waiting.continued(owner.project), {})

    assert not (owner.project / ".saga-scaffold/waiting").exists()
    assert owner.verdicts(owner.regenerate()) == {HANDLERS: "kept"}
    assert '"""Mine."""' in owner.read(HANDLERS)


def test_an_abort_brings_back_every_file(owner: Owner) -> None:
    owner.change(HANDLERS, '"""Reserve stock, or say why not."""', '"""Hold what the customer wants."""')
    owner.change("saga.yaml", "    command: ReserveStock", "    title: Put stock aside\n    command: ReserveStock")
    before = owner.contents()
    owner.regenerate()
    assert owner.contents() != before

    journal.apply(owner.project, waiting.aborted(owner.project), {})

    assert owner.contents() == before


def test_a_version_that_is_drained_can_be_dropped(owner: Owner) -> None:
    owner.change("saga.yaml", "command: RefundPayment", "command: ReverseCharge")
    owner.regenerate()
    assert "async def refund_payment" in owner.read("src/shop/contexts/payment.py")

    from saga_scaffold.regenerate.regenerate import write

    write(owner.prepared(drop=1))

    assert "async def refund_payment" not in owner.read("src/shop/contexts/payment.py")
    assert not (owner.project / "src/shop/orchestrator/definitions/v1.json").exists()


@pytest.mark.parametrize(
    ("version", "told"), [(1, "v1 is what new sagas run by"), (7, "there is no v7 to drop")], ids=["today's", "unknown"]
)
def test_what_cannot_be_dropped_is_refused(owner: Owner, version: int, told: str) -> None:
    with pytest.raises(ScaffoldError, match=told):
        look(owner.project, drop=version)
