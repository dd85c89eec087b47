"""`bench`: what it says of a run, on fresh data that is gone afterwards."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from example.app import application

from runtime.bench import bench


@pytest.mark.parametrize("rate", [None, 100.0])
def test_a_run_is_told_in_one_line_of_json(rate: float | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)

    began, cpu = time.perf_counter(), time.process_time()
    told = asyncio.run(asyncio.wait_for(bench(application, in_flight=8, sagas=40, rate=rate), 300))
    took, spent = (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000

    measured = json.loads(told.line(as_json=True))
    assert (measured["in_flight"], measured["sagas"]) == (8, 40)
    assert 0 < measured["step_ms"]["p50"] <= measured["step_ms"]["p99"] < took
    assert measured["step_ms"]["p50"] < measured["saga_ms"]["p99"] < took
    assert measured["saga_ms"]["p50"] <= measured["saga_ms"]["p99"]
    assert rate is None or measured["sagas_s"] <= 1.1 * rate
    assert 0 < measured["cpu_ms"] < spent / 40
    assert not list(tmp_path.iterdir())
