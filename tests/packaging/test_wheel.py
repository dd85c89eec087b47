"""What is published works: sdist, then wheel, in a bare environment, on the main job."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WORKFLOW = "1. Reserve Inventory (Inventory Service), 2. Process Payment (Payment Service)."


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.mark.slow
def test_the_wheel_made_from_the_sdist_designs_and_writes_a_project(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "build", "--outdir", tmp_path / "dist", ROOT, cwd=tmp_path)
    assert built.returncode == 0, built.stdout + built.stderr
    wheel = next((tmp_path / "dist").glob("*.whl"))

    environment = tmp_path / "bare"
    assert run(sys.executable, "-m", "venv", environment, cwd=tmp_path).returncode == 0
    installed = run(environment / "bin" / "pip", "install", "--quiet", wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    created = run(environment / "bin" / "saga-scaffold", "new", WORKFLOW, "shop", "--no-smoke", cwd=tmp_path)

    assert created.returncode == 0, created.stderr
    assert (tmp_path / "shop" / "src" / "shop" / "saga.py").is_file()
    assert (tmp_path / "shop" / ".gitignore").is_file()
    verified = run(environment / "bin" / "saga-scaffold", "verify", "shop/saga.yaml", "--states", "500", cwd=tmp_path)
    assert verified.returncode == 0, verified.stderr
