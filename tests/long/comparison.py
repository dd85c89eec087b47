"""Regeneration beside `copier update` and `mergiraf`: `python tests/long/comparison.py [--pairs 50] [--seed 1]`.

The same edits of owners, the same changes of the saga. For copier the old and the new project are two tags of a
template, with the edits committed in between; for mergiraf, where it is on the path, each changed Python file is
merged on its own. One line of JSON for each tool: conflicts, lines of owners that are nowhere any more, files
without a conflict that do not compile, and what a tool gave up: the project, or the file, which then stays the owner's.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "templates"), str(ROOT / "tests")]

from regenerate.fuzzing import broken, changed_saga, conflicts, edited, is_there  # noqa: E402
from regenerate.owner import Owner, new_project  # noqa: E402

WHO = ("-c", "user.name=owner", "-c", "user.email=owner@example.com")


@dataclass
class Score:
    """What a tool made of the pairs."""

    tool: str
    pairs: int = 0
    conflicts: int = 0
    lost: int = 0
    broken: int = 0
    failed: int = 0

    def add(self, project: Path, marks: Mapping[str, Path]) -> None:
        """One more project after the tool was there."""
        files = [
            path for path in project.rglob("*") if path.is_file() and not {".git", ".saga-scaffold"} & set(path.parts)
        ]
        texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in files}
        self.pairs += 1
        self.conflicts += sum(map(conflicts, texts.values()))
        self.lost += sum(not is_there(project, mark, path) for mark, path in marks.items())
        self.broken += len(list(broken(project)))


def main() -> None:
    """Runs the pairs with every tool and tells."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=50)
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    scores = {name: Score(name) for name in ("regenerate", "copier update", *(["mergiraf"] if _mergiraf() else []))}
    with tempfile.TemporaryDirectory(prefix="saga-compare-") as place:
        folder = Path(place)
        base = new_project(folder / "base").project
        for number in range(wanted.pairs):
            name = f"{wanted.seed}/{number}"
            text = changed_saga(Random(name))
            new = _copy(base, folder / "new")
            (new / "saga.yaml").write_text(text, encoding="utf-8")
            Owner(new).regenerate()
            yours = _copy(base, folder / "yours")
            marks = edited(yours, Random(f"{name}/0"))
            _ours(scores["regenerate"], yours, text, marks, folder)
            _copier(scores["copier update"], base, yours, new, marks, folder)
            if "mergiraf" in scores:
                _by_file(scores["mergiraf"], base, yours, new, marks, folder)
    for score in scores.values():
        print(json.dumps(asdict(score)))


def _ours(score: Score, yours: Path, text: str, marks: Mapping[str, Path], folder: Path) -> None:
    project = _copy(yours, folder / "ours")
    (project / "saga.yaml").write_text(text, encoding="utf-8")
    Owner(project).regenerate()
    score.add(project, marks)


def _copier(score: Score, base: Path, yours: Path, new: Path, marks: Mapping[str, Path], folder: Path) -> None:
    template, project = folder / "template", folder / "copied"
    for path in (template, project):
        shutil.rmtree(path, ignore_errors=True)
    template.mkdir()
    _git(template, "init", "-q")
    for tag, version in (("v1", base), ("v2", new)):
        _fill(template, version)
        (template / "copier.yml").write_text("_subdirectory: .\n", encoding="utf-8")
        (template / "{{ _copier_conf.answers_file }}.jinja").write_text("{{ _copier_answers|to_nice_yaml }}", "utf-8")
        _commit(template, tag)
        _git(template, "tag", tag)
    source = f"git+file://{template}"
    _run("copier", "copy", "-q", "--defaults", "--vcs-ref", "v1", source, str(project))
    _git(project, "init", "-q")
    _commit(project, "copied")
    answers = (project / ".copier-answers.yml").read_text(encoding="utf-8")
    _fill(project, yours)
    (project / ".copier-answers.yml").write_text(answers, encoding="utf-8")
    _commit(project, "mine")
    try:
        _run("copier", "update", "-q", "--defaults", "--conflict", "inline", "--vcs-ref", "v2", str(project))
    except subprocess.CalledProcessError:
        score.failed += 1
    score.add(project, marks)


def _by_file(score: Score, base: Path, yours: Path, new: Path, marks: Mapping[str, Path], folder: Path) -> None:
    """What each changed file becomes; files that only one side has stay as they are."""
    project = _copy(yours, folder / "merged")
    for path in sorted(project.rglob("*.py")):
        name = path.relative_to(project)
        versions = [version / name for version in (base, yours, new)]
        if ".saga-scaffold" in name.parts or not all(version.is_file() for version in versions):
            continue
        if len({version.read_bytes() for version in versions}) == 3:
            command = ["mergiraf", "merge", *map(str, versions)]
            merged = subprocess.run(command, capture_output=True, check=False, timeout=600).stdout
            score.failed += not merged
            path.write_bytes(merged or versions[1].read_bytes())
        elif versions[0].read_bytes() == versions[1].read_bytes():
            path.write_bytes(versions[2].read_bytes())
    score.add(project, {mark: path for mark, path in marks.items() if path.suffix == ".py"})


def _copy(one: Path, other: Path) -> Path:
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(one, other)
    return other


def _fill(repository: Path, project: Path) -> None:
    """The files of a project, and no others but git's."""
    for path in repository.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(project, repository, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".saga-scaffold"))


def _commit(repository: Path, message: str) -> None:
    _git(repository, "add", "-A", "--force")
    _git(repository, *WHO, "commit", "-q", "--allow-empty", "-m", message)


def _git(repository: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True, timeout=600)


def _run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True, timeout=600)


def _mergiraf() -> bool:
    return shutil.which("mergiraf") is not None


if __name__ == "__main__":
    main()
