"""Reads an architecture document in Markdown: our own form exactly, others by the evidence in them."""

import re
from dataclasses import replace

from saga_scaffold.architecture.complete import Completed, complete
from saga_scaffold.architecture.evidence.assemble import draft_of
from saga_scaffold.architecture.own_form import is_own_form, read_own_form
from saga_scaffold.errors import Finding, Place, ScaffoldError, Severity
from saga_scaffold.spec.check import check

_DIAGRAM = re.compile(r"^\s*(stateDiagram|sequenceDiagram|@startuml|```mermaid|(?:strict )?digraph\b)", re.MULTILINE)
# What a design speaks of and a workflow in prose does not.
_OF_A_DESIGN = [
    re.compile(words, re.IGNORECASE)
    for words in (
        r"event[- ]?(?:store|sourc|log)|ereignisspeicher|journal d|almacén de eventos",
        r"idempot",
        r"snapshot|instantán|instantané",
        r"partition|partici[oó]n|parti[cç][aã]o",
        r"split[- ]?brain|out[- ]of[- ]order|fencing",
        r"\btopics?\b|\bchannels?\b|\bqueues?\b",
        r"orchestrat|orquest",
        r"compensat|kompens|compens",
        r"terminal states?|end states?|final states?|\bFSM\b|state machine",
    )
]
_TELLING = 4


def looks_like_architecture(text: str) -> bool:
    """Whether the text is a document with steps under labels, in tables or in diagrams, rather than prose."""
    if is_own_form(text) or _DIAGRAM.search(text):
        return True
    steps = draft_of(text).steps
    told = [step for step in steps if step.command and step.command.name and (step.success or step.undo)]
    is_a_design = sum(bool(words.search(text)) for words in _OF_A_DESIGN) >= _TELLING
    return len(told) > 1 or (is_a_design and len(steps) > 1)


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
