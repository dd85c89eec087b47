"""Samples are complete projects: in step with the generator, passing their own checks, and copied under any name."""

from pathlib import Path

import pytest
from cli.conftest import Scaffold
from project.projects import passes_its_own_checks, run

from saga_scaffold.build import project_tree
from saga_scaffold.console import Progress
from saga_scaffold.regenerate.regenerate import look, prepare
from saga_scaffold.regeneration import findings

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/saga.yaml"))


@pytest.mark.parametrize("saga", SAMPLES, ids=lambda path: path.parent.name)
def test_regenerating_a_sample_changes_nothing(saga: Path) -> None:
    situation = look(saga.parent)
    tree = project_tree(situation.spec, Progress(quiet=True), situation.version, situation.history)

    prepared = prepare(situation, tree)

    assert [row.path for row in prepared.touched] == []
    assert not situation.diff.changes


@pytest.mark.parametrize("saga", SAMPLES, ids=lambda path: path.parent.name)
def test_a_sample_is_in_step_with_its_saga(saga: Path) -> None:
    assert list(findings(saga.parent)) == []


@pytest.mark.slow
def test_a_copy_of_a_sample_has_its_own_name_and_passes_its_own_checks(scaffold: Scaffold, tmp_path: Path) -> None:
    ended = scaffold("new", "--sample", "order-fulfillment", "corner_shop", "--no-smoke")

    assert ended.status == 0, ended.err
    project = tmp_path / "corner_shop"
    text = "".join(path.read_text(encoding="utf-8") for path in project.rglob("*") if path.is_file())
    assert "order_fulfillment" not in text.replace("order_fulfillment_", "")
    assert "class Stock(Table)" in (project / "src/corner_shop/contexts/inventory.py").read_text(encoding="utf-8")
    passes_its_own_checks(project)
    told = run(project, "corner_shop", "demo")
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_samples_are_listed(scaffold: Scaffold) -> None:
    ended = scaffold("samples")

    assert ended.status == 0
    assert ended.out.startswith("order-fulfillment  Reserve stock")


def test_an_unknown_sample_names_those_there_are(scaffold: Scaffold) -> None:
    ended = scaffold("new", "--sample", "nope", "shop")

    assert (ended.status, ended.err) == (2, "error: there is no sample `nope`\n\nhint: there are: order-fulfillment\n")
