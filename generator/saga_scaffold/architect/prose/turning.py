"""The point of no return, and what is only ever repeated until it works."""

import re

from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.limit_words import UNLIMITED
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen, best, by_number
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import NOTHING
from saga_scaffold.architect.prose.stems import stems

_KINDS = {
    "compensatable": "compensatable",
    "compensable": "compensatable",
    "pivot": "pivot",
    "retriable": "retriable",
    "retryable": "retriable",
}
_HERE = re.compile(
    r"\b(?:no return after|point of no return|no (?:way|going|turning) back|pivot|irreversible|cannot be "
    r"undone afterwards|(?:is|are) final)\b|^\W*final\W*$",
    re.IGNORECASE,
)
RETURN = re.compile(
    r"\b(?:point[- ]of[- ]no[- ]return|no (?:way|going|turning|road) back|no return|(?:can ?not|can't|don't|"
    r"dont|do not|does not|doesn't|is not|isn't|are not|aren't|never|shall not|must not|won't|will not|"
    r"not)(?: be)? (?:go(?:es)? back|gone back|withdrawn|"
    r"stopped|unpublished|cancelled|called back|rolled? back|roll back|back out|comes? back|turn(?:s|"
    r"ed)? (?:around|round|back)|steps? back|retreat|come undone|"
    r"undone|un-?\w+ed|recalled|reversed|revoked|taken back|stopped any ?more)|is (?:binding|final|"
    r"irreversible|irrevocable|the pivot)|pivot|no (?:more )?roll-?back(?! (?:for|of|needed))|only (?:move|"
    r"go|moves|goes|going|retry|be "
    r"retried) ?(?:forward|on)?|never rolled back|"
    r"nothing (?:is|can be|will be) (?:undone|taken back|reversed|rolled back)|(?:whatever|what|"
    r"everything that) is (\w+) stays \1|(\w{4,}) is \2\b|"
    r"stays? (?:public|published|online|live|printed|paid|spent|"
    r"sent|sold)|irreversibl[ey]|irrevocabl[ey]|cannot be (?:un\w+ed|recalled|"
    r"undone|reversed))\b",
    re.IGNORECASE,
)
_THEN = re.compile(
    r"\bfrom (?:this|that|then|there|here)(?: (?:moment|point|on|step))?\b|\bafter (?:this|that)\b|^(?:this|"
    r"that|it)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:from|once|after|when|as soon as|with)\s+(?:the\s+|a\s+|an\s+)?(?P<what>[^,;:]+?)(?=\s+(?:on|"
    r"onwards?|there|we|the saga|it)\b|,|$)",
    re.IGNORECASE,
)
_REST_RETRIED = re.compile(
    r"\b(?:the rest|everything (?:after|else)|all (?:later|following|remaining) steps?|after "
    r"[^,]*\beverything|what follows|later steps?|the remaining steps?)\b[^.]*\b(?:retr\w+|repeat\w+|forward)",
    re.IGNORECASE,
)
_RETRIED = re.compile(
    r"\b(?:just|only|are|is|be|may be|simply|must be|shall be|can be|gets?)\s+(?:only\s+|simply\s+|"
    r"just\s+)?(?:retr(?:y|ied|ies)|repeat(?:ed)?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\b(?:\d+|once|twice|three|four|five|six)\s*(?:x|times|more)?\b", re.IGNORECASE)


def kinds(steps: tuple[Seen, ...], passages: tuple[Passage, ...], undone: frozenset[int]) -> dict[int, str]:
    """For the index of a step: pivot, retriable or compensatable, where the text says so."""
    found = {
        index: _KINDS[word]
        for index, step in enumerate(steps)
        if step.kind
        for word in re.findall(r"[a-z]+", step.kind)
        if word in _KINDS
    }
    pivot = next((index for index, kind in found.items() if kind == "pivot"), None)
    if pivot is None:
        pivot = _noted(steps) if _noted(steps) is not None else _told(steps, passages, undone)
        if pivot is not None and "compensatable" not in {found.get(pivot)}:
            found[pivot] = "pivot"
    for index in _retriable(steps, passages, pivot):
        if index != pivot and index not in undone:
            found.setdefault(index, "retriable")
    return found


_FINAL = re.compile(
    r"\b(?:can(?: ?not|'t)|could not) (?:ever )?be (?:undone|taken back|reversed|recalled|revoked|rolled back)\b",
    re.IGNORECASE,
)


def _noted(steps: tuple[Seen, ...]) -> int | None:
    final = [index for index, step in enumerate(steps) if any(_FINAL.search(note) for note in step.notes)]
    return next(
        (
            index
            for index, step in enumerate(steps)
            if any(_HERE.search(note) for note in step.notes) or _HERE.search(_behind(step.raw))
        ),
        final[0] if len(final) == 1 else None,
    )


def _behind(raw: str) -> str:
    """What an item says behind a dash or a semicolon."""
    return re.split(r"\s+-\s+|;\s+|\.\s+", raw, maxsplit=1)[-1] if re.search(r"\s-\s|;\s|\.\s", raw) else ""


