"""How long a step may take, as a piece of text says it: `within 3 s`, `20 seconds max`, `has two minutes for it`."""

import re
from datetime import timedelta

from saga_scaffold.architect.prose.durations import DURATION, duration

_AHEAD = re.compile(
    r"\b(?:(?:time-? ?outs?|time[- ](?:limit|budget|allowance|frame|box)|deadline|limit(?:ed)?|patience|t/o)"
    r"(?:\s*(?:is|are|of|after|to|at|:|=|,))*|(?:tim(?:es?|ing|ed)|cuts?) (?:it )?(?:out|off) (?:after|in)|"
    r"(?:gives?|giving|given) up after|stops? (?:waiting )?after|within|inside|in at most|in under|may take|"
    r"(?:is|are) (?:given|allowed)|can take|takes? at most|must take|(?:no|not|never) (?:take |last |"
    r"need )?(?:longer|more) than|less than|exceeds?|at most|"
    r"(?:waits?|waiting|max(?:imum|\.)?)(?: for| of| up to| at most)*|"
    r"(?:answers?|repl(?:y|ies)|responds?|done|finish(?:es|ed)?|ready|complete[sd]?) in|"
    r"(?:may|can|must not|should not) (?:last|run)(?: for)?|has|have|gets?|up to|allow(?:ed|s|ing)?|"
    r"give it|after)(?:\s+|(?<==)|(?<=:))"
    rf"(?:(?:at most|up to|max\.?|about|only|a maximum of|of|it|them|just|"
    rf"exactly)\s+)*{DURATION}(?P<tail>[^,;.)]{{0,24}})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\b{DURATION}(?:[ -](?:time-? ?out|(?:time[ -])?limit|deadline)\b|,? (?:each\b|max(?:imum|\b\.?)|tops|"
    rf"at (?:the )?(?:most|latest)|or less|"
    r"and (?:no|not a second) (?:longer|more)|(?:is|are) the limit)(?!\w))(?P<tail>)",
    re.IGNORECASE,
)
_WEAK = re.compile(r"^(?:has|have|gets?|up to|allow\w*|give it|after)\b", re.IGNORECASE)
_GIVEN = re.compile(r"^(?:has|have|gets?|allow\w*|give it)\b", re.IGNORECASE)


def timeout_of(text: str) -> timedelta | None:
    """The longest time that a piece of text allows; what it says of waiting between retries does not count."""
    found = [*_AHEAD.finditer(text), *_BEHIND.finditer(text)]
    sure = [match for match in found if not _WEAK.match(match[0])]
    weak = [
        match
        for match in found
        if _GIVEN.match(match[0]) and re.match(r"\s+(?:to|for|and|before|until)\b|\s*$", match["tail"])
    ]
    for match in (*sure, *weak):
        if not re.search(r"\bretr\w*[^.;]*$", text[: match.start()], re.IGNORECASE) or match[0].lower().startswith(
            ("time", "dead")
        ):
            return duration(match["amount"], match["unit"])
    return None
