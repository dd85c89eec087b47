"""Plain YAML scalars: what they mean here, and which of them YAML readers disagree about.

Values follow YAML 1.2. What YAML 1.1 reads as something else (`no` as false, `1:30` as ninety, `017` as fifteen) is
refused rather than guessed at, because editors and other tools read the same file.
"""

import re

Scalar = str | int | float | bool | None

_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_SURPRISES = (
    (re.compile(r"yes|no|on|off", re.IGNORECASE), "true or false"),
    (re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"), "a number in base sixty"),
    (re.compile(r"[-+]?0[0-7_]+|0o[0-7]+"), "an octal number"),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F_]+"), "a hexadecimal number"),
    (re.compile(r"[-+]?0[bB][01_]+"), "a binary number"),
    (re.compile(r"[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN"), "infinity or not a number"),
    (re.compile(r"[-+]?[0-9][0-9]*_[0-9_]*(\.[0-9_]*)?"), "a number without its underscores"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"), "a date"),
    (re.compile(r"[-+]?[0-9]+\.([eE].*)?|[-+]?\.[0-9].*|[-+]?0[0-9]+(\.[0-9]*)?|[0-9]{19,}"), "a number"),
    (re.compile(r"="), "a default value"),
)


def resolve(text: str) -> Scalar:
    """The value of a plain scalar."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def surprise(text: str) -> str | None:
    """What some YAML readers take the plain scalar for, or None where all agree: `'no'` is `'true or false'`."""
    return next((reading for pattern, reading in _SURPRISES if pattern.fullmatch(text)), None)


_PLAIN = re.compile(r"[\w/](?:[\w./()+<>=*&%$!?;'\"\[\]{}-]|,(?= )|:(?=[\w/])|(?<=\S) (?=[^ #]))*")
_FLOW_ENDS = re.compile(r"[,\[\]{}:?]")


def write(text: str, flow: bool) -> str:
    """The text as a scalar that reads back as itself: plain where that is safe, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and isinstance(resolve(text), str) and not surprise(text)
    if plain and not (flow and _FLOW_ENDS.search(text)) and text.isprintable():
        return text
    return '"' + "".join(_escape(letter) for letter in text) + '"'


def _escape(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter == "\n":
        return "\\n"
    code = ord(letter)
    if letter.isprintable() and code != 0xFEFF:
        return letter
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
