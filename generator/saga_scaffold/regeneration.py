"""From a changed saga.yaml to a project in step with it; and what `check` has to say about a project."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from saga_scaffold.architect.settings import Architect
from saga_scaffold.architecture.write import write_architecture
from saga_scaffold.build import project_tree
from saga_scaffold.console import Progress, counted
from saga_scaffold.errors import Exit, Finding, Place, Refused, ScaffoldError
from saga_scaffold.project.lock import BASE, FOLDER
from saga_scaffold.regenerate import journal, waiting
from saga_scaffold.regenerate.baseline import SPEC
from saga_scaffold.regenerate.lines import marked_lines
from saga_scaffold.regenerate.regenerate import Prepared, Situation, look, prepare, read_spec, write
from saga_scaffold.regenerate.verdict import Verdict
from saga_scaffold.source import Form, Source, read_source
from saga_scaffold.spec.change import Impact
from saga_scaffold.spec.edit import edited
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.revise import revised
from saga_scaffold.understand import Wanted, understand


@dataclass(frozen=True)
class Outcome:
    """What was decided, and whether it was written."""

    prepared: Prepared
    written: bool
    refused: bool

    @property
    def status(self) -> Exit:
        """1 where a person has to decide something."""
        return Exit.FINDINGS if self.refused or self.prepared.needs_a_person else Exit.FINE


def rewritten(project: Path, workflow: str, wanted: Wanted, progress: Progress) -> str:
    """The saga.yaml of a project for a new text of its workflow. Raises `ScaffoldError`, `Refused`."""
    waiting.refuse(project)
    source = read_source(workflow)
    spec, errors = read_spec(project)
    if errors:
        raise Refused(errors)
    design = understand(_beside(source, spec, wanted), spec.package, wanted, progress).spec
    new = revised(spec, design)
    return edited(journal.read(project, SPEC) or "", str(SPEC), new)


def _beside(source: Source, spec: SagaSpec, wanted: Wanted) -> Source:
    """A model is shown the saga as it is, so that it calls what stays by its name."""
    if source.form is not Form.PROSE or wanted.chosen is not Architect.OPENAI:
        return source
    told = (
        f"{source.text}\n\nThe saga as it is now; what stays keeps its names and topics:\n\n{write_architecture(spec)}"
    )
    return replace(source, text=told)


def recovered(project: Path, dry_run: bool, say: Callable[[str], None]) -> None:
    """Finishes a run that was killed after its commit, and says so. Raises `ScaffoldError` for a dry run."""
    if dry_run:
        if journal.interrupted(project):
            raise ScaffoldError("an interrupted run must be finished first", "run `saga-scaffold regenerate`")
        return
    aside = journal.recover(project)
    if aside is not None:
        say("an interrupted run was finished first")
    for path in aside or ():
        say(f"{path}: you had changed its file since; this is what the run would have made of it")


def ended(project: Path, go_on: bool) -> dict[str, Any]:
    """`--continue` and `--abort`, as JSON of version 1. Raises `ScaffoldError` where that cannot be."""
    told: dict[str, Any] = {"version": 1, "kind": "regenerate", "continued": go_on, "aborted": not go_on}
    if not go_on:
        journal.apply(project, waiting.aborted(project), {})
        return {**told, "summary": "the files are as they were"}
    changes, resolved = waiting.continued(project), list(waiting.laid_out(project))
    seen = {path: text for path, text, _ in resolved}
    journal.apply(project, {**{path: new for path, _, new in resolved}, **changes}, seen)
    formatted = [str(path) for path in seen]
    summary = "the conflicts are resolved" + (f"; formatted: {', '.join(formatted)}" if formatted else "")
    return {**told, "formatted": formatted, "summary": summary}


def regenerate(
    project: Path,
    progress: Progress,
    *,
    dry_run: bool,
    accept_breaking: bool,
    drop: int | None,
    text: str | None = None,
    tell: Callable[[Situation], None] = lambda situation: None,
) -> Outcome:
    """Look, render, merge and, unless it is a dry run or breaks running sagas, write. Raises `ScaffoldError`.

    `text` replaces saga.yaml; `tell` is given what has changed before anything is written.
    """
    with progress.stage("compare") as note:
        situation = look(project, drop, text)
        note.text = f"{counted(len(situation.diff.changes), 'change')}, {situation.diff.impact}"
    tell(situation)
    tree = project_tree(situation.spec, progress, situation.version, situation.history, situation.baseline.formatted)
    with progress.stage("merge") as note:
        prepared = prepare(situation, tree)
        note.text = f"{counted(len(prepared.touched), 'file')}, {counted(prepared.conflicts, 'conflict')}"
    refused = situation.diff.impact is Impact.BREAKING and not accept_breaking
    if not dry_run and not refused:
        with progress.stage("write") as note:
            write(prepared)
            note.text = str(project)
    return Outcome(prepared, written=not dry_run and not refused, refused=refused)


def payload(outcome: Outcome) -> dict[str, Any]:
    """`regenerate --json`, version 1."""
    situation = outcome.prepared.situation
    return {
        "version": 1,
        "kind": "regenerate",
        "definition": {"before": situation.baseline.version, "now": situation.version},
        "impact": str(situation.diff.impact),
        "changes": changes(situation),
        "look_alikes": [list(pair) for pair in situation.diff.look_alikes],
        "files": [
            {"path": str(row.path), "verdict": row.verdict.value, "why": row.why, "conflicts": row.conflicts}
            for row in outcome.prepared.rows
        ],
        "written": outcome.written,
        "summary": _summary(outcome),
    }


def changes(situation: Situation) -> list[dict[str, Any]]:
    """What has changed in the saga, and what that means for running ones."""
    return [
        {
            "path": one.path,
            "change": one.sort.value,
            "before": one.before,
            "after": one.after,
            "impact": str(one.impact),
            "why": one.why,
            "instead": one.instead,
        }
        for one in situation.diff.changes
    ]


def _summary(outcome: Outcome) -> str:
    prepared = outcome.prepared
    if outcome.refused:
        return "nothing was written: running sagas could not go on; with --accept-breaking it is done all the same"
    if prepared.conflicts:
        hint = "resolve them, then run `saga-scaffold regenerate --continue`; `--abort` brings the files back"
        return f"conflicts: {prepared.conflicts}; {hint}"
    proposals = sum(row.verdict is Verdict.PROPOSED for row in prepared.rows)
    if proposals:
        return f"proposals beside your files: {proposals}; take from them what you want, and delete them"
    done = "written" if outcome.written else "nothing was written: a dry run"
    return f"{counted(len(prepared.touched), 'file')}; {done}" if prepared.touched else "nothing to do"


def findings(project: Path) -> Iterator[Finding]:
    """Why a project is not in step with its saga. Raises `ScaffoldError` for what cannot be read."""
    if journal.interrupted(project):
        yield Finding("pending", str(FOLDER), "a regeneration was interrupted", "run `saga-scaffold regenerate`")
        return
    if waiting.is_waiting(project):
        hint = "run `saga-scaffold regenerate --continue` when the conflicts are resolved, or `--abort`"
        yield Finding("pending", str(FOLDER), "a regeneration has not been finished", hint)
        yield from (_conflict(place) for place in waiting.unresolved(project))
        return
    if errors := read_spec(project).errors:
        yield from errors
        return
    situation = look(project)
    yield from _markers(project, situation.baseline.tree)
    for change in situation.diff.changes:
        problem = f"`{change.path}` has changed since the project was generated"
        yield Finding("drift", change.path, problem, "run `saga-scaffold regenerate`", place=Place(str(SPEC)))
    if not situation.diff.changes:
        yield from _other_generator(situation)


def _markers(project: Path, tree: Any) -> Iterator[Finding]:
    for path in sorted(tree):
        try:
            text = journal.read(project, path)
        except ScaffoldError:
            continue
        for line in marked_lines(text or ""):
            yield _conflict(Place(str(path), line))


def _conflict(place: Place) -> Finding:
    return Finding("conflict", place.file, "a conflict is not resolved", "decide what stays", place=place)


def _other_generator(situation: Situation) -> Iterator[Finding]:
    """An unchanged saga that this generator writes otherwise than the last one."""
    tree = project_tree(
        situation.spec, Progress(quiet=True), situation.version, situation.history, situation.baseline.formatted
    )
    stale = [path for path, text in situation.baseline.tree.items() if path != SPEC and tree.get(path) != text]
    if stale:
        told = f"{counted(len(stale), 'file')} would be generated differently now, `{stale[0]}` among them"
        yield Finding("drift", str(BASE), told, "run `saga-scaffold regenerate`")
