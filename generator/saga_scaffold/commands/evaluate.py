"""`eval`: a prompt file's test data, put to an architect and judged."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from saga_scaffold import console
from saga_scaffold.architect.settings import Architect
from saga_scaffold.commands import options
from saga_scaffold.errors import Exit


def evaluate(
    prompt: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A prompt file; by default the one of saga-scaffold.")
    ] = None,
    as_json: options.Json = False,
    architect: options.By = Architect.AUTO,
    base_url: options.BaseUrl = None,
    model: options.Model = None,
    send_default_key: options.SendKey = False,
    record: options.Record = None,
    replay: options.Replay = None,
) -> None:
    """Put the test data of a prompt file to an architect. Every answer is judged; ends with 1 when a case fails.

    Example: saga-scaffold eval --architect offline
    """
    from saga_scaffold.architect.evaluate import evaluate, model_design, offline_design
    from saga_scaffold.architect.model import model_name
    from saga_scaffold.architect.prompt import bundled_prompt, read_prompt
    from saga_scaffold.understand import Wanted

    wanted = Wanted(architect, base_url, model, send_default_key, record, replay)
    file = read_prompt(prompt) if prompt else bundled_prompt("saga-architect")
    if wanted.chosen is Architect.OPENAI:
        settings = wanted.settings
        result = evaluate(file, model_design(file, settings), model_name(settings, file))
    else:
        result = evaluate(file, offline_design(file), Architect.OFFLINE.value)
    if as_json:
        console.document(result.document())
    else:
        _table([("case", "evaluator", "result", "details"), *result.rows()])
        console.data(f"{result.architect}: {result.pass_rate:.0f} % of {len(result.tried)} passed")
    raise typer.Exit(Exit.FINE if result.passed else Exit.FINDINGS)


def _table(rows: Iterable[tuple[str, ...]]) -> None:
    lines = list(rows)
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        console.data("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
