"""Two versions side by side: what only running sagas still say and do stays in the code, and stays tested."""

from pathlib import Path, PurePosixPath

import pytest

from project.projects import passes_its_own_checks, sound, tree_of, written
from project.sagas import LATER, PARALLEL
from saga_scaffold.project.history import Recorded
from saga_scaffold.project.tree import Tree
from saga_scaffold.project.view.definition import definition_json

HISTORY = (Recorded(1, sound(PARALLEL), definition_json(sound(PARALLEL), 1)),)


@pytest.fixture(scope="module")
def later() -> Tree:
    return tree_of(LATER, 2, HISTORY)


@pytest.mark.slow
def test_a_project_with_two_versions_passes_its_own_checks(later: Tree, tmp_path: Path) -> None:
    project = written(later, tmp_path / "trip")

    passes_its_own_checks(project)


def test_both_definitions_are_kept(later: Tree) -> None:
    folder = PurePosixPath("src/trip/orchestrator/definitions")

    assert later[folder / "v1.json"] == HISTORY[0].definition
    assert '"version": 2' in later[folder / "v2.json"]


def test_a_field_that_running_sagas_do_not_send_is_optional(later: Tree) -> None:
    assert "promo_code: str | None = None" in part(later, "messages.py", "class BookHotel(")


def test_a_retired_undo_keeps_its_handler(later: Tree) -> None:
    assert "Retired in v2" in part(later, "contexts/flights.py", "async def cancel_flight(")
    assert "Retired" not in part(later, "contexts/flights.py", "async def return_tickets(")


def test_a_removed_step_is_still_handled_for_running_sagas(later: Tree) -> None:
    assert "until=1" in part(later, "app.py", "do=mail.send_tickets")


def test_a_message_with_a_new_stored_name_leaves_the_old_class_under_its_version(later: Tree) -> None:
    assert 'stored_name = "ChargeCard"' in part(later, "messages.py", "class ChargeCardV1(")
    assert 'stored_name = "billing.charge.v2"' in part(later, "messages.py", "class ChargeCard(")


def part(tree: Tree, path: str, start: str) -> str:
    """The text of a file from `start` on, up to the next definition."""
    text = tree[PurePosixPath("src/trip") / path]
    return text[text.index(start) :].split("\n\n\n")[0]
