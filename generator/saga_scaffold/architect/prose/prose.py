"""Steps in running text: which sentences tell the way forward, and their actions."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.cases import lacking, tells_undo
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.counting import TURNING
from saga_scaffold.architect.prose.forward import forward_actions
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.matching import TAKES_BACK
from saga_scaffold.architect.prose.notes import with_notes
from saga_scaffold.architect.prose.passages import MOST_STEPS, Form, Passage
from saga_scaffold.architect.prose.seen import Seen, best
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import is_failure
from saga_scaffold.architect.prose.stems import stems
from saga_scaffold.architect.prose.title_steps import without_title

_OPENING = re.compile(
    r"^(?:first(?:ly)?|at the (?:very )?(?:start|beginning|outset)|to begin with|to start(?: with)?|"
    r"step (?:one|1)|initially|it (?:all )?(?:starts|begins))\b",
    re.IGNORECASE,
)


def from_prose(passages: tuple[Passage, ...], known: frozenset[str]) -> tuple[Seen, ...]:
    """The steps of the sentences that tell the way forward."""
    indexes = [index for index, passage in enumerate(passages) if passage.form in {Form.SENTENCE, Form.LINE}]
    forward = [index for index in indexes if passages[index].role is Role.FORWARD]
    required = [index for index in indexes if passages[index].number and passages[index].role is not Role.ASIDE]
    for chosen in (
        forward,
        required,
        [index for index in indexes if passages[index].role in {Role.UNKNOWN, Role.FORWARD}],
    ):
        found = _from_sentences(passages, chosen, known)
        if len(found) > 1:
            return found
    return ()


def _from_sentences(passages: tuple[Passage, ...], indexes: list[int], known: frozenset[str]) -> tuple[Seen, ...]:
    opening = next((index for index in indexes if _OPENING.match(passages[index].text)), None)
    found: list[Seen] = []
    failing = False
    for index in indexes:
        if opening is not None and index < opening:
            continue
        if len(found) > MOST_STEPS:
            break
        passage = passages[index]
        lacks = lacking(passage.text, tuple(found), known) if index != indexes[-1] else None
        told = forward_actions(lacks or passage.text, known) or _turning_action(passage.text, tuple(found), known)
        failing = failing or (lacks is None and is_failure(without_brackets(passage.text).text) and not told)
        told = [_resolved(one, found) for one in told]
        if tells_undo(passage.text, tuple(found), known):
            failing = True
            continue
        kept = [one for one in told if not (failing and one.verb in TAKES_BACK)]
        kept = [one for one in kept if not _told_before(one, found, index)]
        if (
            len(found) > 1
            and passage.text.rstrip(")").endswith("!")
            and all(one.voice is Voice.IMPERATIVE for one in kept)
        ):
            continue
        found += [with_notes(Seen(one, one.piece, index, passage.line, notes=one.notes)) for one in kept]
    return without_title(tuple(found), passages)


def _told_before(action: Action, found: list[Seen], passage: int) -> bool:
    """Whether a sentence before has told the action, so that this one only says more about it."""
    thing = stems(action.thing)
    return any(
        seen.action.verb == action.verb and thing and thing <= seen.family and seen.passage != passage for seen in found
    )


def _resolved(action: Action, found: list[Seen]) -> Action:
    """`The editor reviews it`: what `it` is, the sentence before has said."""
    if action.thing or not found or not re.search(r"\b(?:it|them|this|that)$", action.piece.strip(" .,")):
        return action
    return replace(action, thing=found[-1].action.thing)


def _turning_action(sentence: str, found: tuple[Seen, ...], known: frozenset[str]) -> list[Action]:
    """`Processing the sample uses it up, so there is no way back` tells a step, unless a step before has told it."""
    if not TURNING.search(sentence) or not re.match(r"[A-Z]?\w+ing\s+(?:the|a|an|its)\b", sentence):
        return []
    gerund = re.split(
        r"\s+(?:is|uses|marks|means|makes|ends|closes|cannot|can't|must|may|should|shall|has|have|can|will|"
        r"needs?|takes?|gets?)\b|,",
        sentence,
    )[0]
    told = [replace(one, voice=Voice.IMPERATIVE) for one in actions(gerund, known)[:1]]
    return [one for one in told if best(one.text, found, 0.9) is None]
