"""Settings that cannot be: one line that names the setting, and never its value."""

from pathlib import Path

import pytest

from runtime.errors import Refused
from runtime.settings import read_settings


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            "LEASE_SECONDS",
            "s3cret",
            "LEASE_SECONDS: input should be a valid number, unable to parse string as a number",
        ),
        ("LEASE_SECONDS", "0", "LEASE_SECONDS: input should be greater than 0"),
        ("PORT", "99999", "PORT: input should be less than or equal to 65535"),
        ("BATCH", "-1", "BATCH: input should be greater than 0"),
        ("KAFKA_OPTIONS", "s3cret", "KAFKA_OPTIONS: this is not JSON"),
        ("KAFKA_OPTIONS", '["s3cret"]', "KAFKA_OPTIONS: input should be a valid dictionary"),
        ("LOG_LEVEL", "s3cret", "LOG_LEVEL: input should be 'DEBUG', 'INFO', 'WARNING', 'ERROR' or 'CRITICAL'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_name(
    name: str, value: str, problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, value)

    with pytest.raises(Refused) as refused:
        read_settings()

    assert refused.value.problem == problem
    assert name in refused.value.hint
    assert value == "-1" or "s3cret" not in problem + refused.value.hint


def test_a_level_is_known_in_small_letters_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LOG_LEVEL", "debug")

    assert read_settings().log_level == "DEBUG"
