"""Sentences that tell what is undone: when, and which actions in which order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.backward import is_backward
from saga_scaffold.architect.prose.headings import Role, role_of
from saga_scaffold.architect.prose.passages import Form, Passage
from saga_scaffold.architect.prose.signs import FAILURE, LABEL, NOTHING, SMALL_TALK, UNDOING
from saga_scaffold.architect.prose.trouble import trailing_case, trouble
from saga_scaffold.architect.prose.undo_pairs import BOUND, HEAD, paired
from saga_scaffold.architect.prose.undo_phrases import phrases
from saga_scaffold.language.verb_table import UNDONE_BY


class Order(Enum):
    """How the actions of a list follow the steps."""

    ANY = "any"
    SAME = "same"
    LAST_FIRST = "last first"


@dataclass(frozen=True)
class Undoing:
    """What a sentence says is undone. `trigger` is when; `label`: it stands behind a bare `Undo:`."""

    trigger: str
    phrases: tuple[Action, ...]
    order: Order
    passage: int
    label: bool = False


_WHEN = re.compile(
    r"^(?:and |but |or |so |also )?(?:if|when|whenever|in case(?: of| that)?|in the event(?: of| that)?|"
    r"(?:were|had) (?=(?:the|an?|one|any|no|our|its)\b)|sometimes|now and then|from time to time|occasionally|"
    r"(?:once|twice) an? \w+|should|once|as soon as|as long as|so long as|before|until|unless|where|on|upon|for|"
    r"after|up to|prior "
    r"to)\b",
    re.IGNORECASE,
)
_NO_COMMA = re.compile(
    r"^(?P<trigger>(?:on|upon|in case of|after)\s+(?:an?\s+|the\s+)?(?:failure|error|problem|rejection|"
    r"decline)\w*(?:\s+(?:of|in|with|at|during)\s+\S+)?|.*?(?:fail(?:s|ed|ures?)?|declined|rejected|refused|"
    r"wrong|errors?|work(?: out)?|out|available|possible|aborts?|(?:cannot|can't|can not) be \w+|doesn't \w+|"
    r"does not \w+|expires?|expired|stock|short|broken))\s+"
    r"(?P<rest>(?:we|then|the|a|an|it(?= is| gets| has| should| must| shall| will| needs)|its|all|both|"
    r"\w+-service|(?-i:[A-Z][\w-]*(?: "
    r"[A-Z]\w+)*))\s.*)$",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"^(?P<trigger>(?:\S+\s+){4,}?)(?P<rest>(?:the|an?|its|all|our)\s+\w+(?:\s\w+)?\s+(?:is|are|gets?|must|"
    r"has to|have to|shall|should)\s.*)$",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"^(?P<trigger>(?:until|up to|before) (?:then|that|this|that point)|(?:before|until|up "
    r"to)\b[^,]*?\b(?:means|mean|requires?))\b(?: that)?,?\s+(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_DOES_SO = re.compile(
    r"(?:log|record|report|raise|publish|send|flag|mark|note)\b.*\b(?:failures?|errors?|problems?)$", re.IGNORECASE
)
_IN_THAT_CASE = re.compile(
    r"^(?P<trigger>.{8,}?)[,;]?\s+(?:and |so |but |- )?in (?:that|this|such an?|which|either|any) (?:case|event),?\s+"
    r"(?P<rest>\S.*)$",
    re.IGNORECASE,
)
_SAME_ORDER = re.compile(
    r"\b(?:same order|in (?:the )?order (?:above|of the steps)|in that order|from first to last)\b", re.IGNORECASE
)

_TAKES_BACK = frozenset(UNDONE_BY.values()) | frozenset(
    "pay give put take move switch turn free drop throw scrap archive destroy".split()
)


def undoings(passages: tuple[Passage, ...], forward: frozenset[int]) -> Iterator[Undoing]:
    """Everything that the text says is undone, sentence by sentence; `forward` are the passages that tell the steps."""
    for index, passage in enumerate(passages):
        if passage.role is not Role.ASIDE and index not in forward and not paired(passage):
            yield from _of_passage(passage, index)
    yield from _bare_lists(passages)


def _of_passage(passage: Passage, index: int) -> Iterator[Undoing]:
    text = passage.text
    label = LABEL.match(text) or _headed(text)
    if label:
        inner = re.sub(r"^[^:]*:\s*", "", text) if ":" in label[0] else text[label.end() :]
        if HEAD.match(inner) and FAILURE.search(_trigger(inner)) and not _DOES_SO.match(_trigger(inner)):
            yield from _conditional(inner, index)
            return
        bare = len(label[0].split()) <= 2 and bool(UNDOING.search(label[0]))
        yield _undoing(label[0].rstrip(" :->"), inner, index, bare)
        return
    yield from _conditional(text, index)


def _headed(text: str) -> re.Match[str] | None:
    """A short label that says that undos follow: `Sad path: ...`."""
    label = re.match(r"[^:.,]{3,40}:\s+", text)
    return (
        label
        if label and len(label[0].split()) <= 4 and role_of(label[0]) is Role.UNDO and HEAD.match(text[label.end() :])
        else None
    )


def _trigger(text: str) -> str:
    match = HEAD.match(text)
    return match["trigger"] if match else ""


def _conditional(text: str, index: int) -> Iterator[Undoing]:
    """`If X fails, ...`, `X fails: ...`, `Before X: ...`, `X fails -> A -> B`."""
    if NOTHING.search(text) and not FAILURE.search(NOTHING.sub("", text)):
        return
    first = text.partition(" -> ")[0]
    if text.count(" -> ") > 1 and ":" not in first and passage_tells_undo(first):
        yield _undoing("", text, index)
        return
    case = _IN_THAT_CASE.match(text)
    if case:
        yield _undoing(case["trigger"], case["rest"], index)
        return
    head = HEAD.match(text)
    if (
        head
        and not re.search(r",\s", head["trigger"])
        and (
            FAILURE.search(head["trigger"])
            or UNDOING.search(head["trigger"])
            or BOUND.search(head["trigger"])
            or re.match(r"no \w+(?: \w+){0,5}$", head["trigger"], re.IGNORECASE)
        )
    ):
        yield _undoing(head["trigger"], head["rest"], index)
        return
    if head and len(head["trigger"].split()) <= 10 and not SMALL_TALK.match(text) and passage_tells_undo(head["rest"]):
        yield _undoing(head["trigger"], head["rest"], index)
        return
    if _WHEN.match(text):
        trigger, rest = _split(text)
        told = (
            FAILURE.search(text)
            or trouble(text)
            or BOUND.search(text)
            or UNDOING.search(text)
            or passage_tells_undo(rest)
        )
        if rest and told:
            yield _undoing(trigger, rest, index)
        return
    if (trailing := trailing_case(text)) and passage_tells_undo(text[: trailing.start()]):
        yield _undoing(trailing["case"], text[: trailing.start()] + text[trailing.end() :], index)
    elif FAILURE.search(text) or UNDOING.search(text) or all(map(is_backward, phrases(text))):
        yield _undoing(text, text, index)


def passage_tells_undo(rest: str) -> bool:
    """Whether what follows a colon takes something back, so that what stands before is its reason: `tour full: ...`."""
    told = phrases(rest)
    return any(one.verb.split()[0] in _TAKES_BACK or is_backward(one) for one in told)


def _split(text: str) -> tuple[str, str]:
    """When, and what happens then."""
    then = _THEN.match(text)
    if then:
        return then["trigger"], then["rest"]
    loose = _NO_COMMA.match(text)
    comma = re.search(
        r",\s+(?:then\s+)?|\s*[:;]\s+|\s+->\s+|"
        r"(?<!when)(?<!if)(?<!that)(?<!as)(?<!after)(?<!before)(?<!once)\s+(?=we\s)",
        text,
        re.IGNORECASE,
    )
    if loose and (comma is None or loose.start("rest") < comma.start()):
        return loose["trigger"], loose["rest"]
    if comma is None:
        late = _LATE.match(text)
        return (late["trigger"], late["rest"]) if late else (text, "")
    trigger, rest = text[: comma.start()], text[comma.end() :]
    if re.match(r"(?:or|and)\b", rest) and "," in rest:
        more, _, rest = rest.partition(",")
        trigger = f"{trigger}, {more}"
    return trigger, rest.strip()


def _undoing(trigger: str, rest: str, index: int, label: bool = False) -> Undoing:
    order = Order.SAME if _SAME_ORDER.search(trigger) else Order.ANY
    return Undoing(trigger, tuple(phrases(rest)), order, index, label)


def _bare_lists(passages: tuple[Passage, ...]) -> Iterator[Undoing]:
    """Bullets below `Compensation`, one action each."""
    group: list[int] = []
    for index in range(len(passages) + 1):
        passage = passages[index] if index < len(passages) else None
        fits = (
            passage is not None
            and passage.role is Role.UNDO
            and passage.form is not Form.SENTENCE
            and ":" not in passage.text
            and not passage.number.startswith("step")
            and not FAILURE.search(passage.text)
        )
        if fits and (not group or passages[group[-1]].lead == (passage.lead if passage else "")):
            group.append(index)
            continue
        if len(group) > 1:
            told = tuple(one for member in group for one in phrases(passages[member].text)[:1])
            yield Undoing(passages[group[0]].lead, told, Order.ANY, group[0])
        group = [index] if fits else []
