"""Mutation testing: `python tests/long/mutation.py [part…]`, with the extra `mutation` installed.

Every function of a part is changed in one small way after the other, and the tests of the part must notice. Prints how
many were noticed, module by module, and what was not, as a diff. Works in a folder of its own; `--folder` keeps one.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from servers.postgres import postgres  # noqa: E402

NOTICED = {"killed", "timeout", "segfault"}
WORKERS = 2
MEMORY = Path("/dev/shm")  # Nothing has to outlive the run, so no test waits for a disk.


@dataclass(frozen=True)
class Part:
    """What is changed, as patterns of `module.function` below `runtime`, and what must notice."""

    changed: Sequence[str]
    tests: Sequence[str]
    needs_postgres: bool = False

    @property
    def files(self) -> list[str]:
        """The modules that are changed, as paths."""
        modules = dict.fromkeys(one.partition(".x")[0].removesuffix(".*") for one in self.changed)
        return [f"runtime/{module.replace('.', '/')}.py" for module in modules]


ON_POSTGRES = [
    f"store/test_postgres.py::test_{one}"
    for one in (
        "a_commit_that_was_not_heard_of_may_have_happened",
        "of_two_that_wait_for_each_other_the_append_begins_again",
        "an_append_that_is_given_up_does_not_get_in_the_way_of_the_next",
        "a_statement_that_the_server_does_not_know_has_an_unknown_outcome_and_leaves_no_trace",
        "a_connection_that_the_server_has_closed_is_opened_again",
        "a_store_that_is_closed_leaves_no_connection_behind",
        "a_database_that_is_away_is_named_with_its_setting_and_what_is_wrong",
    )
]
PARTS = {
    "kernel": Part(
        ["orchestrator.fsm.*", "orchestrator.verbs.*"],
        [f"kernel/test_{one}.py" for one in ("fsm", "times", "stepping_in", "what_is_kept")],
    ),
    "barrier": Part(
        [f"participant.{one}.*" for one in ("matrix", "barrier", "local", "external", "rows", "calls")],
        ["participant"],
    ),
    "append": Part(
        [
            "event_store.append.*",
            "event_store.sqlite.x__append*",
            "event_store.sqlite.x__pass_fence*",
            "event_store.sqlite.x__event_rows*",
            "event_store.sqlite.x__letter_rows*",
            "event_store.sqlite.x__in_transaction*",
            "event_store.sqlite.xǁSqliteStoreǁappend*",
            "event_store.postgres.xǁPostgresStoreǁappend*",
            "event_store.postgres.xǁPostgresStoreǁ_append*",
            "event_store.postgres.xǁPostgresStoreǁ_write*",
            "event_store.postgres.xǁPostgresStoreǁ_own_connection*",
            "event_store.postgres.xǁPostgresStoreǁ_drop*",
        ],
        ["store/test_append.py", "store/test_store_contract.py", "store/test_sqlite.py", *ON_POSTGRES],
        needs_postgres=True,
    ),
    "recovery": Part(
        [
            "orchestrator.takeover.*",
            "orchestrator.loading.*",
            "orchestrator.snapshot.*",
            "event_store.sqlite.x__take*",
            "event_store.sqlite.xǁSqliteStoreǁtake*",
            "event_store.sqlite.xǁSqliteStoreǁrelease*",
        ],
        ["shard/test_takeover.py", "kernel/test_fsm.py", "kernel/test_what_is_kept.py", "store/test_store_contract.py"],
    ),
}

# What a log says is not compared by a test, and `strict` only says of two lists what is so.
SETTINGS = """
[tool.mutmut]
source_paths = ["runtime"]
also_copy = ["conftest.py"]
only_mutate = {files}
do_not_mutate_patterns = ['\\blog\\.\\w+\\(', 'strict=True']
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception", {marks}]
pytest_add_cli_args_test_selection = {tests}
timeout_multiplier = 5.0
timeout_constant = 3.0

