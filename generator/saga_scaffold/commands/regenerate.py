"""`regenerate`: the saga has changed; the project follows, and keeps what its owner wrote."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from saga_scaffold import console
from saga_scaffold.architect.settings import Architect
from saga_scaffold.commands import options
from saga_scaffold.errors import Exit, ScaffoldError


def regenerate(
    directory: options.ProjectFolder = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen; write nothing.")] = False,
    go_on: Annotated[bool, typer.Option("--continue", help="The conflicts are resolved: finish.")] = False,
    abort: Annotated[
        bool, typer.Option("--abort", help="Bring back the files as they were before the conflicts.")
    ] = False,
    accept_breaking: Annotated[
        bool, typer.Option("--accept-breaking", help="Go on although running sagas cannot; they get stuck.")
    ] = False,
    drop: Annotated[
        str | None, typer.Option(metavar="vN", help="Forget a version that has no open sagas any more.")
    ] = None,
    workflow: Annotated[
        str | None, typer.Option(metavar="WORKFLOW", help="A new text of the workflow: saga.yaml follows it first.")
    ] = None,
    architect: options.By = Architect.AUTO,
    base_url: options.BaseUrl = None,
    model: options.Model = None,
    send_default_key: options.SendKey = False,
    record: options.Record = None,
    replay: options.Replay = None,
    smoke: Annotated[bool, typer.Option(help="Run the project's tests afterwards.")] = True,
    as_json: options.Json = False,
) -> None:
    """Bring a project in step with its saga.yaml. What its owner wrote is merged, never overwritten.

    Example: saga-scaffold regenerate --dry-run
    """
    from saga_scaffold import build, regeneration
    from saga_scaffold.regenerate.alone import alone
    from saga_scaffold.understand import Wanted

    progress = console.Progress(quiet=as_json)
    _refuse_mixed({"--continue": go_on, "--abort": abort, "--dry-run": dry_run, "--workflow": workflow, "--drop": drop})
    with alone(directory):
        regeneration.recovered(directory, dry_run, console.say)
        status = Exit.FINE
        if go_on or abort:
            told = regeneration.ended(directory, go_on)
            console.document(told) if as_json else console.say(told["summary"])
        else:
            wanted = Wanted(architect, base_url, model, send_default_key, record, replay)
            outcome = regeneration.regenerate(
                directory,
                progress,
                dry_run=dry_run,
                accept_breaking=accept_breaking,
                drop=_version(drop),
                text=None if workflow is None else regeneration.rewritten(directory, workflow, wanted, progress),
                tell=lambda situation: None if as_json else _tell_changes(regeneration.changes(situation)),
            )
            (console.document if as_json else _tell)(regeneration.payload(outcome))
            status = outcome.status
            smoke = smoke and outcome.written and not outcome.prepared.conflicts
        if smoke and not abort:
            _end(build.try_out(directory, progress))
    raise typer.Exit(status)


def _refuse_mixed(given: dict[str, Any]) -> None:
    """`--continue` and `--abort` finish what was begun: they go with nothing that begins something."""
    names = [name for name, value in given.items() if value]
    if len(names) > 1 and {"--continue", "--abort"} & set(names):
        raise ScaffoldError(f"{' and '.join(names)} do not go together", "finish the last run first, then begin anew")


def _end(verdict: Any) -> None:
    from saga_scaffold import smoke

    if isinstance(verdict, smoke.Failed):
        console.say(verdict.output)
    if not isinstance(verdict, smoke.Passed):
        raise typer.Exit(Exit.SMOKE)


def _version(drop: str | None) -> int | None:
    if drop is None:
        return None
    number = drop.removeprefix("v")
    if not number.isdigit():
        raise ScaffoldError(f"`{drop}` is no version", "write it as `--drop v1`")
    return int(number)


def _tell(payload: dict[str, Any]) -> None:
    """The same as the JSON, for people, who have seen the changes already."""
    before, now = payload["definition"]["before"], payload["definition"]["now"]
    if before != now:
        console.data(f"running sagas keep version {before}; new ones get version {now}")
    for gone, come in payload["look_alikes"]:
        console.data(f"is `{come}` what `{gone}` was? then write `was: {gone}` in it, and its code moves along")
    rows = [one for one in payload["files"] if one["verdict"] != "unchanged"]
    _table([[one["verdict"], one["path"], one["why"]] for one in rows])
    console.data(payload["summary"])


def _tell_changes(changes: Sequence[dict[str, Any]]) -> None:
    """What has changed in the saga, before anything is written."""
    if not changes:
        console.data("the saga has not changed")
    _table([[one["impact"], one["path"], _was_now(one)] for one in changes])
    for one in changes:
        if one["instead"]:
            console.data(f"  {one['path']}: {one['why']}; instead: {one['instead']}")


def _was_now(change: dict[str, Any]) -> str:
    match change["before"], change["after"]:
        case None, after:
            return f"+ {after}"
        case before, None:
            return f"- {before}"
        case before, after:
            return f"{before} -> {after}"
    return ""


def _table(rows: Sequence[Sequence[str]]) -> None:
    if rows:
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            console.data("  " + "  ".join(cells).rstrip())
        console.data("")
