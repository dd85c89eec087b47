"""Steps in lists: numbered lines, bullets, numbers inside a sentence, chains of arrows, BPMN in words."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.items import PREFIX, read_item
from saga_scaffold.architect.prose.kind_words import kind_of
from saga_scaffold.architect.prose.passages import Form, Passage
from saga_scaffold.architect.prose.pieces import chain, is_an_outcome, pieces
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import FAILURE, LABEL, SMALL_TALK, is_failure
from saga_scaffold.architect.prose.trouble import goes_wrong
from saga_scaffold.language.verbs import is_verb

_INLINE = re.compile(r"(?:^|(?<=[\s,;:(]))[\[(]?(?P<number>\d{1,2}|[a-h])[.)\]/]\)?\s+(?=\S)")
_CONSISTS = re.compile(r"\s+(?:consists? of|comprises?|involves?|includes?|is made up of)\s+", re.IGNORECASE)
_ASIDE = re.compile(r"[:(]|,\s+(?:which|who|that|(?:but )?(?:only )?(?:if|when))\b|\.\s")
_PART = re.compile(
    r"^\W*(?:phase|stage|part|block|day|week|first|then|next|after(?:wards| that)?|finally|last(?:ly)?|"
    r"meanwhile|in parallel)\b",
    re.IGNORECASE,
)
_FAILING = re.compile(r"(?:if|when|whenever|should|in case|on|upon)\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?:^|(?<=\s))(?P<number>\d{1,2})\s+(?=[a-z]{3})"
    r"(?!(?:retr|repeat|tries|try|times|attempt|more|sec|min|hour|day|week|month|year|euro|dollar|percent|people|working|business)\w*)"
)
_EVENT = re.compile(
    r"^(?:[^:]{0,40}:)?\W*(?:(?:the|a|message|timer|error|none)\s+)*(?:start|end|intermediate|"
    r"boundary)\b[\w ]*event\b|^\W*(?:gateway|start|end|done|finish(?:ed)?|success)\W*$",
    re.IGNORECASE,
)


def from_items(passages: tuple[Passage, ...], indexes: list[int]) -> tuple[Seen, ...]:
    """The steps of a list: each item is one."""
    told = [
        index
        for index in indexes
        if not _FAILING.match(passages[index].text) or not FAILURE.search(passages[index].text)
    ]
    found = [read_item(passages[index].text, index, passages[index].line) for index in told]
    return tuple(replace(seen, kind=seen.kind or kind_of(passages[seen.passage].lead)) for seen in found if seen)


def item_groups(passages: tuple[Passage, ...]) -> list[list[int]]:
    """The lists of the text: neighbouring items of one form below one heading, two at least, mostly actions."""
    groups: list[list[int]] = []
    for index, passage in enumerate(passages):
        if passage.form is Form.SENTENCE or passage.role in {Role.ASIDE, Role.UNDO}:
            continue
        before = passages[groups[-1][-1]] if groups else None
        between = passages[groups[-1][-1] + 1 : index] if groups else ()
        continued = before and before.form is passage.form and all(_heads_a_part(one.text) for one in between)
        if before and continued and (before.lead == passage.lead or _heads_a_part(passage.lead)):
            groups[-1].append(index)
        else:
            groups.append([index])
    return [group for group in groups if len(group) > 1 and _mostly_actions(passages, group)]


def _heads_a_part(lead: str) -> bool:
    """Whether a line only divides a list of steps: `Pivot:`, `Can be undone:`, `Phase 2:`, `Then:`."""
    return bool(kind_of(lead) or (_PART.match(lead) and len(lead.split()) <= 6))


def _mostly_actions(passages: tuple[Passage, ...], group: list[int]) -> bool:
    read = [read_item(passages[index].text, index, 0) for index in group]
    told = sum(bool(one and one.action.verb) for one in read)
    failing = sum(
        goes_wrong(_ASIDE.split(passages[index].text)[0]) or bool(LABEL.match(passages[index].text)) for index in group
    )
    talking = sum(bool(SMALL_TALK.match(passages[index].text)) for index in group)
    return told >= 0.6 * len(group) and failing + talking < 0.5 * len(group)


def inline_numbers(text: str) -> tuple[str, list[str]] | None:
    """What stands before the first number, and the items of `1. reserve, 2. pay`; None without two numbers in a row."""
    marks = list(_INLINE.finditer(text))
    if len(marks) < 2 and not is_failure(text):
        marks = [
            mark
            for mark in _BARE.finditer(text)
            if text.count("(", 0, mark.start()) == text.count(")", 0, mark.start())
        ]
    run: list[re.Match[str]] = []
    for match in marks:
        if _position(match["number"]) == len(run) + 1:
            run.append(match)
    if len(run) < 2:
        return None
    bounds = [*[match.start() for match in run[1:]], len(text)]
    items = [text[match.end() : end].strip(" ,;") for match, end in zip(run, bounds, strict=True)]
    items = [re.sub(r"[,;]?\s+(?:and|then|and then)$", "", one) for one in items]
    return text[: run[0].start()].strip(" ,:"), items


def _position(number: str) -> int:
    return int(number) if number.isdigit() else ord(number.lower()) - ord("a") + 1


def bracketed(text: str) -> tuple[str, list[str]] | None:
    """The pieces of `scoring (Risk), contract signing (Legal)`; None unless most of them end with who does them."""
    head, colon, rest = text.partition(": ")
    announced = colon and "(" not in head and "(" in rest
    parts = [part for part, _ in pieces((rest if announced else text).rstrip(" ."))]
    marked = [part for part in parts if re.search(r"[)\]]$", part) and without_brackets(part).service]
    if len(marked) < 2 or len(marked) < 0.6 * len(parts) or is_failure(without_brackets(text).text):
        return None
    title, _, first = _CONSISTS.sub(": ", parts[0]).rpartition(": ")
    return head if announced else title, [first, *parts[1:]]


def chain_elements(text: str) -> tuple[str, list[str]] | None:
    """What stands before a chain of steps, and its elements; None where the text is none."""
    if LABEL.match(text):
        return None
    elements = [one for one in chain(text) if not _EVENT.match(one)]
    if len(elements) < 2 or (len(chain(text)) < 3 and not all(_starts_with_verb(one) for one in elements)):
        return None
    if " | " in text and 2 * sum(map(_starts_with_verb, elements[1:])) < len(elements[1:]):
        return None
    if len(elements) == 2 and is_an_outcome(elements[0]):
        return None
    if FAILURE.search(elements[0]) and (len(elements) < 3 or not _starts_with_verb(elements[0])):
        return None
    title = ""
    prefix = PREFIX.match(elements[0])
    if prefix and not any(":" in one for one in elements[1:]):
        title, elements[0] = prefix["name"], prefix["rest"]
    return title, elements


def _starts_with_verb(text: str) -> bool:
    first = re.split(r"[\s_-]", text.strip())[0]
    return is_verb(first) or bool(re.match(r"[A-Z][a-z]+[A-Z]", text))


def untitled(seen: tuple[Seen, ...]) -> tuple[Seen, ...]:
    """The steps without a first line that is the title of the others: it alone does not begin with a verb."""
    if len(seen) < 3:
        return seen
    first, others = seen[0].action, seen[1:]
    titled = (
        first.voice is Voice.NOUN
        and not first.verb
        and not first.service
        and " " in first.thing
        and (
            all(one.action.service for one in others)
            or sum(bool(one.action.verb) for one in others) >= 0.8 * len(others)
        )
    )
    return others if titled else seen
