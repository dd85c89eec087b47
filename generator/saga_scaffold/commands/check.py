"""`check`: the gate for CI."""

from pathlib import Path

import typer

from saga_scaffold import console
from saga_scaffold.commands import options
from saga_scaffold.errors import Exit


def check(directory: options.ProjectFolder = Path(), as_json: options.Json = False) -> None:
    """Say whether saga.yaml is valid and the project in step with it; 1 with every finding. Never writes.

    Example: saga-scaffold check
    """
    from saga_scaffold.regeneration import findings

    found = tuple(findings(directory))
    if as_json:
        told = [
            {"rule": f.rule, "path": f.path, "problem": f.problem, "hint": f.hint, "place": str(f.place or "")}
            for f in found
        ]
        console.document({"version": 1, "kind": "check", "findings": told})
    else:
        console.findings(found)
        console.say("" if found else "the project is in step with its saga.yaml")
    raise typer.Exit(Exit.FINDINGS if found else Exit.FINE)
