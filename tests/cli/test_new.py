"""`new`: the files it writes, what it says, and that it writes all of them or none."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from cli.conftest import ORIGINAL, ROOT, Scaffold


def test_a_workflow_becomes_a_project(scaffold: Scaffold, tmp_path: Path) -> None:
    ended = scaffold("new", ORIGINAL, "fulfillment", "--no-smoke")

    project = tmp_path / "fulfillment"
    assert ended.status == 0
    for name in ["saga.yaml", "architecture.md", "README.md", "pyproject.toml", "src/fulfillment/saga.py"]:
        assert (project / name).is_file(), name
    assert ended.out.startswith("  cd fulfillment && ")
    assert "the smoke test was skipped" in ended.err


def test_a_project_can_be_written_where_one_stands(scaffold: Scaffold, tmp_path: Path) -> None:
    before = tmp_path.stat().st_ino

    ended = scaffold("new", ORIGINAL, ".", "--no-smoke")

    assert ended.status == 0, ended.err
    assert (tmp_path / "saga.yaml").is_file()
    assert tmp_path.stat().st_ino == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".saga-scaffold-")]


def test_a_skipped_smoke_test_can_be_run_where_no_uv_is_on_the_path(scaffold: Scaffold) -> None:
    ended = scaffold("new", ORIGINAL, "fulfillment", "--no-smoke", PATH="/nowhere")

    [told] = [line for line in ended.err.splitlines() if "the smoke test was skipped" in line]
    uv = told.removeprefix("the smoke test was skipped; this runs it: cd fulfillment && ").removesuffix(" run pytest")
    assert Path(uv).is_file()


def test_the_account_tells_steps_compensations_and_assumptions(scaffold: Scaffold) -> None:
    ended = scaffold("new", ORIGINAL, "fulfillment", "--no-smoke")

    assert "1. Reserve inventory" in ended.err
    assert "undone by Release inventory" in ended.err
    assert "undo                 CancelFreightShipping, RestoreLoyaltyPoints" in ended.err


def test_the_account_as_json(scaffold: Scaffold, tmp_path: Path) -> None:
    ended = scaffold("new", ORIGINAL, "fulfillment", "--no-smoke", "--json")

    account = json.loads(ended.out)
    assert (account["version"], account["kind"], account["directory"]) == (1, "new", "fulfillment")
    assert account["steps"][0]["id"] == "reserve-inventory"
    assert account["smoke"]["verdict"] == "skipped"
    assert (
        50
        < account["files"]
        == sum(not name.startswith(".saga-scaffold") for name in contents(tmp_path / "fulfillment"))
    )
    assert ended.err == ""


def test_two_runs_with_other_hash_seeds_write_the_same_bytes(process: Scaffold, tmp_path: Path) -> None:
    process("new", ORIGINAL, "one/fulfillment", "--no-smoke", PYTHONHASHSEED="1")
    process("new", ORIGINAL, "two/fulfillment", "--no-smoke", PYTHONHASHSEED="2")

    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert one
    assert one == two


def contents(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "saga_scaffold", "new", ORIGINAL, "fulfillment", "--no-smoke"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "generator"), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)

    left = [path.name for path in tmp_path.iterdir()]
    assert process.returncode in (130, 0, -signal.SIGINT)
    assert left == ["fulfillment"] if process.returncode != 130 else left in ([], ["fulfillment"])
    assert not left or (tmp_path / "fulfillment" / "saga.yaml").is_file()
