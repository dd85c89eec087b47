"""Steps and their undos that the text itself puts side by side."""

import re
from collections.abc import Iterator

from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.signs import FAILURE, LABEL, UNDOING

HEAD = re.compile(r"^(?P<trigger>[^:]{2,140}?)\s*(?::|->|\s=>?\s|\s-\s)\s*(?P<rest>\S.*)$")
BOUND = re.compile(
    r"^unless\b|\b(?:before|as long as|so long as|up to|until|prior to|stopped|already|after|interrupted|"
    r"but)\b|^(?:not "
    r"yet|submitted|un\w+ed)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:^|[,;:.]\s+|\band\s+|\bstep\s+|#|\b(?:undo|compensation|rollback)\s+(?:of\s+|"
    r"for\s+)?)(?P<number>\d{1,2})[.)]?\s*(?:is\s+|gets\s+)?(?:undone|reversed|compensated|rolled back|"
    r"reverted|taken back)?\s*(?:by|with|:|is(?= \w+ing)|"
    r"->)\s+(?P<undo>[^;.]+?)(?=,?\s+(?:and\s+)?(?:step\s+|(?:undo|compensation|rollback) (?:of |"
    r"for )?)?\d{1,2}[.)]?\s+(?:is|gets|by|with)|[;.]|$)",
    re.IGNORECASE,
)
_EACH_NUMBERED = re.compile(
    r"\b(?:undo|compensate|reverse|revert|roll back|take back)\s+(?:step\s+|#)?\(?(?P<number>\d{1,2}|"
    r"[a-h])[.):]\s*(?P<undo>[^,;.:]{3,80})",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"[\"']([^\"']+)[\"'](?:\s*:\s*|\s+(?:has|triggers|calls|runs|is (?:undone|compensated|reversed) (?:by|with)|"
    r"->|by)\s+)[\"']([^\"']+)[\"']",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"[\"']([^\"']+)[\"']\s+(?:for|undoes|compensates|reverses|cancels out)\s+[\"']([^\"']+)[\"']", re.IGNORECASE
)
_BY = re.compile(
    r"^(?P<what>.{3,80}?)\s+(?:is|are|gets?|can be|must be|has to be)\s+(?:undone|compensated|reversed|rolled "
    r"back|reverted|taken back|countered)\s+(?:by|with|through|via)\s+(?P<undo>\S.*)$",
    re.IGNORECASE,
)
_TO_UNDO = re.compile(
    r"^to (?:undo|compensate|reverse|revert|roll back|take back)\s+(?P<what>[^,:]{3,80})[,:]\s*(?P<undo>\S.*)$",
    re.IGNORECASE,
)

_MARK = re.compile(r"(?:^|(?<=[\s,;:]))\(?(\d{1,2}|[a-h])(?:\)|[.)])\s+(?=\S)")


def paired(passage: Passage) -> bool:
    if len(_marked(passage.text)) > 1 or _arrowed(passage.text):
        return True
    if passage.number.startswith("step") and passage.role is Role.UNDO:
        return True
    told = _NUMBERED.search(passage.text) or _HAS.search(passage.text) or _FOR.search(passage.text)
    return bool(told) and bool(UNDOING.search(passage.text + passage.lead))


def _marked(text: str) -> list[tuple[str, str]]:
    """`Undo: (b) refund the seat (c) void the pass`: the number of each step, and its undo."""
    each = [(_as_number(one["number"]), one["undo"].strip()) for one in _EACH_NUMBERED.finditer(text)]
    label = LABEL.match(text)
    if len(each) > 1 or label is None:
        return each
    marks = list(_MARK.finditer(text, label.end()))
    if not marks:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    return [(_as_number(mark[1]), text[mark.end() : end].strip(" ,;.")) for mark, end in zip(marks, ends, strict=True)]


def _arrowed(text: str) -> list[tuple[str, str]]:
    """`Rollbacks: signing -> void the contract; payout -> recall it`: what stands left and right of each arrow."""
    label = LABEL.match(text)
    parts = [part.split(" -> ") for part in re.split(r"[;,]\s+", text[label.end() :])] if label else []
    return (
        [(one[0].strip(), one[1].strip(" .")) for one in parts] if parts and all(len(one) == 2 for one in parts) else []
    )


def _as_number(mark: str) -> str:
    return mark if mark.isdigit() else str(ord(mark.lower()) - ord("a") + 1)


def pairs(passages: tuple[Passage, ...]) -> Iterator[tuple[str, str]]:
    """What the text pairs itself: a step, by number or by words, and its undo."""
    for passage in passages:
        if passage.role is Role.ASIDE:
            continue
        text = passage.text
        if passage.role is Role.UNDO and passage.number.startswith("step"):
            yield passage.number.removeprefix("step"), text.rstrip(" .")
            continue
        if UNDOING.search(text + " " + passage.lead) or re.search(
            r"revert|handler", text + passage.lead, re.IGNORECASE
        ):
            yield from _marked(text)
            yield from _arrowed(text)
            yield from ((match["number"], match["undo"]) for match in _NUMBERED.finditer(text))
            yield from ((match[1], match[2]) for match in _HAS.finditer(text))
            yield from ((match[2], match[1]) for match in _FOR.finditer(text))
        for pattern in (_BY, _TO_UNDO):
            match = pattern.match(text)
            if match and not re.match(r"\d", match["what"]):
                yield match["what"], match["undo"].rstrip(".")
        if (
            passage.role is Role.UNDO
            and "," not in text
            and " and " not in text
            and text.count(" -> ") < 2
            and (match := HEAD.match(text))
            and not FAILURE.search(match["trigger"])
            and not re.match(r"(?:no|not|nobody|none|nothing|any|all|every)\b", match["trigger"], re.IGNORECASE)
            and not BOUND.search(match["trigger"])
            and len(match["trigger"].split()) <= 4
        ):
            yield match["trigger"], match["rest"].rstrip(".")
