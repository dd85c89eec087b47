"""States that a document lists once for all steps."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.known import bare_service
from saga_scaffold.architecture.evidence.mapped_states import mapped_states, services_in
from saga_scaffold.architecture.evidence.state_names import is_done
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.spec import naming

_LABEL = re.compile(r"[A-Z][A-Za-z0-9_]+")


_STATES = re.compile(
    r"^\W*(?:fsm |saga |active |running |forward )?(?:states?|zustände|états|estados)\b[^:]{0,30}:", re.IGNORECASE
)


_COUNTED = re.compile(r"(?:S|ST|STEP)_?\d{1,2}_")
_BACKWARD = re.compile(
    r"compensat|revers|releas|refund|return|cancell|undo|rollback|rolling_?back|abort", re.IGNORECASE
)


def with_states(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """Labels of what is under way, by the words of the steps; what is left over on both sides goes together in order."""
    done = _with_states_of_services(drafts, lines)
    known = {draft.state for draft in done}
    services = {bare_service(draft.service) for draft in drafts if draft.service}
    told = dict.fromkeys(_running_labels(lines, _messages(drafts)))
    running = [label for label in told if bare_service(label) not in services]
    labels = [label for label in running if label not in known]
    for index, draft in enumerate(done):
        counted = next((label for label in labels if re.match(rf"(?:S|ST|STEP)_?0*{index + 1}_", label)), None)
        if draft.state is None and counted:
            draft = done[index] = replace(draft, state=counted)
            labels.remove(counted)
        scored = [(_alike(label, draft), -place, label) for place, label in enumerate(labels)]
        score, _, label = max(scored, default=(0, 0, ""))
        if draft.state is None and score:
            done[index] = replace(draft, state=label)
            labels.remove(label)
    open_ = [index for index, draft in enumerate(done) if draft.state is None]
    if len(open_) == len(labels) < len(done):
        for index, label in zip(open_, labels, strict=True):
            done[index] = replace(done[index], state=label)
    return done


def _with_states_of_services(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The states that the document maps to services, where a service has as many of them as steps."""
    along = _along(lines, len(drafts))
    services = {bare_service(draft.service) for draft in drafts if draft.service}
    mapped = [
        (label, words)
        for label, words in mapped_states(lines)
        if not _BACKWARD.search(label)
        and not is_done(label)
        and bare_service(label) not in services
        and label not in _messages(drafts)
    ]
    done = list(drafts)
    for service in {draft.service for draft in drafts if draft.service}:
        own = [index for index, draft in enumerate(drafts) if draft.service == service]
        labels = list(dict.fromkeys(label for label, words in mapped if services_in(service) & words))
        undos = [
            draft.undo.command.name or "" for draft in map(drafts.__getitem__, own) if draft.undo and draft.undo.command
        ]
        labels = next((some for some in _choices(labels, along, undos) if len(some) == len(own)), [])
        for index, label in zip(own, labels, strict=False):
            done[index] = replace(done[index], state=done[index].state or label)
    return done


def _choices(labels: list[str], along: set[str], undos: Sequence[str]) -> Iterator[list[str]]:
    """All labels; those on the way forward; those that tell of something under way; those that tell of no undo."""
    yield labels
    yield [label for label in labels if label in along]
    yield [label for label in labels if _is_running(label)]
    yield [label for label in labels if not any(_verb(undo) & stems(label) for undo in undos)]


def _verb(name: str) -> frozenset[str]:
    return stems("".join(naming.words(name)[:1]))


def _along(lines: Sequence[str], count: int) -> set[str]:
    """The states of the longest chain of arrows, where it can hold all steps."""
    chains = ([plain(part) for part in line.split("→")] for line in lines if "→" in line)
    longest = max((chain for chain in chains if all(map(_LABEL.fullmatch, chain))), key=len, default=[])
    return set(longest) if len(longest) >= count else set()


def _alike(label: str, draft: StepDraft) -> int:
    """How well a label fits a step: its verb counts most; one of many words is none."""
    name = draft.action or (draft.command.name if draft.command else None) or ""
    wanted, told = stems(name), stems(label)
    verb = stems(name.split()[0] if " " in name else "".join(naming.words(name)[:1]))
    score = len(told & wanted) + 2 * bool(told & verb)
    return 0 if score == 1 and len(wanted) > 2 and len(told) > 1 else score


def _messages(drafts: Sequence[StepDraft]) -> set[str | None]:
    """The names of the commands, on the way forward and back: no states, even where they speak of a `MeteringPoint`."""
    undos = (draft.undo.command for draft in drafts if draft.undo)
    return {one.name for one in (*(draft.command for draft in drafts), *undos) if one}


def _running_labels(lines: Sequence[str], messages: Container[str | None]) -> Iterator[str]:
    """States that tell of something under way: a gerund, or pending."""
    for line in lines:
        if _STATES.match(line):
            yield from (
                token.text for token in tokens(line) if _LABEL.fullmatch(token.text) and _is_running(token.text)
            )
            continue
        if not re.match(r"^\s*(?:[|*-]|\d+[.)])", line):
            continue
        first = next((token.text for token in tokens(line) if _LABEL.fullmatch(token.text)), None)
        if first is not None and first not in messages and _is_running(first):
            yield first


def _is_running(label: str) -> bool:
    words = [word.lower() for word in naming.words(label)]
    return bool(_COUNTED.match(label)) or (
        not _BACKWARD.search(label)
        and any(word.endswith("ing") for word in words)
        and not re.search(r"delet", label, re.IGNORECASE)
    )
