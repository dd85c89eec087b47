"""`check`: the gate for CI."""

from pathlib import Path
from typing import Annotated

import typer

from saga_scaffold import console
from saga_scaffold.commands import options
from saga_scaffold.errors import Exit, Finding, ScaffoldError


def check(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project, or a saga.yaml on its own.")] = Path(),
    as_json: options.Json = False,
) -> None:
    """Check saga.yaml, and that the project is in step with it. Ends with 1 and every finding; never writes.

    Example: saga-scaffold check
    """
    found = _findings(project)
    if as_json:
        told = [
            {"rule": f.rule, "path": f.path, "problem": f.problem, "hint": f.hint, "place": str(f.place or "")}
            for f in found
        ]
        console.document({"version": 1, "kind": "check", "findings": told})
    else:
        console.findings(found)
        fine = "the saga is valid" if project.is_file() else "the project is in step with its saga.yaml"
        console.say("" if found else fine)
    raise typer.Exit(Exit.FINDINGS if found else Exit.FINE)


def _findings(project: Path) -> tuple[Finding, ...]:
    if project.is_file():
        from saga_scaffold.source import Form, read_source
        from saga_scaffold.spec.checked import check_text

        return check_text(read_source(str(project), Form.SPEC).text, str(project)).errors
    if not project.exists():
        raise ScaffoldError(f"there is no `{project}`", "name a project, or a saga.yaml on its own")
    from saga_scaffold.regeneration import findings

    return tuple(findings(project))
