"""`new`: from a workflow, or from a sample, to a project that runs."""

from pathlib import Path
from typing import Annotated

import typer

from saga_scaffold import console
from saga_scaffold.architect.settings import Architect
from saga_scaffold.commands import options
from saga_scaffold.errors import ScaffoldError


def new(
    workflow: options.Workflow = None,
    directory: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="Where the project goes; by default a directory named after the saga."),
    ] = None,
    form: options.ReadAs = None,
    sample: Annotated[
        str | None, typer.Option(metavar="NAME", help="Start from a sample instead: `new --sample NAME DIR`.")
    ] = None,
    smoke: Annotated[bool, typer.Option(help="Install the project's packages and run its tests.")] = True,
    as_json: options.Json = False,
    architect: options.By = Architect.AUTO,
    base_url: options.BaseUrl = None,
    model: options.Model = None,
    send_default_key: options.SendKey = False,
    record: options.Record = None,
    replay: options.Replay = None,
) -> None:
    """Design a saga and write a project that runs.

    Example: saga-scaffold new workflow.txt fulfillment
    """
    from saga_scaffold import account, build
    from saga_scaffold.project.publish import refuse_occupied
    from saga_scaffold.source import read_source
    from saga_scaffold.understand import Wanted, understand

    progress = console.Progress(quiet=as_json)
    if sample is not None:
        target = _only_directory(workflow, directory, sample)
        created = build.create_from_sample(sample, target, with_smoke=smoke, progress=progress)
    else:
        if directory is not None:
            refuse_occupied(directory)
        wanted = Wanted(architect, base_url, model, send_default_key, record, replay)
        source = read_source(options.required(workflow), form)
        designed = understand(source, build.package_for(directory), wanted, progress)
        target = directory or Path(designed.spec.saga)
        created = build.create(designed, target, with_smoke=smoke, progress=progress)
    account.show(created, progress, as_json=as_json)
    raise typer.Exit(account.status(created))


def _only_directory(workflow: str | None, directory: Path | None, sample: str) -> Path:
    """With a sample, the one argument is the directory."""
    if workflow is not None and directory is not None:
        hint = f"write `saga-scaffold new --sample {sample} {directory}`"
        raise ScaffoldError("a sample is a workflow of its own", hint)
    return Path(workflow) if workflow is not None else Path(sample)
