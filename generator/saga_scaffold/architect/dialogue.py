"""A conversation with a model: one design, at most two repairs, one question for what is still open."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from saga_scaffold.architect import facts, gaps, repair
from saga_scaffold.architect.conversation import (
    Correspondent,
    Noting,
    OnProgress,
    Purpose,
    Reply,
    Request,
    Tokens,
    Turn,
)
from saga_scaffold.architect.facts import Facts
from saga_scaffold.architect.prompt import Prompt, bundled_prompt
from saga_scaffold.architect.repair import Understood
from saga_scaffold.architecture.complete import Completed
from saga_scaffold.errors import ScaffoldError

Read = Callable[[str], Completed]


@dataclass(frozen=True)
class Answer:
    """A model's design: the document as it wrote it, what it means, and what it took to get it."""

    markdown: str
    completed: Completed
    model: str
    prompt_sha: str
    tokens: Tokens
    notes: tuple[str, ...]

    @property
    def record(self) -> dict[str, Any]:
        """What a project keeps of it beside the document, as JSON: who designed it, from which prompt, at what cost."""
        return {
            "version": 1,
            "model": self.model,
            "prompt": self.prompt_sha,
            "tokens": {"prompt": self.tokens.prompt, "completion": self.tokens.completion},
            "notes": list(self.notes),
        }


class NotASaga(ScaffoldError):
    """An answer from which no saga can be read, kept so that it can be looked at."""

    def __init__(self, problem: str, hint: str, markdown: str) -> None:
        super().__init__(problem, hint)
        self.markdown = markdown


def sealed(workflow: str) -> str:
    """The workflow with nothing in it that ends the block it stands in."""
    return re.sub(r"<(\s*/?\s*)(?=workflow)", r"<\1 ", workflow, flags=re.IGNORECASE)


@dataclass
class Dialogue:
    """One conversation; counts what it costs, and how many repairs are left."""

    correspondent: Correspondent
    prompt: Prompt
    model: str
    on_progress: OnProgress
    read: Read
    repairs_left: int = repair.TURNS
    tokens: Tokens = field(default_factory=Tokens)
    notes: list[str] = field(default_factory=list)
    answered_by: str = ""

    def hold(self, workflow: str, others: Mapping[str, str]) -> Answer:
        """The design, repaired where it has faults, completed where it is silent; `others` fill the rest."""
        asked = self.prompt.fill({**others, self.prompt.workflow_variable: sealed(workflow)})
        designed = self._repaired(asked, self._understand(self._ask(Purpose.DESIGN, asked).text))
        if designed.completed is None:
            raise self._unreadable(designed)
        completed = self._filled(asked, designed.markdown, designed.completed)
        return Answer(
            designed.markdown,
            completed,
            self.answered_by,
            self.prompt.sha,
            self.tokens,
            tuple(self.notes),
        )

    def _repaired(self, asked: tuple[Turn, ...], designed: Understood) -> Understood:
        while designed.findings and self.repairs_left:
            self.repairs_left -= 1
            self._note(f"the answer has {_count(len(designed.findings), 'fault')}; asking the model to put them right")
            turns = repair.repair_turns(
                asked, designed.markdown, bundled_prompt("repair"), designed.findings, repair.DOCUMENT_FORM
            )
            again = self._understand(self._ask(Purpose.REPAIR, turns).text)
            if not repair.is_better(again, designed):
                self._note("the repaired answer is no better; the one before is kept")
                return designed
            designed = again
        return designed

    def _filled(self, asked: tuple[Turn, ...], markdown: str, completed: Completed) -> Completed:
        missing = gaps.gaps(completed.spec)
        if not missing:
            return completed
        self._note(f"the answer leaves {_count(len(missing), 'fact')} open; asking the model for them")
        wanted = {"gaps": "\n".join(f"- {path}" for path in missing)}
        stated = self._facts((*asked, Turn("assistant", markdown), *bundled_prompt("gaps").fill(wanted)))
        if stated is None:
            self._note("the facts came back unreadable; what was open is assumed")
            return completed
        filled = gaps.fill(completed.spec, stated)
        self._note(f"the model filled in {_count(len(filled.paths), 'fact')}; the rest is assumed")
        return replace(completed, spec=filled.spec)

    def _facts(self, turns: tuple[Turn, ...]) -> Facts | None:
        answer = self._ask(Purpose.GAPS, turns, facts.schema()).text
        while True:
            try:
                return facts.read_facts(answer)
            except facts.Unreadable as unreadable:
                problem = unreadable.problem
            if not self.repairs_left:
                return None
            self.repairs_left -= 1
            self._note(f"the facts cannot be read ({problem}); asking again")
            again = repair.repair_turns(turns, answer, bundled_prompt("repair"), (problem,), repair.FACTS_FORM)
            answer = self._ask(Purpose.REPAIR, again, facts.schema()).text

    def _ask(self, purpose: Purpose, turns: tuple[Turn, ...], shape: dict[str, Any] | None = None) -> Reply:
        request = Request(purpose, self.model, turns, self.prompt.parameters, shape)
        reply = self.correspondent.ask(request, self.on_progress)
        self.tokens += reply.tokens
        self.notes += reply.notes
        self.answered_by = self.answered_by or reply.model
        return reply

    def _understand(self, markdown: str) -> Understood:
        try:
            return Understood(markdown, self.read(markdown))
        except ScaffoldError as problem:
            return Understood(markdown, None, problem)

    def _unreadable(self, designed: Understood) -> NotASaga:
        reason = designed.problem.problem if designed.problem else "it holds no saga"
        return NotASaga(
            f"the answer of `{self.model}` is no saga architecture, even after "
            f"{_count(repair.TURNS - self.repairs_left, 'repair')}: {reason}",
            "choose a more capable model with `--model`, or describe the steps as a numbered list; "
            "`--architect offline` designs without a model",
            designed.markdown,
        )

    def _note(self, note: str) -> None:
        self.notes.append(note)
        self.on_progress(Noting(note))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