def _told(steps: tuple[Seen, ...], passages: tuple[Passage, ...], undone: frozenset[int]) -> int | None:
    for place, passage in enumerate(passages):
        text = _outside(passage.text)
        match = RETURN.search(text)
        if (
            match is None
            or (NOTHING.search(text) and not _FROM.match(text) and not _THEN.search(text))
            or passage.role is Role.ASIDE
            or (UNLIMITED.search(text) and re.search(r"undone|taken back|reversed", match[0]))
            or re.match(r"(?:if|should|in case|whenever)\b|when\b.*\bfail", text, re.IGNORECASE)
        ):
            continue
        if re.search(r"\bpublic\b", match[0]) and best("publish", steps, 0.2) is not None:
            return best("publish", steps, 0.2)
        here = [index for index, step in enumerate(steps) if step.passage == place]
        earlier = [index for index, step in enumerate(steps) if 0 <= step.passage < place]
        if here and _clause_of(text, match) and not _FROM.match(text):
            return _nearest(text, match, here, steps)
        aimed = _aim(text, match, steps)
        if aimed is not None:
            return aimed if aimed not in undone else None
        if _THEN.search(text) and earlier:
            return earlier[-1]
    return None


def _outside(text: str) -> str:
    """The text without its brackets, or what stands in them where all of it does."""
    return without_brackets(text).text or text.strip("()[] .")


def _clause_of(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence tells actions before it says that there is no way back."""
    return match.start() > 20


def _nearest(text: str, match: re.Match[str], here: list[int], steps: tuple[Seen, ...]) -> int:
    """The last step that the sentence tells before the words of no return."""
    before = [index for index in here if text.find(steps[index].action.piece) < match.start()]
    return (before or here)[-1]


def _aim(text: str, match: re.Match[str], steps: tuple[Seen, ...]) -> int | None:
    """The step that the words of no return speak of."""
    subject = text[: match.start()]
    numbered = by_number(text, steps)
    if numbered:
        return numbered[0]
    named = _FROM.search(subject) or _FROM.search(text)
    for told in (
        named["what"] if named else "",
        re.split(r"[:;,]", subject)[-1],
        subject,
        re.split(r"[:;]", text[match.end() :])[0],
    ):
        place = best(told, steps, 0.3) if told.strip() else None
        if place is not None:
            return place
    return None


def _retriable(steps: tuple[Seen, ...], passages: tuple[Passage, ...], pivot: int | None) -> list[int]:
    found = [index for index, step in enumerate(steps) if any(UNLIMITED.search(note) for note in step.notes)]
    for place, passage in enumerate(passages):
        text = _outside(passage.text)
        if passage.role is Role.ASIDE or not (
            _RETRIED.search(text) or UNLIMITED.search(text) or _REST_RETRIED.search(text)
        ):
            continue
        if _REST_RETRIED.search(text) and pivot is not None:
            found += range(pivot + 1, len(steps))
        elif UNLIMITED.search(text) or (not _COUNTED.search(text) and pivot is not None):
            found += _named(text, place, steps)
    if (
        pivot is not None
        and not found
        and any(
            re.search(r"\bonly retry\b|\bonly be retried\b|\bonly (?:move|go)\w* forward", passage.text, re.IGNORECASE)
            for passage in passages
        )
    ):
        found += range(pivot + 1, len(steps))
    return found


def _named(text: str, place: int, steps: tuple[Seen, ...]) -> list[int]:
    """The steps of which the sentence says that they are repeated: by service, by pointing back, or by words."""
    if by_number(text, steps):
        return by_number(text, steps)
    clause = re.split(r"[,;]\s+(?:so|and)\s+|;\s+", text)[-1] if not UNLIMITED.search(text) or "both" in text else text
    told = stems(clause)
    by_service = [
        index
        for index, step in enumerate(steps)
        if step.action.service and stems(step.action.service) and stems(step.action.service) <= told
    ]
    if re.search(r"\b(?:CDN|[A-Z]\w+)\b.*\band\b", clause) and by_service:
        return by_service
    here = [index for index, step in enumerate(steps) if step.passage == place]
    if here:
        return here if re.search(r"\b(?:both|all|these)\b", text) else here[-1:]
    before = [index for index, step in enumerate(steps) if step.passage == place - 1]
    if re.match(r"(?:these|those|both|they)\b", clause, re.IGNORECASE) and before:
        return before[-2:]
    sign = UNLIMITED.search(text) or _RETRIED.search(text)
    subject = re.split(r"[,;:]\s+", text[: sign.start()] if sign else text)[-1]
    each = [best(part, steps, 0.5) for part in re.split(r",\s+|\s+and\s+|\s+&\s+", subject) if part.strip()]
    if len(each) > 1 and all(one is not None for one in each):
        return [one for one in each if one is not None]
    place_named = best(subject, steps, 0.3)
    if place_named is None and sign:
        place_named = best(text[: sign.start()], steps, 0.3)
    return [place_named] if place_named is not None else by_service[:1]
