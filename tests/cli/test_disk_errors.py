"""Disks that are full or read-only, files that vanish, and faults of our own: a message, and nothing left behind."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import ORIGINAL, ROOT, Scaffold

from saga_scaffold import cli, source
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project import publish

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "generator"), "NO_COLOR": "1"}


def test_a_directory_that_cannot_be_written_is_told(scaffold: Scaffold) -> None:
    ended = scaffold("new", ORIGINAL, "/proc/nowhere/shop", "--no-smoke")

    assert ended.status == 2
    assert ended.err.endswith(
        "error: cannot write `/proc/nowhere/shop`: no such file or directory; nothing was left behind\n\n"
        "hint: choose another directory, or make room\n"
    )


def test_a_read_only_directory_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **kwargs: Any) -> str:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkdtemp", refused)

    with pytest.raises(ScaffoldError, match="read-only file system; nothing was left behind"):
        publish.publish({Path("a.txt"): "a"}, tmp_path / "new" / "project")  # type: ignore[dict-item]

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [0, 1, 5])
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    written, right = [0], Path.write_text

    def write(self: Path, *args: Any, **kwargs: Any) -> int:
        if written[0] >= room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written[0] += 1
        return right(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", write)
    tree: Any = {Path(f"folder{n}/file.txt"): "text" for n in range(10)}

    with pytest.raises(ScaffoldError, match="no space left on device; nothing was left behind"):
        publish.publish(tree, tmp_path / "project")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("moved", [0, 1, 3])
def test_an_empty_directory_stays_empty_when_not_all_can_be_moved_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: int
) -> None:
    count, right = [0], Path.rename

    def rename(self: Path, target: Path) -> Path:
        if count[0] >= moved:
            raise OSError(errno.EIO, "Input/output error")
        count[0] += 1
        return right(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    tree: Any = {Path("a.txt"): "text", Path("b/c.txt"): "text", Path("d/e.txt"): "text", Path("f.txt"): "text"}

    with pytest.raises(ScaffoldError, match="input/output error; nothing was left behind"):
        publish.publish(tree, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_vanishes_while_it_is_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = tmp_path / "flow.txt"
    flow.write_text(ORIGINAL)
    right = Path.open

    def gone(self: Path, *args: Any, **kwargs: Any) -> Any:
        flow.unlink(missing_ok=True)
        return right(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", gone)

    with pytest.raises(ScaffoldError, match="there is no file"):
        source.read_source(str(flow))


def test_a_full_disk_behind_standard_output_is_told(tmp_path: Path) -> None:
    command = f"ulimit -f 0; {sys.executable} -m saga_scaffold schema > {tmp_path / 'schema.json'}"

    done = subprocess.run(["sh", "-c", command], env=ENVIRONMENT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 2
    assert done.stderr == (
        "error: cannot write to standard output: file too large\n\nhint: send it elsewhere, or make room\n"
    )


def test_who_stops_reading_hears_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    with os.fdopen(writing, "w") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "saga_scaffold", "schema"],
            env=ENVIRONMENT,
            stdout=nobody,
            stderr=subprocess.PIPE,
            timeout=300,
        )

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_output_is_nothing_to_fail_for(closed: str) -> None:
    command = f"{sys.executable} -m saga_scaffold samples {closed}"

    done = subprocess.run(["sh", "-c", command], env=ENVIRONMENT, capture_output=True, text=True, timeout=300)

    assert (done.returncode, done.stderr) == (0, "")
    assert ("order-fulfillment" in done.stdout) == (closed == "2>&-")


def test_a_pipe_gets_utf_8_whatever_the_locale_is(process: Scaffold) -> None:
    ended = process("design", "1. Reserve Room (Hôtel), 2. Charge Card (Bank).", LC_ALL="C", PYTHONUTF8="0")

    assert ended.status == 0, ended.err
    assert "Hôtel" in ended.out


def test_a_fault_of_our_own_goes_to_a_file_and_asks_for_a_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(cli, "app", broken)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    told = capsys.readouterr().err
    assert ended.value.code == 70
    assert "error: saga-scaffold failed: RuntimeError; this is a defect of it\n\nhint: please report it with `" in told
    assert "Traceback" not in told
    log = Path(told.rpartition("with `")[2].rstrip("`\n"))
    assert "RuntimeError: a defect" in log.read_text()
    log.unlink()
