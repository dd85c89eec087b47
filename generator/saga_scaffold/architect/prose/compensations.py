"""The undo of each step as the text states it, or the statement that there is none."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import item
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.matching import LEAST, assign, fit
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen, best, only
from saga_scaffold.architect.prose.sentences import sentences
from saga_scaffold.architect.prose.signs import FAILURE, NONE, NOTHING
from saga_scaffold.architect.prose.stems import stem, stems
from saga_scaffold.architect.prose.undo_pairs import pairs
from saga_scaffold.architect.prose.undo_phrases import phrases
from saga_scaffold.architect.prose.undoing import Order, Undoing, undoings
from saga_scaffold.architecture.draft import UndoDraft
from saga_scaffold.language.objects import singular
from saga_scaffold.language.verbs import base_form

_TRIES_AGAIN = frozenset("retry repeat try wait skip".split())
_DONE = re.compile(
    r"\b(?:after|once|although|though)\b(?P<after>.*)$|^(?P<before>.*?)\balready\b(?P<rest>.*)$|^(?:if |when "
    r")?(?P<first>\w+ed\b.*)$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:before|until|up to(?: and not including)?|prior to|as long as|so long as)\b(?P<what>.*)$", re.IGNORECASE
)
_SOME = re.compile(
    r"\b(?:one of|any|either|some|a (?:later |single |completed )?step|something|anything|whatever)\b", re.IGNORECASE
)
_ALL_OF_IT = re.compile(
    r"^(?:nothing (?:has to|needs to|must|is)|nobody undoes|(?:compensations?|undos?) (?:don't|do not)|"
    r"there(?:'s| is) no (?:undo|rollback|roll-?back|compensation)(?! for)|no (?:undo|rollback|"
    r"compensation)\b(?! for))",
    re.IGNORECASE,
)
_NO_UNDO = re.compile(r"nothing to undo|no (?:comp|compensation|undo|rollback)$", re.IGNORECASE)
_WHOLE = re.compile(r"\b(?:all|both|every|each|any)\b", re.IGNORECASE)


def compensations(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, UndoDraft]:
    """For the index of a step: its stated undo."""
    found: dict[int, Action] = {}
    for index, step in enumerate(steps):
        own = phrases(step.undo) if step.undo else []
        told = own[0] if own else item(step.undo) if step.undo else None
        if told:
            found[index] = told if told.thing else replace(told, thing=step.action.thing)
    rank = dict.fromkeys(found, 9.0)
    for what, undo in pairs(passages):
        if NONE.match(undo):
            continue
        told = next(iter(phrases(undo)), None) or item(undo)
        told = None if told and told.verb in _TRIES_AGAIN else told
        place = _named(what, told, steps)
        if place is not None and told and place not in found:
            found[place], rank[place] = told if told.thing else replace(told, thing=steps[place].action.thing), 8.0
    for statement in undoings(passages, frozenset(step.passage for step in steps)):
        for index, phrase in _assigned(statement, steps, passages).items():
            score = fit(phrase, steps[index])
            if score > rank.get(index, -1.0):
                found[index], rank[index] = phrase, score
    drafts = {index: UndoDraft(action=phrase.text) for index, phrase in found.items()}
    return _nothing(steps, passages, drafts) | drafts


def _named(what: str, undo: Action | None, steps: tuple[Seen, ...]) -> int | None:
    """The step by its number, by who does it, or by its words."""
    doers = [
        index for index, step in enumerate(steps) if step.action.service and stems(step.action.service) == stems(what)
    ]
    if doers and undo:
        return max(doers, key=lambda index: fit(undo, steps[index]))
    if what.isdigit():
        return int(what) - 1 if 0 < int(what) <= len(steps) else None
    return best(what, steps, 0.3)


def _assigned(statement: Undoing, steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, Action]:
    if statement.label and len(statement.phrases) == 1:
        before = [index for index, step in enumerate(steps) if step.passage == statement.passage - 1]
        fits = [fit(statement.phrases[0], step) for step in steps]
        if len(before) == 1 and (fits[before[0]] >= LEAST or max(fits) < LEAST):
            return {before[-1]: statement.phrases[0]}
    done = _done_step(statement, steps)
    last = _last_step(statement, steps)
    if done is not None and statement.phrases:
        special = _of_done(statement.phrases, steps, done)
        if special is not None:
            return special
    placed = assign(statement.phrases, steps, last, statement.order is Order.SAME)
    return placed | _for_all_of_a_kind(statement.phrases, steps, placed)


def _done_step(statement: Undoing, steps: tuple[Seen, ...]) -> int | None:
    """The step of `after we had confirmed`, `if the hold was captured already`, `submitted but ...`."""
    match = _DONE.search(statement.trigger)
    if match is None or _BEFORE.search(statement.trigger) or (match["first"] and not _is_done(match["first"])):
        return None
    told = match["after"] or f"{match['before'] or ''} {match['rest'] or ''}".strip() or match["first"] or ""
    return best(re.sub(r"\b(?:was|were|had|has|been|be|undone|to|but)\b", " ", told), steps, 0.3)


def _is_done(told: str) -> bool:
    """Whether the words begin by saying what was done: `submitted but ...`, and not `deed refused`."""
    first = told.split()[0]
    return base_form(first) is not None and not FAILURE.search(told)


def _of_done(told: tuple[Action, ...], steps: tuple[Seen, ...], done: int) -> dict[int, Action] | None:
    """Of the phrases, the first undoes the step that was done already, unless its words speak of another step."""
    first = told[0]
    others = [fit(first, step) for index, step in enumerate(steps) if index != done]
    if max(others, default=0.0) > max(1.1, fit(first, steps[done]) + 0.3):
        return None
    earlier = assign(told[1:], steps[:done]) if done else {}
    return {**earlier, done: first}


_NUMBER_FAILS = re.compile(
    r"(?:if |when |whenever |should |in case |on |at )?(?:step |no\.? ?|number |#|nr\.? ?)?(\d{1,2})\b[.)]?"
    r"(?=\s*(?:$|fail|can|is|does|goes|breaks|times|aborts|errors|throws|gets|has|was|declined|refused))",
    re.IGNORECASE,
)


def _last_step(statement: Undoing, steps: tuple[Seen, ...]) -> int | None:
    """The last step that can have been done: the one before the step that fails, or before which all this holds."""
    numbered = _NUMBER_FAILS.match(statement.trigger)
    if numbered and 1 < int(numbered[1]) <= len(steps):
        return int(numbered[1]) - 2
    bound = _BEFORE.search(statement.trigger)
    told = bound["what"] if bound else FAILURE.sub(" ", statement.trigger) if FAILURE.search(statement.trigger) else ""
    if not told or (not bound and _SOME.search(told)):
        return None
    words = stems(told)
    named = [index for index, step in enumerate(steps) if words & {stem(verb) for verb in step.action.verbs}]
    place = named[-1] if named and not bound else only(told, steps, 0.3)
    return place - 1 if place else None


def _for_all_of_a_kind(
    told: tuple[Action, ...], steps: tuple[Seen, ...], placed: dict[int, Action]
) -> dict[int, Action]:
    """`release all reservations`, `cancel the bookings`: one for every step of that verb."""
    found: dict[int, Action] = {}
    for phrase in told:
        plural = singular(phrase.thing.split()[-1]) != phrase.thing.split()[-1].lower() if phrase.thing else False
        if not plural and not _WHOLE.search(phrase.piece):
            continue
        kind = stems(phrase.thing)
        for index, step in enumerate(steps):
            general = index not in placed or placed[index] is phrase
            if general and kind and kind == stems(step.action.verb):
                found[index] = Action(phrase.verb, step.action.thing)
    return found


def _nothing(
    steps: tuple[Seen, ...], passages: tuple[Passage, ...], undone: dict[int, UndoDraft]
) -> dict[int, UndoDraft]:
    """The steps of which the text says that nothing is to be undone, with its words."""
    found = {
        index: UndoDraft(none_because="the text says that there is nothing to undo")
        for index, step in enumerate(steps)
        if any(_NO_UNDO.match(note) for note in step.notes)
    }
    for passage in passages:
        sign = NOTHING.search(passage.text)
        if (
            sign is None
            or re.match(r"(?:after|once|from)\b", passage.text, re.IGNORECASE)
            or passage.role is Role.ASIDE
            or FAILURE.search(NOTHING.sub(" ", passage.text))
        ):
            continue
        free = {index: step for index, step in enumerate(steps) if index not in undone}
        if _ALL_OF_IT.match(passage.text):
            found |= {index: UndoDraft(none_because=_reason(passage.text)) for index in free if index not in found}
            continue
        place = best(NOTHING.sub(" ", passage.text), tuple(free.values()), 0.3)
        if place is not None:
            found.setdefault(list(free)[place], UndoDraft(none_because=_reason(passage.text)))
    return found


def _reason(sentence: str) -> str:
    """What says it, in at most one line: the brackets or the sentence that it stands in."""
    parts = [*re.findall(r"[(\[]([^()\[\]]+)[)\]]", sentence), *sentences(sentence)]
    sentence = next((part for part in parts if NOTHING.search(part)), sentence)
    words = " ".join(sentence.split()).strip(" .")
    return words if len(words) <= 160 else words[:160].rpartition(" ")[0] + " ..."
