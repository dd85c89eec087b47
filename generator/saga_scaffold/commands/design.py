"""`design`: the architecture of a saga, without a project."""

import json
from pathlib import Path
from typing import Annotated

import typer

from saga_scaffold import console
from saga_scaffold.architect.settings import Architect
from saga_scaffold.commands import options
from saga_scaffold.errors import ScaffoldError


def design(
    workflow: options.Workflow = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, not to standard output.")
    ] = None,
    form: options.ReadAs = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the spec as JSON instead of the architecture.")
    ] = False,
    architect: options.By = Architect.AUTO,
    base_url: options.BaseUrl = None,
    model: options.Model = None,
    send_default_key: options.SendKey = False,
    record: options.Record = None,
    replay: options.Replay = None,
) -> None:
    """Design a saga and print its architecture. No project is written.

    Example: saga-scaffold design workflow.txt -o architecture.md
    """
    from saga_scaffold.architecture.write import write_architecture
    from saga_scaffold.source import read_source
    from saga_scaffold.understand import Wanted, understand

    wanted = Wanted(architect, base_url, model, send_default_key, record, replay)
    source = read_source(options.required(workflow), form)
    designed = understand(source, None, wanted, console.Progress(quiet=as_json))
    spec = designed.spec
    plain = spec.model_dump(mode="json")
    text = json.dumps(plain, indent=2, ensure_ascii=False) if as_json else write_architecture(spec)
    console.findings(designed.findings)
    if output is None:
        console.data(text)
    else:
        _write(output, text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
    except OSError as error:
        raise ScaffoldError(
            f"cannot write `{path}`: {(error.strerror or str(error)).lower()}", "choose another file with `-o`"
        ) from None
