"""Runs the test data of a prompt file through an architect and judges every answer. The result is a value.

Its JSON has the key names of `gh models eval`, so that scripts which read one can read the other.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from saga_scaffold.architect.conversation import OnProgress, Tokens, unheard
from saga_scaffold.architect.dialects import Case
from saga_scaffold.architect.dialogue import NotASaga
from saga_scaffold.architect.evaluators import Subject, Unsupported, Verdict, judge
from saga_scaffold.architect.prompt import Prompt
from saga_scaffold.architect.settings import Settings
from saga_scaffold.errors import ScaffoldError

PACKAGE = "evaluated"


@dataclass(frozen=True)
class Designed:
    """One answer of an architect, ready to be judged."""

    subject: Subject
    tokens: Tokens = field(default_factory=Tokens)


Design = Callable[[Case], Designed]


@dataclass(frozen=True)
class Tried:
    """One test case: the answer, its verdicts, and the time in seconds that the architect took."""

    case: Case
    text: str
    verdicts: tuple[Verdict, ...]
    tokens: Tokens
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every evaluator is content."""
        return all(verdict.passed for verdict in self.verdicts)


@dataclass(frozen=True)
class Evaluation:
    """A prompt file put to the test; `architect` is the model's name, or `offline`."""

    prompt: Prompt
    architect: str
    tried: tuple[Tried, ...]

    @property
    def passed(self) -> bool:
        """Whether every test case passed."""
        return all(tried.passed for tried in self.tried)

    @property
    def pass_rate(self) -> float:
        """Passed cases in percent; 100 where there is none."""
        return 100.0 * sum(tried.passed for tried in self.tried) / len(self.tried) if self.tried else 100.0

    def document(self) -> dict[str, Any]:
        """The evaluation as JSON."""
        passed = sum(tried.passed for tried in self.tried)
        return {
            "version": 1,
            "name": self.prompt.name,
            "description": self.prompt.description,
            "model": self.architect,
            "testResults": [_result(tried) for tried in self.tried],
            "summary": {
                "totalTests": len(self.tried),
                "passedTests": passed,
                "failedTests": len(self.tried) - passed,
                "passRate": round(self.pass_rate, 2),
            },
        }

    def rows(self) -> Iterator[tuple[str, str, str, str]]:
        """The lines of a table: test case, evaluator, `passed` or `FAILED`, details."""
        for number, tried in enumerate(self.tried, 1):
            for verdict in tried.verdicts:
                yield str(number), verdict.evaluator, "passed" if verdict.passed else "FAILED", verdict.details


def evaluate(prompt: Prompt, design: Design, architect: str) -> Evaluation:
    """Every test case of the prompt, designed and judged; a `ScaffoldError` where there is none or no judge for it."""
    if not prompt.cases:
        raise ScaffoldError(f"`{prompt.file}` has no test data", "add a case under `testData`, see `prompts/README.md`")
    for evaluator in prompt.evaluators:
        if isinstance(evaluator, Unsupported):
            judge(evaluator, Subject("", None), {})
    return Evaluation(prompt, architect, tuple(_tried(prompt, case, design) for case in prompt.cases))


def offline_design(prompt: Prompt) -> Design:
    """The architect that needs no model."""
    from saga_scaffold.architect.offline import design
    from saga_scaffold.architecture.write import write_architecture

    def run(case: Case) -> Designed:
        workflow = _workflow(prompt, case)
        try:
            completed = design(workflow, PACKAGE)
        except ScaffoldError as problem:
            return Designed(Subject("", None, problem.problem))
        return Designed(Subject(write_architecture(completed.spec), completed.spec))

    return run


def model_design(prompt: Prompt, settings: Settings, on_progress: OnProgress = unheard) -> Design:
    """The architect that asks a model, with this very prompt."""
    from saga_scaffold.architect.model import design_with_model

    def run(case: Case) -> Designed:
        workflow = _workflow(prompt, case)
        try:
            answer = design_with_model(workflow, PACKAGE, settings, on_progress, prompt=prompt, values=case.inputs)
        except NotASaga as problem:
            return Designed(Subject(problem.markdown, None, problem.problem))
        return Designed(Subject(answer.markdown, answer.completed.spec), answer.tokens)

    return run


def _tried(prompt: Prompt, case: Case, design: Design) -> Tried:
    started = time.perf_counter()
    designed = design(case)
    seconds = time.perf_counter() - started
    verdicts = tuple(judge(evaluator, designed.subject, case.values) for evaluator in prompt.evaluators)
    return Tried(case, designed.subject.text, verdicts, designed.tokens, seconds)


def _workflow(prompt: Prompt, case: Case) -> str:
    name = prompt.workflow_variable
    if name not in case.inputs:
        raise ScaffoldError(f"the test case has no `{name}`", f"add `{name}:` below its `input:`", place=case.place)
    return case.inputs[name]


def _result(tried: Tried) -> dict[str, Any]:
    return {
        "testCase": dict(tried.case.written),
        "modelResponse": tried.text,
        "evaluationResults": [
            {
                "evaluatorName": verdict.evaluator,
                "score": 1.0 if verdict.passed else 0.0,
                "passed": verdict.passed,
                "details": verdict.details,
            }
            for verdict in tried.verdicts
        ],
        "tokens": {"prompt": tried.tokens.prompt, "completion": tried.tokens.completion},
        "seconds": round(tried.seconds, 3),
    }
