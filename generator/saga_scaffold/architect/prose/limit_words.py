"""How long and how often, as a piece of text says it."""

import re
from dataclasses import dataclass
from datetime import timedelta

from saga_scaffold.architect.prose.durations import COUNT, DURATION, NUMBER, duration, number
from saga_scaffold.architect.prose.timeout_words import timeout_of


@dataclass(frozen=True)
class Limits:
    """How long a step may take and how often it is tried; None where the text does not say."""

    timeout: timedelta | None = None
    attempts: int | None = None
    unlimited: bool = False
    first: timedelta | None = None
    factor: float | None = None
    cap: timedelta | None = None

    def over(self, other: "Limits") -> "Limits":
        """These limits, gaps filled from others."""
        return Limits(
            self.timeout or other.timeout,
            self.attempts or other.attempts,
            self.unlimited or other.unlimited,
            self.first or other.first,
            self.factor or other.factor,
            self.cap or other.cap,
        )


NONE = Limits()
_RETRIES = (
    re.compile(
        rf"\bretr(?:y|ies|ied|ying)\b(?:(?!\b(?:after|every|within|in|"
        rf"wait\w*)\b)[^.;,()]){{0,30}}?\b(?P<count>{COUNT})(?:\s*x|"
        rf"\s*times?)?\b(?!\s*(?:{NUMBER})?\s*(?:s|sec|seconds?|min|minutes?|ms|hours?)\b)",
        re.IGNORECASE,
    ),
    re.compile(rf"\bretr(?:y|ies|ied|ying)\b[^.;]{{0,24}}?\b(?P<count>{COUNT})\s*(?:x|times)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<count>{COUNT})\s+more(?: times?)?\b(?! than)", re.IGNORECASE),
    re.compile(
        rf"\b(?P<count>{COUNT})\s*x?\s+(?:more |further |additional |extra )*(?:retries|retry|retrys|"
        rf"re-?tries|repetitions?|repeats?|re-?attempts?|(?:tries|try|attempts?|times|goes|go) more)\b",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:repeat(?:ed|s)?|re-?run|re-?sen[dt]|again)\s+(?:up to |at most |max\.? "
        rf")?(?P<count>{COUNT})\s*(?:x|times)\b",
        re.IGNORECASE,
    ),
)
_NEVER_AGAIN = re.compile(
    r"\b(?:no (?:more )?(?:retr(?:y|ies)|retrying|repetition|second (?:try|attempt|chance))|zero retries|"
    r"without retr(?:y|ies)|"
    r"(?:not|never) (?:be )?retried|tried (?:only )?once|one "
    r"attempt|a single attempt)\b",
    re.IGNORECASE,
)
_ATTEMPTS = (
    re.compile(rf"\b(?P<count>{COUNT})\s+(?:attempts|tries|goes|shots|chances)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:tr(?:y|ies|ied)|attempt(?:s|ed)?)\s+(?:it\s+)?(?:up to |at most |max\.? |for )*(?P<count>once|"
        rf"twice|thrice|{COUNT}(?=\s*(?:x|times)))\b",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:each|every|all)\b[^,;]{0,30}?\b(?P<count>\d{1,3})\s?x\b", re.IGNORECASE),
    re.compile(rf"\b(?:attempts|tries)\s*[:=]?\s*(?P<count>{COUNT})\b", re.IGNORECASE),
)
_TIMES = (
    re.compile(rf"\b(?:up to|at most|max\.?|a maximum of) (?P<count>{COUNT})(?: ?x| times)(?!\w)", re.IGNORECASE),
    re.compile(rf"(?:^|[,;/]\s*)(?P<count>{COUNT}) ?(?:x|times)(?: at most)?(?=\s*(?:$|[,;/]))", re.IGNORECASE),
)
UNLIMITED = re.compile(
    r"\b(?:never giv\w+ up|(?:re)?tr(?:y|ies|ied|ying) again and again|(?:keep|keeps|"
    r"kept) on? ?(?:re)?(?:trying|sending|calling)|"
    r"(?:retr(?:y|ies|ied|ying)|repeat(?:s|ed|ing)?|tr(?:y|ies|ied) again)\b(?:(?!\b(?:\d+|once|twice|"
    r"three|four|five)\b)[^.;]){0,30}?\b(?:until|till)\b|"
    r"as (?:often|long|many times) as (?:needed|necessary|it takes|you (?:like|want|need)|required)|"
    r"until (?:it|they|this|that|both|he|she)\s+(?:works?|"
    r"succeeds?|goes|go|is|are|has|have|gets?|gets? through|come)\b|until (?:done|successful|success|delivered|"
    r"acknowledged|it)|"
    r"(?:repeat\w*|retr\w+|tried|attempted|sent)(?: again(?: and again)?)? (?:until|till)\b|"
    r"(?:till|until) it matches|for ?ever|indefinitely|endless(?:ly)?|without (?:a )?limit|unlimited|keep(?:s)? "
    r"(?:re)?trying|however long it takes|for as long as it takes|no matter how (?:long|often))\b",
    re.IGNORECASE,
)
_RETRYING = re.compile(
    r"\b(?:never giv\w+ up|keep(?:s)? on|endless\w*|retr\w+|repeat\w*|tr(?:y|ies|ied) again|reconcil\w+|every \d+)\b",
    re.IGNORECASE,
)
_EVERY = re.compile(rf"\bevery\s+{DURATION}", re.IGNORECASE)
_SERIES = re.compile(
    rf"\b(?:after|waiting|waits?|wait)\s+(?P<series>(?:{NUMBER})(?:\s*(?:s|min|m|ms)?\s*(?:,|and|, and|"
    rf"then)\s*(?:{NUMBER}))+)\s*(?P<unit>ms|s|secs?|seconds?|min|minutes?|hours?)\b",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\b(?:back-?off|backing off)[^.;]{0,24}?(?:rate|factor|multiplier|coefficient)?\s*(?:of|by|:|"
    r"=)?\s*(?P<factor>\d(?:\.\d)?)\b|\bdoubling\b",
    re.IGNORECASE,
)


_BARE = re.compile(
    rf"(?:(?:max\.?|up to|at most|limit|limited to|within|<=?|~)\s*)?{DURATION}(?:\s*(?:max\.?|tops|limit|"
    rf"at most|at the most|budget|each))?",
    re.IGNORECASE,
)
FIELD = re.compile(r"\s*[;,()\[\]|]\s*|\s+-\s+")


def bare_timeout(text: str) -> timedelta | None:
    """The duration that is all of one field of an item: `charge the card, 30 s, 2 retries`."""
    for field in FIELD.split(text):
        match = _BARE.fullmatch(field.strip(" .-"))
        if match:
            return duration(match["amount"], match["unit"])
    return None


def read_limits(text: str) -> Limits:
    """The limits in a piece of text."""
    text = re.sub(r"\s*[()]\s*", " ", text)
    first, factor, cap = _backoff(text)
    unlimited = bool(UNLIMITED.search(text) and _RETRYING.search(text))
    return Limits(
        timeout_of(_without_retrying(text) if unlimited else text), _attempts(text), unlimited, first, factor, cap
    )


def _without_retrying(text: str) -> str:
    """The text without the pieces that tell of repeating, whose times are those between the tries."""
    return ", ".join(
        part for part in re.split(r"[,;.]\s+", text) if not (_RETRYING.search(part) or UNLIMITED.search(part))
    )


def only_limits(text: str) -> bool:
    """Whether a piece of text tells limits and nothing else: `has 3 seconds for it`, `at most two retries`."""
    rest = _BECAUSE.sub("", re.sub(DURATION, " ", text, flags=re.IGNORECASE))
    words = re.findall(r"[a-z']+", re.sub(rf"\b{COUNT}\b", " ", rest.lower(), flags=re.IGNORECASE))
    return set(words) <= _LIMITING and (read_limits(text) != NONE or bare_timeout(text) is not None)


_BECAUSE = re.compile(r"\b(?:because|since|as|for the)\b.*$", re.IGNORECASE)
_LIMITING = frozenset("""
a about after again all allowed altogether an and answer any are at attempt attempts be before budget but call can
chances deadline does done each ever every for forever further get gets give given gives giving goes had has have if
in is it it's just last lasts limit limited limits long longer longest max maximum may minute more most must needed
needs never no not of once only or out over per repeat repeated repeats reply retried retries retry run runs s
second seconds shall should step succeeds take takes than that the them then there this till time timeout times to
tops total tried tries try trying until up wait waits we which with within without works x
""".split())


def _attempts(text: str) -> int | None:
    if _NEVER_AGAIN.search(text):
        return 1
    for patterns, more in ((_ATTEMPTS, 0), (_RETRIES, 1), (_TIMES, 0)):
        for pattern in patterns:
            match = pattern.search(text)
            count = number(match["count"]) if match else None
            if count is not None and 0 < count <= 100:
                return int(count) + more
    series = _SERIES.search(text)
    if series and _RETRYING.search(text):
        return len(re.findall(NUMBER, series["series"], re.IGNORECASE)) + 1
    return None


def _backoff(text: str) -> tuple[timedelta | None, float | None, timedelta | None]:
    if not _RETRYING.search(text):
        return None, None, None
    series, every, rate = _SERIES.search(text), _EVERY.search(text), _FACTOR.search(text)
    if series:
        waits = [duration(amount, series["unit"]) for amount in re.findall(NUMBER, series["series"], re.IGNORECASE)]
        if len(waits) > 1 and waits[0] and waits[1] and waits[-1]:
            return waits[0], max(1.0, round(waits[1] / waits[0], 2)), waits[-1]
    if every:
        wait = duration(every["amount"], every["unit"])
        return wait, 1.0, wait
    if rate:
        factor = float(rate["factor"]) if rate["factor"] else 2.0
        return None, factor if 1 <= factor <= 10 else None, None
    return None, None, None
