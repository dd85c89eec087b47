"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from saga_scaffold.architect.settings import Architect
from saga_scaffold.errors import ScaffoldError
from saga_scaffold.source import Form

Workflow = Annotated[
    str | None,
    typer.Argument(
        metavar="WORKFLOW", help="The workflow: a text, a file (.txt, .md, .yaml), or - for standard input."
    ),
]
ProjectOrWorkflow = Annotated[
    str, typer.Argument(metavar="WORKFLOW", help="A project, a saga.yaml, or anything that `new` takes.")
]
ReadAs = Annotated[Form | None, typer.Option("--as", help="How to read WORKFLOW; by default its form decides.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
By = Annotated[
    Architect,
    typer.Option("--architect", help="Who designs from prose; auto takes the model when a key or a base URL is set."),
]
BaseUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="A server that speaks Chat Completions [env: OPENAI_BASE_URL].")
]
Model = Annotated[str | None, typer.Option(metavar="NAME", help="The model to ask [env: SAGA_SCAFFOLD_MODEL].")]
SendKey = Annotated[
    bool, typer.Option("--send-default-key", help="Let a server that is not OpenAI's have OPENAI_API_KEY.")
]
Record = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Keep what the model answers, to replay it later.")]
Replay = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Take the answers from a recording; ask nobody.")]
ProjectFolder = Annotated[Path, typer.Argument(metavar="DIR", help="The project.")]


def in_project(workflow: str) -> str:
    """The saga.yaml of a project where a project is named, else what was named."""
    inside = Path(workflow, "saga.yaml")
    try:
        return str(inside) if inside.is_file() else workflow
    except (OSError, ValueError):
        return workflow


def required(workflow: str | None) -> str:
    """The workflow, which must be given; raises `ScaffoldError`."""
    if workflow is None:
        raise ScaffoldError(
            "no workflow was given",
            "give it as a text in quotes, as a file, or as `-` for standard input: "
            '`saga-scaffold new "1. Reserve Inventory …" shop`',
        )
    return workflow
