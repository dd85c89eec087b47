"""A project to change, made once and copied for each test."""

import shutil
from pathlib import Path

import pytest

from regenerate.owner import Owner, new_project


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_project(tmp_path_factory.mktemp("generated") / "shop").project


@pytest.fixture
def owner(generated: Path, tmp_path: Path) -> Owner:
    shutil.copytree(generated, tmp_path / "shop")
    return Owner(tmp_path / "shop")
