"""Whole projects: random owners with random changes of the saga, and projects that earlier versions have generated."""

import ast
import tarfile
from pathlib import Path

import pytest

from regenerate.fuzzing import fuzz
from regenerate.owner import Owner
from regenerate.release import EDITS, OWN, RELEASED
from saga_scaffold import __version__


@pytest.mark.slow
def test_nothing_of_any_owner_is_lost_whatever_changes_in_the_saga(tmp_path: Path) -> None:
    account = fuzz(tmp_path, seed=7, sagas=4, owners=4)

    assert account.pairs > 16
    assert (account.lost, account.broken, account.restless) == ([], [], [])


def test_this_version_has_left_its_project() -> None:
    assert (RELEASED / f"{__version__}.tar.gz").is_file(), "run `python -m regenerate.release`"


@pytest.mark.parametrize(
    "archive", sorted(RELEASED.glob("*.tar.gz")), ids=lambda path: path.name.removesuffix(".tar.gz")
)
def test_the_project_of_a_released_version_is_brought_up_to_date(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "shop", filter="data")
    owner = Owner(tmp_path / "shop")

    prepared = owner.regenerate()

    assert not prepared.needs_a_person
    for path, (_, new) in EDITS.items():
        kept = [line for line in new.splitlines() if "owner's" in line]
        assert all(line in owner.read(path) for line in kept), path
    assert all(owner.read(path) == text for path, text in OWN.items())
    for file in owner.project.rglob("*.py"):
        ast.parse(file.read_text(encoding="utf-8"))
    assert owner.prepared().touched == ()
