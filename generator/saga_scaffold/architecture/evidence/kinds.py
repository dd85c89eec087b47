"""Which steps a document calls the pivot, retriable or compensatable, under such words or in a sentence about them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.failing import failing_place
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.spec import naming

_LABEL = re.compile(
    r"^\W*(?:\d+[.)]\s*)?\W*(?P<kind>compensatable|pivot|retriable|retryable)s?\b(?: (?:steps?|transactions?))?\W",
    re.IGNORECASE,
)
_PIVOT = re.compile(
    r"\bpivot\w*|point of no return|point de non[- ]retour|punto de no retorno|ponto (?:de n[ãa]o|sem) retorno|punkt ohne (?:wiederkehr|umkehr)|kein zurück",
    re.IGNORECASE,
)
_RETRIED = re.compile(
    r"\bretriable\b|\bretryable\b|\b(?:retried|repeated|re-?sent|redelivered|tried again)\b(?=[^.;]{0,30}\b(?:until|for ?ever|indefinitely|endlessly))|\b(?:is|are) repeated(?=\s*[.;]|\s*$)"
    r"|\bwiederholt,? bis\b|\brépétée? jusqu|\breint?[eé]nta\w* hasta|\brepet\w+ (?:até|hasta)",
    re.IGNORECASE,
)
_BESIDE_THE_PIVOT = re.compile(
    r"\b(?:no|not|before|after|behind|until|beyond|past|following|vor|nach|avant|après|antes|después|depois)\s+(?:an?\s+|the\s+|dem\s+|le\s+|el\s+|o\s+|del?\s+)?(?:pivot|point|punkt|punto)",
    re.IGNORECASE,
)
_NEVER_TAKEN_BACK = re.compile(
    r"\bretried\b.*\b(?:no|never|not)\b.*\b(?:roll\w*|compensat\w*|undo\w*)|\bno (?:rollback|compensation)\b.*\bretried\b",
    re.IGNORECASE,
)
_ENDS_SOME_TIME = re.compile(r"until (?:the )?(?:\w+ )?(?:attempt|deadline|timeout|budget|limit|retr)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[.;])\s+(?=\W*[A-Z`*])|(?<=:)\**\s+|;\s+|\|")
_THIS = re.compile(r"\W*(?:this|that|it|dies|das|ceci|c'est|esto|este|esta|isto) (?:is|ist|est|es|é)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:steps?|rows?|lines?|transactions?|schritte?n?|zeilen?|étapes?|lignes?|pasos?|filas?|passos?|linhas?)\s+"
    r"(?P<numbers>\d{1,2}(?:\s*(?:[-–,&]|to|and|bis|und|à|et|y|e|a)\s*\d{1,2})*)",
    re.IGNORECASE,
)


_LETTERED = re.compile(
    r"\b(?P<numbers>[A-Z]{1,2}-?\d{1,2}(?:\s*(?:[-–,&]|to|and|bis|und|à|et|y|e|a)\s*[A-Z]{0,2}-?\d{1,2})*)\b"
)
_KINDS = {
    "compensatable": r"compens[aá]t?able|compensables?|kompensierbar|compens[aá]ve(?:l|is)",
    "pivot": r"pivote?|pivot[- ]step|point of no return",
    "retriable": r"retr(?:i|y)able|repeatable|wiederholbar|réessayable|reintentable|repet[ií]ve(?:l|is)",
}
_KIND = re.compile("|".join(rf"\b(?:{words})s?\b" for words in _KINDS.values()), re.IGNORECASE)
_FEWEST_KINDS = 2
_NEAR = 40


def with_kinds(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with the kinds that are said of them, unless their own rows tell others."""
    told: dict[int, str] = {}
    for places, kind in _told(drafts, lines):
        for place in places:
            told.setdefault(place, kind)
    return [
        replace(draft, kind=told[place]) if place in told and _open(draft, told[place]) else draft
        for place, draft in enumerate(drafts)
    ]


def _open(draft: StepDraft, kind: str) -> bool:
    undone = draft.undo is not None and draft.undo.none_because is None
    return draft.kind is None and not (kind == "retriable" and undone)


