"""Repair turns: a faulty answer goes back to the model with the exact findings; only a better one replaces it."""

from collections.abc import Iterable
from dataclasses import dataclass

from saga_scaffold.architect.conversation import Turn
from saga_scaffold.architect.prompt import Prompt
from saga_scaffold.architecture.complete import Completed
from saga_scaffold.errors import Finding, ScaffoldError

TURNS = 2
FINDINGS, FORM = "findings", "form"
DOCUMENT_FORM = "the whole document again, from its first heading to its last line, and nothing else"
FACTS_FORM = "the whole JSON object again, and nothing else"


@dataclass(frozen=True)
class Understood:
    """What could be read: a saga, or the reason why there is none."""

    markdown: str
    completed: Completed | None
    problem: ScaffoldError | None = None

    @property
    def findings(self) -> tuple[str, ...]:
        """What the architect can do something about, one line each; empty where there is nothing to repair."""
        if self.completed is None:
            return (f"{self.problem.problem}. {self.problem.hint}",) if self.problem else ()
        return tuple(_line(finding) for finding in self.completed.findings if _is_the_architects(finding))


def is_better(after: Understood, before: Understood) -> bool:
    """Whether the repaired answer says more or errs less, and loses no step."""
    if after.completed is None or before.completed is None:
        return before.completed is None
    steps = len(after.completed.spec.steps) - len(before.completed.spec.steps)
    return steps >= 0 and len(after.findings) < len(before.findings)


def repair_turns(
    asked: tuple[Turn, ...], answer: str, repair: Prompt, findings: Iterable[str], form: str
) -> tuple[Turn, ...]:
    """The conversation so far, the answer, and the request to put exactly these findings right."""
    listed = "\n".join(f"- {finding}" for finding in findings)
    return (*asked, Turn("assistant", answer), *repair.fill({FINDINGS: listed, FORM: form}))


def _is_the_architects(finding: Finding) -> bool:
    # Proposals are the architect's opinion on what the runtime decides; there is nothing to repair in an opinion.
    return not finding.path.startswith("proposed")


def _line(finding: Finding) -> str:
    where = f"line {finding.place.line}: " if finding.place and finding.place.line else ""
    return " ".join(f"{where}{finding.problem}. {finding.hint}".split())
