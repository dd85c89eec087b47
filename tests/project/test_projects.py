"""Projects pass their own tests, mypy strict and black; and hold what their reader looks for."""

from pathlib import Path, PurePosixPath

import pytest
from spec.example import ORDER

from project.projects import passes_its_own_checks, run, tree_of, written
from project.sagas import EITHER_OR, ONE_STEP, PARALLEL, SHARED


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [ORDER, ONE_STEP, PARALLEL, EITHER_OR, SHARED],
    ids=["order", "one step", "parallel", "either or", "a shared refusal"],
)
def test_a_project_passes_its_own_checks(text: str, tmp_path: Path) -> None:
    project = written(tree_of(text), tmp_path / "project")

    passes_its_own_checks(project)


def test_the_demo_tells_one_happy_saga_and_one_for_every_refusal(tmp_path: Path) -> None:
    project = written(tree_of(PARALLEL), tmp_path / "trip")

    told = run(project, "trip", "demo")

    assert told.returncode == 0, told.stdout + told.stderr
    titles = [line for line in told.stdout.splitlines() if line and not line.startswith(" ")]
    assert titles == [
        "Book a trip, told with fresh data",
        "All goes well",
        "Book flight is refused",
        "Book hotel is refused",
        "Charge card is refused",
    ]
    assert told.stdout.count("COMPLETED") == 1
    assert told.stdout.count("● Ended") == 4


def test_every_forward_action_stands_next_to_its_undo(tmp_path: Path) -> None:
    module = tree_of(PARALLEL)[PurePosixPath("src/trip/contexts/flights.py")]

    functions = [line.split("(")[0] for line in module.splitlines() if line.startswith("async def")]
    assert functions == ["async def book_flight", "async def cancel_flight"]


def test_a_readme_says_what_it_is_about_where_nobody_has() -> None:
    wordless = PARALLEL.replace("summary: Flight and hotel beside each other, then the bill, then a mail.\n", "")
    told, wordless_told = (tree_of(one)[PurePosixPath("README.md")] for one in (PARALLEL, wordless))

    assert "Flight and hotel beside each other" in told
    assert "A saga of 4 steps across Flights, Hotels, Billing and Mail." in wordless_told


def test_an_external_step_can_be_asked_about() -> None:
    module = tree_of(PARALLEL)[PurePosixPath("src/trip/contexts/billing.py")]

    assert "async def find_charge_card(command: ChargeCard, tx: Transaction) -> CardCharged | CardDeclined:" in module


def test_a_refusal_that_steps_share_is_one_word_of_the_vocabulary() -> None:
    module = tree_of(SHARED)[PurePosixPath("src/loan/messages.py")]

    assert module.count("class Declined(Refusal):") == 1
    assert "Refuses `CheckIncome`, `CheckIdentity` or `HoldMoney`; `reason` says why." in module


def test_a_refusal_that_steps_share_is_tried_in_each_of_them() -> None:
    story = tree_of(SHARED)[PurePosixPath("tests/test_story.py")]

    assert [line.split("(")[0] for line in story.splitlines() if line.startswith("def test_declined")] == [
        "def test_declined_of_check_income_leaves_nothing_to_undo",
        "def test_declined_of_check_identity_undoes_what_was_done",
        "def test_declined_of_hold_money_undoes_what_was_done",
    ]


def test_nothing_looks_generated() -> None:
    tree = tree_of(EITHER_OR)

    for path, text in tree.items():
        if path.parts[0] in {"src", "tests"}:
            assert "do not edit" not in text.lower(), path
            assert "TODO" not in text, path
            assert "saga_scaffold" not in text, path


def test_no_file_names_a_registry_or_a_machine() -> None:
    for path, text in tree_of(ORDER).items():
        assert "pypi" not in text.lower(), path
        assert str(Path.home()) not in text or str(Path.home()) == "/", path
