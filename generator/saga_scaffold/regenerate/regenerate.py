"""The use case: read, compare, render, merge; then, as one, write."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from saga_scaffold.errors import Refused, ScaffoldError
from saga_scaffold.project.history import History, Recorded
from saga_scaffold.project.lock import BASE, FOLDER
from saga_scaffold.project.tree import Tree
from saga_scaffold.project.view.definition import definition_json
from saga_scaffold.regenerate import journal, waiting
from saga_scaffold.regenerate.baseline import SPEC, Baseline, definition_path, read_baseline, read_history
from saga_scaffold.regenerate.journal import Changes, Step
from saga_scaffold.regenerate.layout import plain
from saga_scaffold.regenerate.leftover import Leftover, leftovers, without
from saga_scaffold.regenerate.renaming import copies, renames
from saga_scaffold.regenerate.verdict import Row, Verdict, Versions, rows
from saga_scaffold.spec.checked import Checked, check_text
from saga_scaffold.spec.diff import SpecDiff, diff
from saga_scaffold.spec.model import SagaSpec


@dataclass(frozen=True)
class Situation:
    """A project and its saga, before and now, with the version that its structure gets.

    `text` is a saga.yaml that replaces the owner's; None where the owner's is what counts. `drops` tells whether a
    version is forgotten.
    """

    project: Path
    baseline: Baseline
    old: SagaSpec
    spec: SagaSpec
    diff: SpecDiff
    version: int
    history: History
    text: str | None = None
    drops: bool = False

    @property
    def is_new_version(self) -> bool:
        """Whether running sagas keep a structure of their own."""
        return self.version != self.baseline.version


@dataclass(frozen=True)
class Prepared:
    """Everything that will be written, decided: what `--dry-run` shows is what a run does."""

    situation: Situation
    rows: tuple[Row, ...]
    record: Changes
    yours: Mapping[PurePosixPath, str | None]

    @property
    def conflicts(self) -> int:
        """How many places the owner has to decide."""
        return sum(row.conflicts for row in self.rows)

    @property
    def needs_a_person(self) -> bool:
        """Whether there are conflicts or proposals."""
        return any(row.needs_a_person for row in self.rows)

    @property
    def touched(self) -> tuple[Row, ...]:
        """The rows that change something."""
        return tuple(row for row in self.rows if row.text is not None or row.verdict is Verdict.REMOVED)

    @property
    def changes(self) -> Changes:
        """What is written: the files, then the record; with conflicts the record waits."""
        files = {row.path: row.text for row in self.touched}
        record = waiting.kept_back(self.record, self.rows, self.yours) if self.conflicts else self.record
        return {**files, **record}


def look(project: Path, drop: int | None = None, text: str | None = None) -> Situation:
    """What has changed since the project was generated, with `text` for its saga.yaml where it is given.

    Raises `ScaffoldError` or `Refused`.
    """
    waiting.refuse(project)
    baseline = read_baseline(project)
    spec = _current(project, text)
    old = baseline.spec
    if spec.package != old.package:
        hint = f"write `package: {old.package}`; a package is renamed by hand, with everything that imports it"
        raise ScaffoldError(f"`package` was changed from `{old.package}` to `{spec.package}`", hint)
    changed = definition_json(spec, baseline.version) != _recorded_definition(baseline, old)
    version = baseline.version + 1 if changed else baseline.version
    history = read_history(project, baseline, spec.package)
    if changed:
        history = (*history, _as_recorded(baseline, old))
    if drop is not None and drop not in {one.version for one in history}:
        raise _not_droppable(drop, version, history)
    history = tuple(one for one in history if one.version != drop)
    return Situation(project, baseline, old, spec, diff(old, spec), version, history, text, drop is not None)


def _not_droppable(drop: int, version: int, history: History) -> ScaffoldError:
    if drop == version:
        return ScaffoldError(f"v{drop} is what new sagas run by", "only versions before it can be dropped")
    kept = ", ".join(f"v{one.version}" for one in history) or "none"
    return ScaffoldError(f"there is no v{drop} to drop", f"versions that are kept for running sagas: {kept}")


def prepare(situation: Situation, tree: Tree) -> Prepared:
    """Every file's verdict, given the project as it would be generated now; nothing is written."""
    project, baseline = situation.project, situation.baseline
    now = {path: text for path, text in tree.items() if path.parts[0] != FOLDER.name}
    paths = {*baseline.tree, *baseline.doubtful, *now}
    yours = {path: journal.read(project, path) for path in paths}
    # saga.yaml is the owner's; the generator only reads it
    now[SPEC] = plain(situation.text or yours[SPEC] or now[SPEC])
    base = {**baseline.tree, SPEC: plain(yours[SPEC] or now[SPEC])}
    there = {path: text for path, text in yours.items() if text is not None}
    left = leftovers(base, {path: plain(text) for path, text in there.items()}, now) if situation.drops else {}
    versions = Versions(
        base={**base, **{path: without(base[path], one) for path, one in left.items()}},
        yours=there,
        now=now,
        doubtful=baseline.doubtful,
        renames=renames(situation.old, situation.spec),
        copies=copies(situation.spec, situation.history),
    )
    found = tuple(_beside_others(project, _with_leftover(row, left.get(row.path))) for row in rows(versions))
    return Prepared(situation, found, _record(project, tree), yours)