[tool.pytest.ini_options]
pythonpath = [".", "tests", "tests/runtime"]
markers = ["slow: needs a server"]
"""


# The statements are made when their module is imported, before any mutant is there.
AGAIN = """
import pytest
from runtime.event_store import append


@pytest.fixture(autouse=True)
def statements_are_made_again(monkeypatch):
    monkeypatch.setattr(append, "USUAL", append._statement(full=False))
    monkeypatch.setattr(append, "FULL", append._statement(full=True))
"""


class Bench:
    """A copy of the runtime and its tests that may be damaged."""

    def __init__(self, folder: Path, part: Part) -> None:
        self.folder, self.part = folder, part
        here = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "templates/runtime", folder / "runtime", ignore=here)
        for place in ("runtime", "servers"):
            shutil.copytree(ROOT / "tests" / place, folder / "tests" / place, ignore=here)
        shutil.copy(ROOT / "tests/conftest.py", folder / "tests/conftest.py")
        tests = [f"tests/runtime/{one}" for one in part.tests]
        marks = "" if part.needs_postgres else '"-m", "not slow"'
        settings = SETTINGS.format(files=part.files, tests=tests, marks=marks)
        (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
        (folder / "conftest.py").write_text(AGAIN if part.needs_postgres else "", encoding="utf-8")
        (folder / "tmp").mkdir()

    def run(self, environment: dict[str, str]) -> None:
        """Try every mutant. Raises CalledProcessError where the tests fail without any."""
        names = [f"runtime.{one}" for one in self.part.changed]
        lean = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(self.folder / "tmp")}
        around = os.environ | lean | environment
        self._mutmut("run", "--max-children", str(WORKERS), *names, env=around, stdout=sys.stderr)

    def verdicts(self) -> Iterator[tuple[str, str]]:
        """Each mutant that was tried, and what became of it."""
        told = self._mutmut("results", "--all=True", capture_output=True).stdout
        for line in told.splitlines():
            name, _, verdict = line.strip().partition(": ")
            if verdict != "not checked":
                yield name, verdict

    def diff(self, mutant: str) -> str:
        """What was changed."""
        return self._mutmut("show", mutant, capture_output=True).stdout

    def _mutmut(self, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "mutmut", *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, text=True, **more)  # type: ignore[call-overload, no-any-return]


def try_part(name: str, folder: Path) -> tuple[int, int]:
    """Print what became of the mutants of a part; returns how many were noticed, of how many."""
    part, began = PARTS[name], time.monotonic()
    bench = Bench(folder, part)
    with ExitStack() as servers:
        environment = {"TEST_DATABASE_URL": servers.enter_context(postgres()).url()} if part.needs_postgres else {}
        bench.run(environment)
    verdicts = dict(bench.verdicts())
    for mutant, verdict in verdicts.items():
        if verdict not in NOTICED:
            print(f"{verdict}: {bench.diff(mutant)}")
    counts = Counter((mutant.rpartition(".")[0], verdict) for mutant, verdict in verdicts.items())
    for module in dict.fromkeys(module for module, _ in counts):
        told = {verdict: count for (one, verdict), count in counts.items() if one == module}
        print(f"{name:10} {module:40} {told}")
    noticed = sum(verdict in NOTICED for verdict in verdicts.values())
    print(f"{name:10} {noticed} of {len(verdicts)}, {noticed / len(verdicts):.1%}, {time.monotonic() - began:.0f} s")
    return noticed, len(verdicts)


def main() -> None:
    """Try the parts; ends with 1 where fewer than 95 % of the mutants of one are noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("parts", nargs="*", choices=[[], *PARTS], help="all of them unless named")
    asked.add_argument("--folder", type=Path, help="where to work; it stays, so that `mutmut` can be used in it")
    options = asked.parse_args()
    memory = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="saga-mutation-", dir=memory) as passing:
        folder = options.folder or Path(passing)
        told = [try_part(name, folder / name) for name in options.parts or PARTS]
    sys.exit(any(noticed < 0.95 * all for noticed, all in told))


if __name__ == "__main__":
    main()
