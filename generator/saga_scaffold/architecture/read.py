"""Reads an architecture document in Markdown: our own form exactly, others by the evidence in them."""

import re
from dataclasses import replace

from saga_scaffold.architecture.complete import Completed, complete
from saga_scaffold.architecture.evidence.assemble import draft_of
from saga_scaffold.architecture.own_form import is_own_form, read_own_form
from saga_scaffold.errors import Finding, Place, ScaffoldError, Severity
from saga_scaffold.spec.check import check

_DIAGRAM = re.compile(r"^\s*(stateDiagram|sequenceDiagram|@startuml)", re.MULTILINE)


def looks_like_architecture(text: str) -> bool:
    """Whether the text is a document with steps under labels, in tables or in diagrams, rather than prose."""
    if is_own_form(text) or _DIAGRAM.search(text):
        return True
    told = [step for step in draft_of(text).steps if step.command and step.command.name and (step.success or step.undo)]
    return len(told) > 1


def read_architecture(text: str, file: str, package: str) -> Completed:
    """The saga of the document; `ScaffoldError` where it tells no steps."""
    normal = text.replace("\r\n", "\n").removeprefix("\ufeff")
    if is_own_form(normal):
        try:
            spec = read_own_form(normal)
        except (ValueError, KeyError, IndexError):
            pass
        else:
            spec = spec.model_copy(update={"package": package}) if package else spec
            return Completed(spec, tuple(_placed(one, file, normal) for one in check(spec)))
    draft = draft_of(normal)
    if not draft.steps:
        raise ScaffoldError(
            "no steps found in the document",
            "looked for bullets such as `- Command: ReserveStock` below a heading for each step",
            place=Place(file),
        )
    completed = complete(draft, package, file)
    return Completed(completed.spec, tuple(replace(one, severity=Severity.WARNING) for one in completed.findings))


def _placed(finding: Finding, file: str, text: str) -> Finding:
    """At the line that names the step it is about, else at the beginning of the document."""
    about = finding.path.split(".")[1] if finding.path.startswith("steps.") else ""
    found = text.find(f"\n- Step id: `{about}`") if about else -1
    return replace(finding, place=Place(file, text.count("\n", 0, found + 1) + 1))
