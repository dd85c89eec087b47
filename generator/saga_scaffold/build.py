"""From a saga to a project on disk; it reads like the flow: plan, render, tidy, publish, smoke."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from saga_scaffold import smoke
from saga_scaffold.console import Progress
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.project.history import FIRST_VERSION, History
from saga_scaffold.project.publish import publish, refuse_occupied
from saga_scaffold.project.tree import Tree
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.understand import Designed


@dataclass(frozen=True)
class Created:
    """A project on disk; `verdict` is None where the smoke test was not wanted."""

    directory: Path
    designed: Designed
    files: int
    verdict: smoke.Verdict | None


def create(designed: Designed, directory: Path, *, with_smoke: bool, progress: Progress) -> Created:
    """Writes the project, all of it or nothing, and tries it out."""
    refuse_occupied(directory)
    tree = {**project_tree(designed.spec, progress), **_kept(designed)}
    return _publish(tree, designed, directory, with_smoke, progress)


def _publish(tree: Tree, designed: Designed, directory: Path, with_smoke: bool, progress: Progress) -> Created:
    with progress.stage("write") as note:
        publish(tree, directory)
        note.text = f"{directory}"
    verdict = try_out(directory, progress) if with_smoke else None
    return Created(directory, designed, len(_without_record(tree)), verdict)


def create_from_sample(name: str, directory: Path, *, with_smoke: bool, progress: Progress) -> Created:
    """The same for a sample, under the name that the directory gives it."""
    from saga_scaffold.samples import renamed, sample

    refuse_occupied(directory)
    one = sample(name)
    package = package_for(directory) or one.spec.package
    designed = Designed(one.spec.model_copy(update={"package": package}), (), f"the sample {name}")
    tree = renamed(one, project_tree(designed.spec, progress), package)
    return _publish(tree, designed, directory, with_smoke, progress)


def project_tree(
    spec: SagaSpec,
    progress: Progress,
    version: int = FIRST_VERSION,
    history: History = (),
    formatted: Mapping[str, str] = MappingProxyType({}),
) -> Tree:
    """Every file of the project, formatted, with the record that regeneration needs.

    `formatted` has texts that need not be formatted again, by the hash that they had before.
    """
    from saga_scaffold.project.lock import recorded
    from saga_scaffold.project.plan import plan
    from saga_scaffold.project.render import render
    from saga_scaffold.project.tidy import tidy

    with progress.stage("plan") as note:
        planned = plan(spec, version, history)
        note.text = f"{_count(len(spec.contexts), 'context')}, {_count(compensations(spec), 'compensation')}"
    with progress.stage("render") as note:
        rendered = render(planned)
        note.text = _count(len(rendered), "file")
    with progress.stage("format") as note:
        tree = recorded(tidy(rendered, formatted), spec, version, history)
        note.text = "black"
    return tree


def try_out(directory: Path, progress: Progress) -> smoke.Verdict:
    """The smoke test: the project's environment, then its own tests."""
    with progress.stage("install") as note:
        missing = smoke.install(directory)
        note.text = missing.why if missing else "uv sync"
    if missing:
        return missing
    with progress.stage("test") as note:
        verdict = smoke.run_tests(directory)
        note.text = verdict.why if isinstance(verdict, smoke.NotRun) else verdict.summary
    return verdict


def compensations(spec: SagaSpec) -> int:
    """How many steps have something that undoes them."""
    return sum(step.compensation is not None for step in spec.steps)


def _without_record(tree: Tree) -> Tree:
    """What the project is made of, without what only regeneration reads."""
    from saga_scaffold.project.lock import FOLDER

    return {path: text for path, text in tree.items() if FOLDER not in path.parents}


def _kept(designed: Designed) -> Tree:
    from saga_scaffold.project.lock import FOLDER

    return {FOLDER / "architect" / path: text for path, text in designed.kept.items()}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def package_for(directory: Path | None) -> str | None:
    """The package name that a project in `directory` gets; None where the saga's own name decides."""
    from saga_scaffold.spec.naming import safe_package

    if directory is None:
        return None
    name = directory.resolve().name
    if not name:
        raise ScaffoldError(f"`{directory}` cannot hold a project", "name a new directory, for example `fulfillment`")
    return safe_package(name)
