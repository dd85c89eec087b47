"""Durations as people write them: `200ms`, `30s`, `5m`, `24h`, `90d`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PATTERN = r"^\d+(\.\d+)?(ms|s|m|h|d)$"
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DAY = 86_400_000


def parse_duration(text: object) -> timedelta:
    """`'30s'` as a timedelta; a `ValueError` says which forms are understood."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(PATTERN, text, re.ASCII):
        raise ValueError("write a duration as a number and a unit: 200ms, 30s, 5m, 24h, 90d")
    unit = text.lstrip("0123456789.")
    try:
        return timedelta(milliseconds=round(float(text.removesuffix(unit)) * _UNITS[unit] * 1000))
    except OverflowError:
        raise ValueError("write a duration that a clock can measure: at most 36500d") from None


def format_duration(value: timedelta) -> str:
    """The exact form in the largest unit: ninety seconds is `90s`, sixty is `1m`; a day stays `24h`, two are `2d`."""
    milliseconds = round(value.total_seconds() * 1000)
    if milliseconds == _DAY:
        return "24h"
    for unit in ("d", "h", "m", "s"):
        size = round(_UNITS[unit] * 1000)
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