def _with_leftover(row: Row, left: Leftover | None) -> Row:
    """Named where it is; what has to be decided is told all the same."""
    if left is None:
        return row
    return replace(row, why=f"{row.why}; {left.why}" if row.needs_a_person else left.why)


def _beside_others(project: Path, row: Row) -> Row:
    """A proposal that was changed by hand, or that has the same name by chance, stays."""
    if row.verdict is not Verdict.PROPOSED:
        return row
    name = row.path.with_name(row.path.name.removesuffix(journal.PROPOSED))
    return replace(row, path=journal.free_place(project, name, row.text))


def write(prepared: Prepared, step: Step = lambda told: None) -> None:
    """Everything at once; killed at any point, the next run finds the project as it was, or as it becomes."""
    record = {path: journal.read(prepared.situation.project, path) for path in prepared.changes}
    seen = {path: prepared.yours.get(path, text) for path, text in record.items()}
    changes = {path: text for path, text in prepared.changes.items() if text != record[path]}
    if changes:
        journal.apply(prepared.situation.project, changes, seen, step)


def read_spec(project: Path) -> Checked:
    """saga.yaml of a project, with what is wrong with it. Raises `ScaffoldError` where it cannot be read as a saga."""
    text = journal.read(project, SPEC)
    if text is None:
        raise ScaffoldError(f"there is no `{SPEC}`", "restore it; it is what the project is generated from")
    return check_text(text, str(SPEC))


def _current(project: Path, text: str | None) -> SagaSpec:
    spec, errors = read_spec(project) if text is None else check_text(text, str(SPEC))
    if errors:
        raise Refused(errors)
    return spec


def _recorded_definition(baseline: Baseline, old: SagaSpec) -> str:
    recorded = baseline.tree.get(definition_path(old.package, baseline.version))
    return recorded if recorded is not None else definition_json(old, baseline.version)


def _as_recorded(baseline: Baseline, old: SagaSpec) -> Recorded:
    return Recorded(baseline.version, old, _recorded_definition(baseline, old))


def _record(project: Path, tree: Tree) -> Changes:
    """The new record, and the removal of what the old one had beyond it."""
    new: dict[PurePosixPath, str | None] = {path: text for path, text in tree.items() if path.parts[0] == FOLDER.name}
    for folder in (BASE, FOLDER / "specs"):
        for file in sorted((project / folder).rglob("*")):
            path = PurePosixPath(file.relative_to(project).as_posix())
            if file.is_file() and path not in new:
                new[path] = None
    return new
