"""The command line: which commands there are. What they do is in `commands`, imported when one of them runs."""

from collections.abc import Callable
from typing import Annotated

import typer

from saga_scaffold import __version__, console
from saga_scaffold.commands.check import check
from saga_scaffold.commands.command import guarded
from saga_scaffold.commands.design import design
from saga_scaffold.commands.diagram import diagram
from saga_scaffold.commands.evaluate import evaluate
from saga_scaffold.commands.new import new
from saga_scaffold.commands.regenerate import regenerate
from saga_scaffold.commands.samples import samples
from saga_scaffold.commands.schema import schema
from saga_scaffold.commands.verify import verify

app = typer.Typer(
    name="saga-scaffold",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
_COMMANDS: dict[str, Callable[..., None]] = {
    "new": new,
    "design": design,
    "regenerate": regenerate,
    "check": check,
    "verify": verify,
    "diagram": diagram,
    "eval": evaluate,
    "samples": samples,
    "schema": schema,
}
for name, function in _COMMANDS.items():
    app.command(name)(guarded(function))


def main() -> None:
    """The console script: what a user can cause ends with a message, what is our own fault with a report."""
    console.prepare()
    try:
        app()
    except Exception as fault:
        from saga_scaffold.report import report

        report(fault)
        raise SystemExit(70) from None


def _version(wanted: bool) -> None:
    if wanted:
        console.data(f"saga-scaffold {__version__}")
        raise typer.Exit


@app.callback()
def _global(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Turn a workflow in prose into an event-sourced saga project in Python that runs.

    Example: saga-scaffold new "1. Reserve Stock (Inventory Service), 2. Process Payment (Payment Service)" shop

    Data goes to standard output, everything else to standard error. Exit status: 0 fine; 1 findings, conflicts or
    drift; 2 wrong usage or unreadable input; 3 the smoke test failed or could not run; 130 interrupted.
    """
