"""Compensations that are told by the failure that calls for them: `If shipping fails: refund, then release`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, StepDraft, UndoDraft
from saga_scaffold.architecture.evidence.failing import failing_place
from saga_scaffold.architecture.evidence.stems import about_the_same
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, says_failure, tokens

_CHAIN = re.compile(
    r"(?:\bif\b|\bwhen\b|\bupon\b|\bon\b|\bwenn\b|\bfalls\b|\bsi\b|\bse\b|failed|fails|failure|rejected|declined|rp-\d|→)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^\W*(?P<lead>[^:→|]{4,90}?)\W{0,3}\s*(?::|→|,\s+then\b|\s[–—-]\s)\s*(?P<rest>.+)$")
_OF_FAILURES = re.compile(r"fail|échec|fehl|fallo|falla|falha|reject|situation|when|if\b|trigger", re.IGNORECASE)
_Told = tuple[Token, Token | None]


def with_failure_paths(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with the undos that a document tells by failure: as many as were done, the last step's first; then by what they are about."""
    done = list(drafts)
    forward = _commands(drafts)
    for lead, rest in _paths(lines):
        place = failing_place(lead, done)
        undos = [told for told in _undos(rest) if told[0].text not in forward]
        places = list(reversed(range(place))) if place is not None else []
        asked = [one for one in places if not (done[one].undo and done[one].undo.none_because is not None)]  # type: ignore[union-attr]
        if undos and len(undos) in {len(places), len(asked)}:
            for one, told in zip(places if len(undos) == len(places) else asked, undos, strict=True):
                done[one] = _undone_by(done[one], *told)
    return _by_object(done, lines)


def _paths(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What fails, and what is said to be done then: of items, of sentences, of rows."""
    for line in lines:
        if not line.lstrip().startswith("|"):
            told = tokens(line)
            event = next((token.text for token in told if token.is_name and says_failure(token.text)), None)
            if event:
                yield event, line[line.index(event) + len(event) :]
            lead = _LEAD.match(line)
            if lead:
                yield lead["lead"], lead["rest"].lstrip("*_ ")
    for table in tables(lines):
        for row in table.rows:
            fails = _OF_FAILURES.search(table.headings[0]) and len(row) > 1
            counted = re.fullmatch(r"\W*(?:[A-Z]?)(\d{1,2})\W*", row[0]) if fails else None
            if fails or says_failure(plain(row[0])):
                yield f"step {counted[1]} fails" if counted else row[0], " ".join(row[1:])


def _undos(text: str) -> list[_Told]:
    """The undos of a text in order, each with the event that confirms it where one is named behind it."""
    found: list[_Told] = []
    for token in tokens(text):
        if token.marked and token.is_name and is_event(token.text) and found and found[-1][1] is None:
            found[-1] = (found[-1][0], token)
        elif token.marked and (token.is_name or token.is_phrase) and _is_undo(token):
            found.append((token, None))
    return found


def _undone_by(draft: StepDraft, token: Token, event: Token | None) -> StepDraft:
    """The step with its undo, unless one is known."""
    if draft.undo is not None:
        return draft
    command = MessageDraft(token.text) if not token.is_phrase else None
    success = MessageDraft(event.text) if event else None
    return replace(draft, undo=UndoDraft(token.text if token.is_phrase else None, command, success))


def _is_undo(token: Token) -> bool:
    names_a_topic = token.is_name and token.is_topic
    if says_failure(token.text) or token.text.isupper() or names_a_topic:
        return False
    return (token.is_name and not is_event(token.text)) or token.is_topic or token.is_phrase


def _by_object(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """Undos that stand only in chains keyed by failure, matched to the steps by what they are about."""
    open_ = [index for index, draft in enumerate(drafts) if draft.undo is None]
    if not open_:
        return drafts
    done = list(drafts)
    taken = {draft.undo.command.name for draft in drafts if draft.undo and draft.undo.command}
    forward = _commands(drafts)
    for chain in sorted(_chains(lines), key=len, reverse=True):
        for token in chain:
            if token.text in taken or token.text in forward:
                continue
            index = next((one for one in open_ if done[one].undo is None and _undoes(token.text, done[one])), None)
            if index is not None:
                taken.add(token.text)
                done[index] = _undone_by(done[index], token, None)
    return done


def _chains(lines: Sequence[str]) -> Iterator[list[Token]]:
    """Sequences of undo names that one sentence, bullet or row tells one after the other, as they are told."""
    for line in lines:
        found = [token for token in tokens(line) if token.marked and _is_undo(token)] if _CHAIN.search(line) else []
        if found:
            yield found


def _commands(drafts: Sequence[StepDraft]) -> set[str]:
    return {draft.command.name for draft in drafts if draft.command and draft.command.name}


def _undoes(name: str, draft: StepDraft) -> bool:
    of = (draft.command.name if draft.command else None) or draft.action or ""
    return about_the_same(name, of) or about_the_same(name, draft.action or "")
