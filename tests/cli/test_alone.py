"""Two runs of `regenerate` on one project: the second is refused, and nothing is left of a first that was killed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cli.conftest import ROOT, Scaffold
from regenerate.owner import SAGA, Owner

TEXT = "1. Reserve stock (Inventory Service), 2. Take payment (Payment Service), 3. Send parcel (Shipping Service)."
REFUSED = (
    "error: another run of `saga-scaffold regenerate` is at work on `shop`\n\n"
    "hint: nothing was changed; run it again when the other one has ended\n"
)


@pytest.fixture
def owner(scaffold: Scaffold, tmp_path: Path) -> Owner:
    (tmp_path / "saga.yaml").write_text(SAGA, encoding="utf-8")
    assert scaffold("new", "saga.yaml", "shop", "--no-smoke").status == 0
    return Owner(tmp_path / "shop")


@contextmanager
def at_work(owner: Owner) -> Iterator[subprocess.Popen[bytes]]:
    """A run that waits for the text of its workflow; what it says before that shows that it has begun."""
    owner.write(".saga-scaffold/pending/journal.json", "{}")
    command = [sys.executable, "-m", "saga_scaffold", "regenerate", "shop", "--workflow", "-", "--no-smoke"]
    with subprocess.Popen(
        [*command, "--architect", "offline"],
        cwd=owner.project.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator")},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"an interrupted run was finished first\n"
        yield process


@pytest.mark.parametrize("others", [["--no-smoke"], ["--dry-run"], ["--continue"], ["--abort"], ["--workflow", TEXT]])
def test_a_second_run_is_refused_until_the_first_has_ended(scaffold: Scaffold, owner: Owner, others: list[str]) -> None:
    before = owner.contents()
    with at_work(owner) as first:
        second = scaffold("regenerate", "shop", *others)
        assert (second.status, second.out, second.err) == (2, "", REFUSED)
        assert owner.contents() == before
        first.communicate(TEXT.encode())

    assert first.returncode == 0
    assert scaffold("regenerate", "shop", "--no-smoke").status == 0


def test_nothing_is_left_of_a_run_that_was_killed(scaffold: Scaffold, owner: Owner) -> None:
    before = owner.contents()
    with at_work(owner) as first:
        first.kill()

    assert scaffold("regenerate", "shop", "--no-smoke").status == 0
    assert owner.contents() == before


def test_projects_beside_each_other_do_not_wait_for_each_other(scaffold: Scaffold, owner: Owner) -> None:
    assert scaffold("new", "saga.yaml", "other", "--no-smoke").status == 0
    with at_work(owner) as first:
        assert scaffold("regenerate", "other", "--no-smoke").status == 0
        first.kill()
