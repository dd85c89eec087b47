"""Where a sentence ends, abbreviations and numbers left in peace."""

import re

from saga_scaffold.architect.prose.signs import FAILURE, LABEL

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=\S)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|etc|approx|resp|incl|vs|no|nr|fig|max|mr|mrs|dr|inc|ltd|z\.b|bzw|dept)\.|(?:^|"
    r"\s)\(?\d{1,2}\.)$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a list number does not end one."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        inside = _is_open(text[start : match.end()][-400:])
        if not inside and not _ABBREVIATION.search(text[max(start, match.start() - 12) : match.start()]):
            found.append(text[start : match.end()].strip())
            start = match.end()
    rest = text[start:].strip()
    return _with_answers([one for one in [*found, rest] if one])


_ASKED = re.compile(rf"^no \w+|{FAILURE.pattern}", re.IGNORECASE)


def _with_answers(found: list[str]) -> list[str]:
    """The sentences, `Card declined?` joined with what is to be done then."""
    joined: list[str] = []
    for one in found:
        asked = joined and joined[-1].endswith("?") and len(joined[-1].split()) <= 8 and _ASKED.search(joined[-1])
        if asked:
            joined[-1] = f"{joined[-1][:-1]}: {one}"
        else:
            joined.append(one)
    return joined


_MIDWAY = re.compile(
    r"(?:\s*;\s+|,?\s+(?:and|but|or)\s+|,\s+|\s+-\s+)(?=(?:if|when|whenever|should|in case|"
    r"otherwise)\s[^,;:]*?\b(?:fail|cannot|can't|can not|declin|reject|error|goes wrong|does not|doesn't))",
    re.IGNORECASE,
)


def _is_open(text: str) -> bool:
    """Whether the end of the text stands in brackets."""
    return text.rfind("(") > text.rfind(")")


def statements(text: str) -> list[str]:
    """The sentences of a paragraph, cut at semicolons and where `..., and if that fails ...` begins."""
    return [part for sentence in sentences(text) for half in _halves(sentence) for part in _cut_midway(half)]


def _halves(sentence: str) -> list[str]:
    """The sentence cut at semicolons, but not inside a list that a colon announces."""
    head, colon, _ = sentence.partition(";")[0].partition(": ")
    rest = sentence.partition(";")[2]
    announced = colon and LABEL.match(f"{head}: ") and not FAILURE.search(rest)
    numbered = re.search(r"\b1[.)\]]\s", sentence) and re.search(r"\b2[.)\]]\s", sentence)
    return [sentence] if announced or numbered else _outside_brackets(sentence, ";")


def _cut_midway(sentence: str) -> list[str]:
    match = _MIDWAY.search(sentence)
    if (
        match is None
        or len(sentence[: match.start()].split()) < 4
        or re.match(r"(?:if|when|whenever|should|in case)\b", sentence, re.IGNORECASE)
    ):
        return [sentence]
    return [sentence[: match.start()], sentence[match.end() :]]


def _outside_brackets(text: str, mark: str) -> list[str]:
    """The text cut at the mark, brackets left whole."""
    found, depth, start = [], 0, 0
    for position, letter in enumerate(text):
        depth = max(0, depth + (letter in "([") - (letter in ")]"))
        if (
            letter == mark
            and not depth
            and not (
                FAILURE.search(text[start:position]) and re.match(r"\s*(?:then|in that case)\b", text[position + 1 :])
            )
        ):
            found.append(text[start:position].strip())
            start = position + 1
    return [one for one in [*found, text[start:].strip()] if one.strip(" .")]