def _told(drafts: Sequence[StepDraft], lines: Sequence[str]) -> Iterator[tuple[list[int], str]]:
    """Places of steps with their kind; what stands under a label first."""
    for line in lines:
        label = _LABEL.match(line)
        if label:
            kind = label["kind"].lower().replace("retryable", "retriable")
            yield _named(line, drafts) or _numbered(line[label.end() - 1 :], drafts, bare=True), kind
        elif _NEVER_TAKEN_BACK.search(line) and len(places := _named(line, drafts)) == 1:
            yield places, "retriable"
    for line in lines:
        listed = list(_listed(line, drafts))
        yield from listed
        if len(listed) > 1 or not (_PIVOT.search(line) or _RETRIED.search(line)):
            continue
        before = ""
        for clause in _CLAUSE.split(line):
            kind = _kind(clause)
            if kind:
                places = _named(clause, drafts) or _numbered(clause, drafts) or _failing(before, clause, drafts)
                yield places or (_named(line, drafts) if _THIS.match(clause) else []), kind
            before = clause


def _listed(line: str, drafts: Sequence[StepDraft]) -> Iterator[tuple[list[int], str]]:
    """The kinds of a line that tells several: `T1 to T4 are compensatable, T5 is the pivot`, `pivot: T5; retriable: T6`."""
    kinds = list(_KIND.finditer(line))
    if len({kind[0].lower() for kind in kinds}) < _FEWEST_KINDS or line.lstrip().startswith("|"):
        return
    before = [line[: kinds[0].start()], *(line[one.end() : two.start()] for one, two in pairwise(kinds))]
    behind = [*before[1:], line[kinds[-1].end() :]]
    told = before if _places(before[0], drafts) else behind
    for kind, text in zip(kinds, told, strict=True):
        places = _places(text, drafts)
        if places and not _BESIDE_THE_PIVOT.search(line[: kind.end()][-_NEAR:]):
            yield places, next(name for name, words in _KINDS.items() if re.fullmatch(words, kind[0], re.IGNORECASE))


def _places(text: str, drafts: Sequence[StepDraft]) -> list[int]:
    return _named(text, drafts) or _numbered(text, drafts, bare=True)


def is_pivot(text: str) -> bool:
    """Whether a text calls something the point from which there is no way back."""
    return bool(_PIVOT.search(text)) and not _BESIDE_THE_PIVOT.search(text)


def _kind(clause: str) -> str | None:
    if is_pivot(clause):
        return "pivot"
    return "retriable" if _RETRIED.search(clause) and not _ENDS_SOME_TIME.search(clause) else None


def _named(clause: str, drafts: Sequence[StepDraft]) -> list[int]:
    """The steps whose commands a clause names, or whose titles."""
    told = {naming.same_words(token.text) for token in tokens(clause)}
    said = plain(clause).lower()
    return [
        place
        for place, draft in enumerate(drafts)
        if (draft.command and draft.command.name and naming.same_words(draft.command.name) in told)
        or (draft.action and " " in draft.action and draft.action.lower() in said)
    ]


def _numbered(clause: str, drafts: Sequence[StepDraft], bare: bool = False) -> list[int]:
    """The steps that a clause counts: `rows 6 and 7`, or under a label mere numbers."""
    counted = _NUMBERED.search(clause) or _LETTERED.search(clause)
    numbers = counted["numbers"] if counted else clause if bare and not re.search(r"[^\W\d]{4}", clause) else ""
    told = [int(one) for one in re.findall(r"\d{1,2}", numbers)]
    if len(told) == 2 and re.search(r"\d\s*(?:[-–]|to|bis|à|a)\s*[A-Z]{0,2}-?\d", numbers):
        told = list(range(told[0], told[1] + 1))
    return [one - 1 for one in told if 0 < one <= len(drafts)]


def _failing(before: str, clause: str, drafts: Sequence[StepDraft]) -> list[int]:
    """The step of `If publishing fails: it is repeated`."""
    place = failing_place(before, drafts) if re.match(r"\W*(?:it|this|that|the)\b", clause, re.IGNORECASE) else None
    return [] if place is None else [place]
