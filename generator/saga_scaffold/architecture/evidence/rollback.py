"""Compensations that are told by the failure that calls for them: `If shipping fails: refund, then release`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from saga_scaffold.architecture.draft import MessageDraft, StepDraft, UndoDraft
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.tokens import Token, is_event, says_failure, tokens
from saga_scaffold.spec import naming

_CHAIN = re.compile(
    r"(?:\bif\b|\bwhen\b|\bupon\b|\bon\b|\bwenn\b|\bfalls\b|\bsi\b|\bse\b|failed|fails|failure|rejected|declined|rp-\d|→)",
    re.IGNORECASE,
)


def chains(lines: Sequence[str]) -> Iterator[list[Token]]:
    """Sequences of undo names that one sentence, bullet or row tells one after the other, as they are told."""
    for line in lines:
        if not _CHAIN.search(line):
            continue
        found = [token for token in tokens(line) if token.marked and (_is_undo(token))]
        if found:
            yield found


def by_failure(found: Sequence[Found], lines: Sequence[str]) -> None:
    """`ShippingFailed: DestroyPrints, then CancelOrder`: as many undos as steps were done, the last step's first."""
    failing = {
        token.text: index
        for index, step in enumerate(found)
        for role in ("failure", "events")
        for token in tokens(step.said.get(role, ""))
        if says_failure(token.text)
    }
    for line in lines:
        told = tokens(line)
        at = next((place for place, token in enumerate(told) if token.text in failing), None)
        if at is None:
            continue
        undos = [token for token in told[at + 1 :] if token.marked and token.is_name and _is_undo(token)]
        done = list(reversed(found[: failing[told[at].text]]))
        if undos and len(undos) == len(done) and not {token.text for token in undos} & _commands(found):
            for step, undo in zip(done, undos, strict=True):
                step.say("undo", f"`{undo.text}`")


def _commands(found: Sequence[Found]) -> set[str]:
    return {token.text for step in found for token in tokens(step.said.get("command", ""))}


def _is_undo(token: Token) -> bool:
    if says_failure(token.text) or token.text.isupper():
        return False
    return (token.is_name and not is_event(token.text)) or token.is_topic or token.is_phrase


def about_the_same(one: str, other: str) -> bool:
    """Whether two names have a word in common that is not their first, their verb."""
    first, second = _objects(one), _objects(other)
    return bool(first & second)


@lru_cache(maxsize=4096)
def _objects(name: str) -> frozenset[str]:
    words = [word.lower() for word in naming.words(name)]
    return frozenset(word[:5] for word in (words[1:] or words) if len(word) > 2 and word not in _COMMON)


_COMMON = {"command", "commands", "cmd", "event", "evt", "the", "and", "for", "v1", "v2", "topic", "events"}


def with_rollbacks(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """Undos that stand only in chains keyed by failure, matched to the steps by what they are about."""

    open_ = [index for index, draft in enumerate(drafts) if draft.undo is None]
    if not open_:
        return drafts
    done = list(drafts)
    taken = {draft.undo.command.name for draft in drafts if draft.undo and draft.undo.command}
    forward = {draft.command.name for draft in drafts if draft.command}
    for chain in sorted(chains(lines), key=len, reverse=True):
        for token in chain:
            if token.text in taken or token.text in forward:
                continue
            index = next((one for one in open_ if done[one].undo is None and _undoes(token.text, done[one])), None)
            if index is not None:
                taken.add(token.text)
                command = MessageDraft(token.text) if not token.is_phrase else None
                done[index] = replace(
                    done[index], undo=UndoDraft(action=token.text if token.is_phrase else None, command=command)
                )
    return done


def _undoes(name: str, draft: StepDraft) -> bool:
    of = (draft.command.name if draft.command else None) or draft.action or ""
    return about_the_same(name, of) or about_the_same(name, draft.action or "")
