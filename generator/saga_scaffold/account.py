"""What is said after `new`: what was designed, what was assumed, how long it took, and the one next command."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from saga_scaffold import build, console, smoke
from saga_scaffold.console import Progress
from saga_scaffold.errors import Exit
from saga_scaffold.spec.model import SagaSpec, Step


def show(created: build.Created, progress: Progress, *, as_json: bool) -> None:
    """The account as JSON on stdout, or for people on stderr with the next command on stdout."""
    if as_json:
        console.document(payload(created, progress))
        return
    console.say()
    for line in _steps(created.designed.spec):
        console.say(line)
    _tell_assumptions(created.designed.spec)
    console.findings(created.designed.findings)
    _tell_verdict(created)
    console.say("next:")
    console.data(f"  {next_command(created)}")


def status(created: build.Created) -> Exit:
    """3 where the smoke test failed or could not run."""
    return Exit.SMOKE if isinstance(created.verdict, smoke.Failed | smoke.NotRun) else Exit.FINE


def payload(created: build.Created, progress: Progress) -> dict[str, Any]:
    """`new --json`, version 1."""
    spec, verdict = created.designed.spec, created.verdict
    return {
        "version": 1,
        "kind": "new",
        "directory": str(created.directory),
        "saga": spec.saga,
        "architect": created.designed.architect,
        "files": created.files,
        "steps": [{"id": step.id, "context": step.context, "undo": _undo_name(step)} for step in spec.steps],
        "assumed": list(spec.assumed),
        "findings": [
            {"rule": f.rule, "path": f.path, "problem": f.problem, "hint": f.hint, "severity": f.severity.value}
            for f in created.designed.findings
        ],
        "smoke": {
            "verdict": "skipped" if verdict is None else type(verdict).__name__.lower(),
            "detail": _detail(verdict),
        },
        "seconds": {name: round(seconds, 4) for name, seconds in progress.times.items()},
        "next": next_command(created),
    }


def next_command(created: build.Created) -> str:
    """A command that runs the demo on this machine."""
    script = created.designed.spec.package.replace("_", "-")
    if shutil.which("uv"):
        return f"cd {_quoted(created.directory)} && uv run {script} demo"
    if (created.directory / ".venv").exists():
        return f"cd {_quoted(created.directory)} && .venv/bin/{script} demo"
    install = "python3 -m venv .venv && .venv/bin/pip install -q -e ."
    return f"cd {_quoted(created.directory)} && {install} && .venv/bin/{script} demo"


def _steps(spec: SagaSpec) -> list[str]:
    width = max(len(step.title) for step in spec.steps)
    place = max(len(spec.contexts[step.context].title) for step in spec.steps)
    return [
        f"  {number}. {step.title:<{width}}  {spec.contexts[step.context].title:<{place}}  {_undone_by(step)}"
        for number, step in enumerate(spec.steps, 1)
    ]


def _undone_by(step: Step) -> str:
    return f"undone by {step.compensation.title}" if step.compensation else f"not undone: {step.because}"


def _undo_name(step: Step) -> str | None:
    return step.compensation.command.name if step.compensation else None


def _tell_assumptions(spec: SagaSpec) -> None:
    if not spec.assumed:
        return
    console.say()
    console.say("assumed, because the text does not say; change it in saga.yaml:")
    for what, where in _assumptions(spec):
        console.say(f"  {what:<20} {where}")
    console.say()


def _assumptions(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    """What was assumed, and of which steps; the undos first, and by their names, since they matter most."""
    undos = [step for step in spec.steps if f"steps.{step.id}.undo" in spec.assumed]
    if undos:
        yield "undo", ", ".join(_undo_name(step) or f"none of {step.id}" for step in undos)
    of_steps: dict[str, list[str]] = {}
    rest = []
    for path in spec.assumed:
        if not path.startswith("steps."):
            rest.append(path)
        elif not path.endswith(".undo"):
            _, id, what = path.split(".", 2)
            of_steps.setdefault(what, []).append(id)
    for what, ids in of_steps.items():
        yield what, "every step" if len(ids) == len(spec.steps) else ", ".join(ids)
    if rest:
        yield "of the saga", ", ".join(rest)


def _tell_verdict(created: build.Created) -> None:
    match created.verdict:
        case None:
            console.say(f"the smoke test was skipped; this runs it: {smoke.by_hand(created.directory)}")
        case smoke.Failed(summary=summary, output=output):
            console.say(output)
            console.say(f"{console.style('error', 'error:')} the project's own tests failed: {summary}")
            console.say()
            console.say(f"{console.style('hint', 'hint:')} the project is complete; see the failures above")
        case smoke.NotRun(why=why, hint=hint):
            console.say(f"{console.style('error', 'error:')} the smoke test could not run: {why}")
            console.say()
            console.say(f"{console.style('hint', 'hint:')} {hint}")
        case _:
            pass


def _detail(verdict: smoke.Verdict | None) -> str:
    match verdict:
        case None:
            return ""
        case smoke.NotRun(why=why):
            return why
        case _:
            return verdict.summary


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
