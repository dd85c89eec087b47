"""Where a sentence ends, abbreviations and numbers left in peace."""

import re

from saga_scaffold.architect.prose.signs import FAILURE, LABEL

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|etc|approx|resp|incl|vs|mr|mrs|dr|inc|ltd|z\.b|bzw|dept)\.|(?:^|\s)\(?\d{1,2}\.)$",
    re.IGNORECASE,
)
_BEFORE_A_NUMBER = re.compile(r"\b(?:no|nr|fig|max|min|abt|ca)\.\s*\d$", re.IGNORECASE)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a list number does not end one."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        inside = _is_open(text[start : match.end()][-400:])
        before = text[max(start, match.start() - 12) : match.start()]
        if (
            not inside
            and not _ABBREVIATION.search(before)
            and not _BEFORE_A_NUMBER.search(before + text[match.start() : match.end() + 1])
        ):
            found.append(text[start : match.end()].strip())
            start = match.end()
    rest = text[start:].strip()
    return _with_answers([one for one in [*found, rest] if one])


_ASKED = re.compile(rf"^no \w+|{FAILURE.pattern}", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:(?:and|but|so|or|ok|also|well),? )*(?:can|could|would|will|shall|should|may|do|does|did|is|are|was|"
    r"were|has|have|am|"
    r"who|what|when|where|why|which|how|any (?:questions?|ideas?|thoughts?)|questions?|ok|okay|right|"
    r"sounds|makes sense|remember|see|you|anybody|anyone|clear|agreed)\b",
    re.IGNORECASE,
)


def _with_answers(found: list[str]) -> list[str]:
    """The sentences, `Card declined?` joined with what is to be done then."""
    joined: list[str] = []
    for one in found:
        if joined and _is_case(joined[-1]):
            joined[-1] = f"{joined[-1][:-1]}: {one}"
        else:
            joined.append(one)
    return joined


def _is_case(question: str) -> bool:
    """Whether a short question names a case, whose answer says what is done then: `Offer withdrawn?`."""
    if not question.endswith("?") or len(question.split()) > 14:
        return False
    return bool(len(question.split()) <= 8 and _ASKED.search(question)) or not _ASKS.match(question)


_MIDWAY = re.compile(
    r"(?:\s*;\s+|,?\s+(?:and|but|or)\s+|,\s+|\s+-\s+)(?:(?=(?:if|when|whenever|should|in case|"
    r"otherwise)\s[^,;:]*?\b(?:fail|cannot|can't|can not|declin|reject|error|goes wrong|does not|doesn't))|"
    r"(?=(?:on|upon|in case of|after|at) (?:an? |any )?(?:fail\w*|errors?|problems?|trouble|rejection|abort|"
    r"crash\w*)\b[^:]{0,40}:|"
    r"(?:undo|roll ?back|compensat\w+|reverse|way back)\s*:))",
    re.IGNORECASE,
)


def _is_open(text: str) -> bool:
    """Whether the end of the text stands in brackets."""
    return text.rfind("(") > text.rfind(")")


def statements(text: str) -> list[str]:
    """The sentences of a paragraph, cut at semicolons and where `..., and if that fails ...` begins."""
    return [
        part
        for sentence in sentences(text)
        for half in _halves(sentence)
        for dashed in _cut_at_dash(half)
        for part in _cut_midway(dashed)
    ]


_DASH = re.compile(r"\s-\s(?=(?P<case>[^,;:-]{3,60}):\s)")


def _cut_at_dash(sentence: str) -> list[str]:
    """The sentence cut where a dash leads to what goes wrong: `..., sell bale - buyer backs out: open bale`."""
    dash = next((dash for dash in _DASH.finditer(sentence) if FAILURE.search(dash["case"])), None)
    return (
        [sentence[: dash.start()], sentence[dash.end() :]]
        if dash and len(sentence[: dash.start()].split()) > 2
        else [sentence]
    )


def _halves(sentence: str) -> list[str]:
    """The sentence cut at semicolons, but not inside a list that a colon announces."""
    head, colon, _ = sentence.partition(";")[0].partition(": ")
    rest = sentence.partition(";")[2]
    announced = colon and LABEL.match(f"{head}: ") and not FAILURE.search(rest)
    numbered = re.search(r"\b[1a][.)\]]\s", sentence) and re.search(r"\b[2b][.)\]]\s", sentence)
    return [sentence] if announced or numbered else outside_brackets(sentence, ";")


def _cut_midway(sentence: str) -> list[str]:
    match = _MIDWAY.search(sentence)
    if (
        match is None
        or len(sentence[: match.start()].split()) < 4
        or re.match(r"(?:if|when|whenever|should|in case)\b", sentence, re.IGNORECASE)
    ):
        return [sentence]
    return [sentence[: match.start()], sentence[match.end() :]]


def outside_brackets(text: str, mark: str) -> list[str]:
    """The text cut at the mark, brackets left whole."""
    found, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth = max(0, depth + (letter in "([") - (letter in ")]"))
        if (
            letter == mark
            and not depth
            and not (
                FAILURE.search(text[start:position])
                and re.match(
                    r"\s*(?:then|in that case|after that|afterwards|otherwise|failing that|if not|if that)\b",
                    text[position + 1 :],
                )
            )
        ):
            found.append(text[start:position].strip())
            start = position + 1
    return [one for one in [*found, text[start:].strip()] if one.strip(" .")] or [text]
