"""Durations and counts as people write them: `30 s`, `two minutes`, `half an hour`, `twice`."""

import re
from datetime import timedelta

_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
_TENS = {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "sixty": 60}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_PARTS = {"a": 1, "an": 1, "a couple of": 2, "half an": 0.5, "half a": 0.5}
_NUMBERS = {word: count for count, word in enumerate(_TO_TWELVE.split(), start=1)} | _TENS | _TIMES | _PARTS
NUMBER = (
    r"(?:\d{1,7}(?:[.,]\d{1,3})?|half an?|a couple of|"
    + "|".join(word for word in _NUMBERS if " " not in word and word not in {"once", "twice", "thrice"})
    + r")"
)
COUNT = (
    r"(?:\d{1,4}|once|twice|thrice|" + "|".join(word for word in _NUMBERS if " " not in word and len(word) > 2) + r")"
)
_UNIT = (
    r"(?:ms|msecs?|milli ?seconds?|s|secs?|seconds?|min|mins|minutes?|m|hrs?|hours?|h|days?|d|weeks?|"
    r"business days?|working days?)"
)
DURATION = rf"(?P<amount>\d{{1,7}}(?:[.,]\d{{1,3}})?(?=[ -]?{_UNIT}\b)|{NUMBER}(?= [a-z]{{3}}))[ -]?(?P<unit>{_UNIT})\b"
_SECONDS = {"m": 60.0, "s": 1.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "b": 86400.0}


def duration(amount: str, unit: str) -> timedelta | None:
    """A number and a unit as a duration; None where it is no sensible one."""
    count = number(amount)
    lower = unit.lower()
    scale = 0.001 if lower.startswith(("ms", "milli")) else _SECONDS["d" if lower.startswith("working") else lower[0]]
    if count is None or not 0 < count * scale <= 10 * 365 * 86400:
        return None
    return timedelta(seconds=round(count * scale, 3))


def number(text: str) -> float | None:
    """`'3'` and `'three'` are 3.0; None where the text is no number."""
    lower = text.lower().strip()
    if lower in _NUMBERS:
        return float(_NUMBERS[lower])
    plain = lower.replace(",", ".")
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def first_duration(text: str) -> timedelta | None:
    """The first duration of a text."""
    match = re.search(rf"\b{DURATION}", text, re.IGNORECASE)
    return duration(match["amount"], match["unit"]) if match else None
