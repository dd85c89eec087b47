"""Where a text tells its steps: in a table, in a list, in a chain, or in running text; the most explicit place wins."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.bpmn import from_tasks
from saga_scaffold.architect.prose.forward import forward_actions
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.items import read_item
from saga_scaffold.architect.prose.lists import (
    bracketed,
    chain_elements,
    from_items,
    inline_numbers,
    item_groups,
    untitled,
)
from saga_scaffold.architect.prose.notes import with_notes
from saga_scaffold.architect.prose.passages import Form, Layout, Passage
from saga_scaffold.architect.prose.prose import from_prose
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.tables import from_table

_FINALLY = re.compile(
    r"^(?:and )?(?:finally|lastly|last of all|at the (?:very )?end|in the end|to finish)\b", re.IGNORECASE
)
Told = tuple[tuple[Seen, ...], str]
Split = Callable[[str], tuple[str, list[str]] | None]


def steps_of(layout: Layout) -> Told:
    """The steps in their order, and the words that announce them; below a heading like `Todo` only if nowhere else."""
    told = _steps_of(layout)
    if told[0]:
        return told
    anywhere = tuple(replace(one, role=Role.UNKNOWN) if one.role is Role.ASIDE else one for one in layout.passages)
    return _steps_of(replace(layout, passages=anywhere))


def _steps_of(layout: Layout) -> Told:
    passages = layout.passages
    for table in layout.tables:
        found = from_table(table)
        if len(found) > 1:
            return found, ""
    groups = sorted(
        item_groups(passages),
        key=lambda group: (passages[group[0]].role is not Role.FORWARD, _rank(passages[group[0]]), -len(group)),
    )
    marked = [group for group in groups if passages[group[0]].form is not Form.LINE]
    plain = [group for group in groups if passages[group[0]].form is Form.LINE]
    candidates: list[Told] = [
        (from_tasks(passages), ""),
        *((from_items(passages, group), "") for group in marked),
        *_within_a_sentence(passages, (inline_numbers, chain_elements)),
        *((untitled(from_items(passages, group)), "") for group in plain),
    ]
    for seen, title in candidates:
        if len(seen) > 1:
            return (*seen, *_last_ones(passages, seen)), title
    prose: Told = (from_prose(passages, _named_services(passages)), "")
    return max([prose, *_within_a_sentence(passages, (bracketed,))], key=lambda told: len(told[0]))


def _last_ones(passages: tuple[Passage, ...], seen: tuple[Seen, ...]) -> Iterator[Seen]:
    """What a sentence behind a list adds to it: `Finally, the Mail Service sends a welcome e-mail.`"""
    for index in range(max(one.passage for one in seen) + 1, len(passages)):
        passage = passages[index]
        if passage.form is Form.SENTENCE and passage.role is not Role.ASIDE and _FINALLY.match(passage.text):
            for action in forward_actions(passage.text, _named_services(passages)):
                if action.service and action.thing:
                    yield with_notes(Seen(action, action.piece, index, passage.line, notes=action.notes))


def _rank(passage: Passage) -> int:
    return [Form.NUMBERED, Form.BULLET, Form.LINE, Form.SENTENCE].index(passage.form)


def _within_a_sentence(passages: tuple[Passage, ...], splits: tuple[Split, ...]) -> Iterator[Told]:
    for index, passage in enumerate(passages):
        if passage.role in {Role.ASIDE, Role.UNDO}:
            continue
        for split in splits:
            found = split(passage.text)
            if found:
                title, elements = found
                read = [read_item(one, index, passage.line) for one in elements]
                yield untitled(tuple(one for one in read if one and one.action.text)), title


def _named_services(passages: tuple[Passage, ...]) -> frozenset[str]:
    """The services that some sentence names beyond doubt, in lower case: by a noun like `service`, or in brackets."""
    found: set[str] = set()
    for passage in passages:
        told = services.without_brackets(passage.text)
        if told.service:
            found.add(told.service.lower())
        for match in re.finditer(
            r"\b([A-Za-z][\w&-]*(?:\s+[A-Z][\w&-]*){0,3}\s+(?:service|system|api|gateway|desk|app))\b|\b(?:in|"
            r"to|with|from|via) the (ledger|core|warehouse|bank|crm|erp|wallet)\b",
            told.text,
        ):
            found.add((match[1] or match[2]).lower().removeprefix("the "))
    return frozenset(found | {name.removesuffix(" service") for name in found})
