"""From a draft to a whole saga that `check` accepts: what no text stated is filled in, and marked as assumed."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from saga_scaffold.architecture.completion.contexts import Contexts
from saga_scaffold.architecture.completion.fields import Supply, business_key, kept_for_undo, usual_fields
from saga_scaffold.architecture.completion.guards import guard_of
from saga_scaffold.architecture.completion.messages import Messages
from saga_scaffold.architecture.completion.notes import Notes
from saga_scaffold.architecture.completion.order import kinds_of, order_of, sure_before
from saga_scaffold.architecture.completion.phrases import Phrase, phrase
from saga_scaffold.architecture.completion.simpler import simpler
from saga_scaffold.architecture.completion.undo import undo_of
from saga_scaffold.architecture.completion.wire_names import spoken
from saga_scaffold.architecture.draft import MessageDraft, SagaDraft, StepDraft
from saga_scaffold.errors import Finding, Place, ScaffoldError, Severity
from saga_scaffold.spec import naming
from saga_scaffold.spec.check import check
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.partition import OWN_KEYS, key_fields

_EXTERNAL = frozenset(
    "gateway provider card carrier courier email mail external api bank airline webhook partner sms".split()
)
_DEFAULTS = ("deadline", "event_store.shards", "event_store.snapshot_every", "event_store.retention", "topics")


@dataclass(frozen=True)
class Completed:
    """A saga that `check` accepts, and what is to be said about it, each with its place in the text."""

    spec: SagaSpec
    findings: tuple[Finding, ...] = ()


def complete(draft: SagaDraft, package: str, file: str) -> Completed:
    """The saga of a draft, its package named after the saga where none is given; `ScaffoldError` without steps.

    `file` is the name under which findings show the text that the draft was read from.
    """
    if not draft.steps:
        raise ScaffoldError("no steps found", "name an action, such as `1. Reserve stock (Inventory Service)`")
    completed, errors = _tried(draft, package, file)
    if not errors:
        return completed
    refused = tuple(_not_taken(found) for found in errors)
    for simple in simpler(draft, [step.id for step in completed.spec.steps], errors):
        completed, errors = _tried(simple, package, file)
        if not errors:
            return replace(completed, findings=(*completed.findings, *refused))
    raise ScaffoldError(errors[0].problem, errors[0].hint, place=errors[0].place)


def _tried(draft: SagaDraft, package: str, file: str) -> tuple[Completed, list[Finding]]:
    """The draft completed, and what `check` refuses of it."""
    completion = _Completion(draft, package, file)
    completed = completion.completed()
    return completed, [completion.placed(found) for found in check(completed.spec) if found.severity is Severity.ERROR]


def _not_taken(found: Finding) -> Finding:
    hint = f"it is left out; correct it in saga.yaml: {found.hint}"
    return replace(found, severity=Severity.WARNING, hint=hint)


class _Completion:
    """One draft on its way."""

    def __init__(self, draft: SagaDraft, package: str, file: str) -> None:
        self.draft, self.package, self.file = draft, package, file
        self.notes = Notes()
        self.contexts, self.messages = Contexts(self.notes), Messages()
        self.phrases = [phrase(_action(step)) for step in draft.steps]
        self.saga = self._saga()
        self.supply = Supply(self._key())
        for name, type_ in self.draft.input or ((self.supply.key, "string"),):
            if naming.words(name):
                self.supply.input.setdefault(naming.field_name(name), type_)
        for part in _key_parts(self.draft.partition_key):
            if not key_fields(part, self.supply.input):
                self.supply.input[naming.field_name(part)] = "string"
        if not self.draft.input:
            self.notes.assume("input")
        self.ids: list[str] = []
        for one in self.phrases:
            self.ids.append(naming.distinct(naming.step_id(one.text), self.ids))

    def completed(self) -> Completed:
        steps = list(self.draft.steps)
        order = order_of(steps, self.notes)
        kinds = kinds_of(steps, order, self.ids, self.notes)
        sure = sure_before(order, [bool(step.condition) for step in steps])
        written = [self._step(index, order[index], kinds[index], sure[index]) for index in self._ordered(order)]
        place = {id: index for index, id in enumerate(self.ids)}
        written.sort(key=lambda step: place[step["id"]])
        for path in _DEFAULTS:
            self._assume_default(path)
        if self.saga in self.contexts.found:
            self.saga = str(naming.step_id(f"{self.saga} saga"))
        document = {
            "saga": self.saga,
            "package": self.package or naming.safe_package(self.saga),
            "title": self._title(),
            "summary": " ".join((self.draft.summary or "").split()),
            "input": self.supply.input,
            "contexts": self.contexts.found,
            "steps": written,
            "terminal": self._terminal(),
            "event_store": self._event_store(),
            "proposed": {key: list(texts) for key, texts in self.draft.proposed.items()},
            **({"deadline": deadline} if (deadline := self._deadline()) else {}),
            "assumed": self.notes.assumed,
        }
        return Completed(SagaSpec.model_validate(document), tuple(map(self.placed, self.notes.findings)))

    def placed(self, finding: Finding) -> Finding:
        """With the line of the step that it is about; without a step, with the file."""
        lines = dict(zip(self.ids, (step.line for step in self.draft.steps), strict=True))
        about = finding.path.split(".")[1] if finding.path.startswith("steps.") else ""
        return replace(finding, place=Place(self.file, lines.get(about)))

    def _step(self, index: int, after: tuple[int, ...], kind: str, sure: set[int]) -> dict[str, Any]:
        draft, one, id = self.draft.steps[index], self.phrases[index], self.ids[index]
        known = {self.ids[before] for before in sure}
        context = self._context(draft, one, id)
        command = self.messages.stated(draft.command or MessageDraft(), one.command)
        success = self.messages.stated(draft.success or MessageDraft(), one.done)
        failure = self._failures(draft, one, kind, id)
        undo, because, assumed = undo_of(draft, one, kind, self.messages)
        takes, gives = self._takes(draft, one, id, known), self._gives(draft, one, id)
        self._assume(id, undo=assumed)
        self._note_topics(id)
        step: dict[str, Any] = {
            "id": id,
            "title": naming.sentence(one.text) if draft.action else "",
            "context": context,
            "kind": kind,
            "effect": self._effect(draft, id),
            "after": [self.ids[before] for before in after],
            "command": command,
            "takes": takes,
            "success": success,
            "gives": gives,
            "failure": failure,
            "undo": self._with_takes(undo, draft, takes, gives, id),
            **({"because": because} if because else {}),
            **({"state": naming.state_name(draft.state)} if draft.state and naming.words(draft.state) else {}),
            **self._patience(draft, id),
        }
        undone = [undo["success"]] if isinstance(undo, dict) else []
        commands = [command, *([undo["command"]] if isinstance(undo, dict) else [])]
        self._share(context, "commands", commands)
        self._share(context, "events", [success, *failure, *undone])
        if draft.condition:
            step["when"] = guard_of(draft.condition, f"steps.{id}.when", known, self.supply, self.notes)
        return step

    def _share(self, context: str, which: str, messages: list[dict[str, Any]]) -> None:
        """A topic that is stated and is the usual one of the context is said once, of the context."""
        usual = f"{context}.{which}"
        for message in messages:
            if message.get("topic") == usual:
                self.contexts.found[context].setdefault(which, {"topic": usual})
                del message["topic"]

    def _note_topics(self, id: str) -> None:
        """Says once of each topic that it cannot be called what the text calls it."""
        for topic, legal in self.messages.respelled.items():
            problem = f"`{topic}` cannot be the name of a topic, Kafka takes no slashes"
            if not any(found.problem == problem for found in self.notes.findings):
                self.notes.warn("topic", f"steps.{id}", problem, f"it is taken as `{legal}`")

    def _context(self, draft: StepDraft, one: Phrase, id: str) -> str:
        if not (draft.service and naming.words(draft.service)):
            self.notes.assume(f"steps.{id}.context")
        return self.contexts.of(draft.service, one.object or one.verb)

    def _failures(self, draft: StepDraft, one: Phrase, kind: str, id: str) -> list[dict[str, Any]]:
        if draft.failures:
            written = [self.messages.refusal(failure, one.not_done) for failure in draft.failures]
            return list({refusal["name"]: refusal for refusal in written}.values())
        self.notes.assume(f"steps.{id}.failure")
        return [] if kind == "retriable" else [self.messages.assumed(one.not_done)]

    def _takes(self, draft: StepDraft, one: Phrase, id: str, sure: set[str]) -> tuple[str, ...]:
        if draft.takes is not None:
            named = [naming.field_name(name) for name in draft.takes if naming.words(name)]
            return tuple(dict.fromkeys(self.supply.named(name, sure, id) for name in named))
        self.notes.assume(f"steps.{id}.takes")
        usual = usual_fields(one)[0]
        fields = [self.supply.supply(name, type_, sure, one.object or id) for name, type_ in usual]
        return tuple(dict.fromkeys([self.supply.key, *fields]))

    def _gives(self, draft: StepDraft, one: Phrase, id: str) -> dict[str, str]:
        stated = draft.gives
        if stated is None:
            self.notes.assume(f"steps.{id}.gives")
            stated = usual_fields(one)[1]
        pairs = [(naming.field_name(name), type_) for name, type_ in stated if naming.words(name)]
        return {self.supply.give(name, type_, id, id): type_ for name, type_ in pairs}

    def _with_takes(
        self, undo: dict[str, Any] | str, draft: StepDraft, takes: tuple[str, ...], gives: dict[str, str], id: str
    ) -> dict[str, Any] | str:
        if isinstance(undo, str):
            return undo
        if draft.undo_takes is not None:
            known = {*takes, *gives, *self.supply.input}
            named = (str(naming.field_name(name)) for name in draft.undo_takes if naming.words(name))
            told = tuple(dict.fromkeys(name for name in named if name in known))
        else:
            self.notes.assume(f"steps.{id}.undo.takes")
            told = (*gives, *kept_for_undo(takes)) if gives else takes
        return {**undo, "takes": told}

    def _effect(self, draft: StepDraft, id: str) -> str:
        if draft.external is not None:
            return "external" if draft.external else "local"
        self.notes.assume(f"steps.{id}.effect")
        said = naming.words(f"{draft.service or ''} {draft.action or ''}")
        return "external" if any(word.lower() in _EXTERNAL for word in said) else "local"

    def _patience(self, draft: StepDraft, id: str) -> dict[str, Any]:
        self._assume(id, timeout=draft.timeout is None, retry=draft.attempts is None and not draft.unlimited)
        retry: dict[str, Any] = {
            "attempts": 1000 if draft.unlimited else draft.attempts and max(1, min(draft.attempts, 1000)),
            "first": draft.backoff_first,
            "factor": draft.backoff_factor and max(1.0, min(float(draft.backoff_factor), 10.0)),
            "cap": draft.backoff_cap,
        }
        stated = {key: value for key, value in retry.items() if value is not None}
        if "first" in stated and stated["first"] > stated.get("cap", timedelta(seconds=30)):
            stated["cap"] = stated["first"]
        return {
            **({"timeout": draft.timeout} if draft.timeout else {}),
            **({"retry": stated} if stated else {}),
        }

    def _assume(self, id: str, **absent: bool) -> None:
        for name, is_absent in absent.items():
            if is_absent:
                self.notes.assume(f"steps.{id}.{name}")

    def _assume_default(self, path: str) -> None:
        stated = {
            "deadline": self.draft.deadline,
            "event_store.shards": self.draft.shards,
            "event_store.snapshot_every": self.draft.snapshot_every,
            "event_store.retention": self.draft.retention,
        }
        if stated.get(path) is None:
            self.notes.assume(path)

    def _ordered(self, order: list[tuple[int, ...]]) -> list[int]:
        """Indexes so that what supplies comes before what takes."""
        placed: dict[int, None] = {}
        waiting = list(range(len(order)))
        while waiting:
            late = []
            for index in waiting:
                if all(before in placed for before in order[index]):
                    placed[index] = None
                else:
                    late.append(index)
            if len(late) == len(waiting):
                return [*placed, *late]
            waiting = late
        return list(placed)

    def _saga(self) -> str:
        title = self.draft.title or ""
        if not naming.words(title):
            self.notes.assume("saga")
            title = self.phrases[0].text
        return str(naming.step_id(" ".join(naming.words(title)[:6])))

    def _deadline(self) -> timedelta | None:
        """The stated deadline, or one that a stated timeout of more than a day fits into; None leaves the usual one."""
        longest = max((step.timeout for step in self.draft.steps if step.timeout), default=timedelta())
        if self.draft.deadline is not None:
            return max(self.draft.deadline, longest)
        return 2 * longest if longest >= timedelta(days=1) else None

    def _title(self) -> str:
        return " ".join((self.draft.title or "").split())[:120] or naming.sentence(self.saga)

    def _key(self) -> str:
        stated = [naming.field_name(name) for name, _ in self.draft.input if naming.words(name)]
        parts = [naming.field_name(part) for part in _key_parts(self.draft.partition_key)]
        return next(iter([*stated, *parts]), None) or business_key(self.draft.title or "", self.phrases)

    def _terminal(self) -> dict[str, str]:
        ends = {"completed": self.draft.completed, "compensated": self.draft.compensated}
        for name, label in ends.items():
            if not (label and naming.words(label)):
                self.notes.assume(f"terminal.{name}")
        return {name: naming.state_name(label) for name, label in ends.items() if label and naming.words(label)}

    def _event_store(self) -> dict[str, Any]:
        draft = self.draft
        wanted = {"shards": draft.shards, "snapshot_every": draft.snapshot_every, "retention": draft.retention}
        known = draft.partition_key and key_fields(draft.partition_key, self.supply.input)
        key = {"partition_key": draft.partition_key} if known else {}
        return {name: value for name, value in wanted.items() if value is not None} | key


def _action(step: StepDraft) -> str:
    named = (step.action, step.command.name if step.command else None, step.success.name if step.success else None)
    return spoken(next((text for text in named if text and naming.words(text)), "step"))


def _key_parts(key: str | None) -> list[str]:
    """The fields that a partition key names, but for the saga's own."""
    placeholders = re.findall(r"<([^<>]+)>|\{([^{}]+)\}", key or "")
    parts = [one or other for one, other in placeholders] or re.split(r"[#|+,;\s]+|::", key or "")
    own = {naming.same_words(name) for name in OWN_KEYS}
    return [part for part in parts if naming.words(part) and naming.same_words(part) not in own]
