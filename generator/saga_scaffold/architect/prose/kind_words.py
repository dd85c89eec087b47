"""What a heading or a mark says of the steps that stand under it: compensatable, pivot, retriable."""

import re

_BACK = r"(?:undone|taken back|reversed|rolled back|reverted|compensated|cancelled|backed out|unwound|withdrawn)"
_LEAD = r"^\W*(?:the |these |those |this |they |it |all )*(?:steps? )?(?:that |which )?"
_NO_RETURN = r"(?:pivot|point of no return|no return|turning point|go/no-?go)"
_KINDS = (
    (
        "retriable",
        rf"(?:(?:is |are )?retr(?:iable|yable)|(?:only |purely )?forward(?: only)?\b|only forward|must (?:go|"
        rf"get) through|"
        rf"must (?:succeed|happen|work|complete)|(?:are |is |be |just |only |simply )*"
        rf"(?:retr(?:y|ied)|repeat(?:ed)?) (?:until|till|as (?:long|often)|for ?ever|endlessly|indefinitely)|"
        rf"keep trying|(?:cannot|can't|never|must not) fail|will succeed|(?:after|behind|beyond|past|"
        rf"since) (?:the )?{_NO_RETURN})",
    ),
    (
        "compensatable",
        rf"(?:(?:is |are )?compens(?:at)?able|(?:is |are )?undoable|(?:is |are )?reversible|(?:is |are )?revocable|"
        rf"(?:can|may|could)(?: still| all)? be {_BACK}|(?:before|ahead of|up to) (?:the )?{_NO_RETURN})",
    ),
    (
        "pivot",
        rf"(?:is |are )?(?:{_NO_RETURN}|irreversible|irrevocable|no way back|(?:cannot|can't|can not) be {_BACK})",
    ),
)
_PATTERNS = tuple((kind, re.compile(rf"{_LEAD}{pattern}\b", re.IGNORECASE)) for kind, pattern in _KINDS)
_KEY = re.compile(
    r"(?:^|(?<=[\s(,;.\[]))(?P<mark>\[.{1,3}\]|\(.\)|[A-Z]{1,2}|[*+!~^>#†!°]{1,2})\s*(?:=|:|-|stands for|means|"
    r"is)\s*(?P<meaning>[^,;.=\n]{3,60})"
)


def kind_of(told: str) -> str | None:
    """The kind of step that the words begin with; None where they name none."""
    parts = (told, *re.findall(r"\(([^()]{3,60})\)", told)) if len(told.split()) <= 12 else (told,)
    return next((kind for part in parts for kind, pattern in _PATTERNS if pattern.match(part)), None)


def with_marks_spelled_out(text: str) -> str:
    """The text with `(pivot)` behind a line that begins or ends with the mark which a legend gives to pivots."""
    marks = {key["mark"].strip("[]() "): kind for key in _KEY.finditer(text) if (kind := kind_of(key["meaning"]))}
    if len(marks) < 2:
        return text
    names = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    leading = re.compile(
        rf"^(?P<item>\s*(?:\d{{1,2}}[.)]\s+|[-*+•]\s+)?)[\[(]?(?P<mark>{names})[\])]?(?:[.):]\s*|"
        rf"\s+)(?=\w)(?P<rest>.*)$"
    )
    trailing = re.compile(rf"^(?P<item>\s*)(?P<rest>.*\S)\s+[\[(]?(?P<mark>{names})[\])]?[.;,]?$")
    lines = text.split("\n")
    for index, line in enumerate(lines):
        match = (leading.match(line) or trailing.match(line)) if len(_KEY.findall(line)) < 2 else None
        if match:
            lines[index] = f"{match['item']}{match['rest'].rstrip('.')} ({marks[match['mark']]})"
    return "\n".join(lines)
