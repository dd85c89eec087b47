"""A project cannot be called like what it installs, or like what stands beside it: one would hide the other."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import PurePosixPath

import pytest

from project.projects import tree_of
from project.sagas import ONE_STEP
from saga_scaffold.project.tree import Tree
from saga_scaffold.spec import naming, reserved


@pytest.fixture(scope="module")
def project() -> Tree:
    return tree_of(ONE_STEP)


def test_no_project_is_called_like_a_distribution_that_it_asks_for(project: Tree) -> None:
    names = {name.replace("-", "_") for name in asked_for(project)}

    assert len(names) > 10
    assert sorted(names - reserved.PACKAGES) == []


def test_no_project_is_called_like_a_module_that_it_asks_for(project: Tree) -> None:
    asked = asked_for(project)
    modules = {name for name, whose in packages_distributions().items() if asked & {one.lower() for one in whose}}

    assert "yaml" in modules
    assert sorted(name for name in modules - reserved.PACKAGES if naming.SNAKE.fullmatch(name)) == []


def test_no_project_is_called_like_a_module_of_its_own_tests(project: Tree) -> None:
    modules = {path.stem for path in project if path.match("tests/*.py") and not path.stem.startswith("test_")}

    assert modules
    assert sorted(modules - reserved.PACKAGES) == []


@pytest.mark.parametrize("name", ["click", "dotenv", "greenlet", "pydantic_core", "rich", "typing_extensions"])
def test_no_project_is_called_like_what_comes_along(name: str) -> None:
    assert naming.safe_package(name) == f"{name}_saga"


def asked_for(project: Tree) -> set[str]:
    """The distributions that the project names: it needs them, may need them, or is worked on with them."""
    told = tomllib.loads(project[PurePosixPath("pyproject.toml")])
    extras = [one for wanted in told["project"]["optional-dependencies"].values() for one in wanted]
    wanted = [*told["project"]["dependencies"], *extras, *told["dependency-groups"]["dev"]]
    return {re.split(r"[^a-z0-9-]", one)[0] for one in wanted}
