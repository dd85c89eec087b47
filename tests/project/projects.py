"""Makes projects from specs, and runs their own checks as their owner would."""

import os
import subprocess
import sys
from pathlib import Path

from saga_scaffold.build import project_tree
from saga_scaffold.console import Progress
from saga_scaffold.project.history import FIRST_VERSION, History
from saga_scaffold.project.publish import publish
from saga_scaffold.project.tree import Tree
from saga_scaffold.spec.check import check
from saga_scaffold.spec.load import load_spec
from saga_scaffold.spec.model import SagaSpec


def sound(text: str) -> SagaSpec:
    """The spec, which `check` must accept."""
    spec = load_spec(text, "saga.yaml")
    assert check(spec) == ()
    return spec


def tree_of(text: str, version: int = FIRST_VERSION, history: History = ()) -> Tree:
    """Every file of the project."""
    return project_tree(sound(text), Progress(quiet=True), version, history)


def written(tree: Tree, directory: Path) -> Path:
    """The project on disk."""
    publish(tree, directory)
    return directory


def passes_its_own_checks(project: Path) -> None:
    """Its tests, mypy strict, black."""
    for command in (["pytest", "-q", "-p", "no:cacheprovider"], ["mypy"], ["black", "--check", "--quiet", "."]):
        done = run(project, *command)
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"


def run(project: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """`python -m …` in the project."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "PYTHON"))}
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=project,
        env={**environment, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
