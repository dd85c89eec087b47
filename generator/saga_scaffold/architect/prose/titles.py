"""What the saga is called: the heading or the subject of the text, its first line, or what announces the steps."""

import re
from collections.abc import Iterator

from saga_scaffold.architect.prose.headings import Role, role_of
from saga_scaffold.architect.prose.passages import Form, Layout
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import LABEL, SMALL_TALK, is_failure

_ADJECTIVES = re.compile(
    r"^(?:(?:an?|the|our|this|here is|multi-stage|multi-step|simple|typical|following|new)\s+)+", re.IGNORECASE
)
_CATEGORY = re.compile(
    r"\s+(?:process|workflow|flow|saga|transaction|procedure|notes|requirements|lifecycle|sequence)$", re.IGNORECASE
)
_TICKET = re.compile(r"^(?:\[[^\]]*\]\s*|[A-Z]{2,6}-\d+[:\s]+)+")
_WHEN = re.compile(r"(?:when|if|after|once|before|story|as|for|flow|process|steps|context|first|to)\b", re.IGNORECASE)
_VERSION = re.compile(
    r"\s*(?:\(draft\)|\bdraft\b|\bv\d+(?:\.\d+)*|\s-[ >].*|, .*|\([^)]*\)|:.*|\s(?:has|have|goes|works|consists|"
    r"runs|takes|is|are)\s.*)$",
    re.IGNORECASE,
)


def title_of(found: Layout, announced: str, forward: frozenset[int]) -> str | None:
    """The title of the saga, or None; `forward` are the passages that tell the steps."""
    for told in (found.title or "", announced, *_of_first_sentence(found, min(forward, default=0))):
        name = "" if _is_label(told) else _shortened(told)
        if 0 < len(name.split()) <= 8 and re.search(r"[A-Za-z]{3}", name):
            return name[0].upper() + name[1:]
    return None


def _is_label(told: str) -> bool:
    """Whether the words only say what kind of text follows: `Flow`, `Undo`, `When it fails`."""
    section = role_of(told) is not Role.UNKNOWN and len(told.split()) < 3
    return section or bool(_WHEN.match(told) or LABEL.match(f"{told}: "))


def _of_first_sentence(found: Layout, steps_begin: int) -> Iterator[str]:
    """The first sentence where it is short and stands before the steps, and what it says before a colon."""
    told = next(((place, one) for place, one in enumerate(found.passages) if one.form is Form.SENTENCE), None)
    if told is None or SMALL_TALK.match(told[1].text):
        return
    place, first = told[0], without_brackets(told[1].text).text
    if is_failure(first) or place > steps_begin:
        return
    ended = first.endswith((".", "!", "?", ",", ":"))
    if place < steps_begin and len(first.split()) <= 7 and not ended and " -> " not in first:
        yield first
    prefix = re.match(r"^([A-Z][\w -]{3,50}):\s", first)
    if prefix:
        yield prefix[1]


def _shortened(told: str) -> str:
    name = _TICKET.sub("", told.strip(" *#"))
    name = _VERSION.sub("", _VERSION.sub("", name))
    name = _ADJECTIVES.sub("", name)
    bare = _CATEGORY.sub("", name).strip(" .,:;-")
    return bare if " " in bare else name.strip(" .,:;-")
