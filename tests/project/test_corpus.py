"""Real texts and documents become projects that pass their own checks. `CORPUS=all` takes all of them, CI a few."""

import os
from pathlib import Path

import pytest

from project.projects import passes_its_own_checks, written
from saga_scaffold.architect.settings import Architect
from saga_scaffold.build import project_tree
from saga_scaffold.console import Progress
from saga_scaffold.source import read_source
from saga_scaffold.understand import Wanted, understand

CORPUS = Path(__file__).parents[1] / "corpus"
FEW = [
    "workflows/original-test-case.txt",
    "workflows/sfn-trip-saga.txt",
    "workflows/sagaz-live-streaming.txt",
    "architectures/settlement-asl.md",
    "architectures/laravel-booking.md",
]
ALL = sorted(str(path.relative_to(CORPUS)) for suffix in ("txt", "md") for path in CORPUS.rglob(f"*.{suffix}"))
CASES = ALL if os.environ.get("CORPUS") == "all" else FEW


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_a_real_case_becomes_a_project_that_passes_its_own_checks(case: str, tmp_path: Path) -> None:
    progress = Progress(quiet=True)
    source = read_source(str(CORPUS / case))
    designed = understand(source, "project", Wanted(Architect.OFFLINE), progress)

    project = written(project_tree(designed.spec, progress), tmp_path / "project")

    passes_its_own_checks(project)
