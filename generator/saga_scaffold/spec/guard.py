"""Guards as people write them: `quantity > 0 and country == "DE"`. Parsed and written; `evaluate.py` asks them.

A guard is a conjunction of comparisons of a field with a literal; there is nothing else in the language, so that every
participant and every version of the orchestrator understands it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

Literal = str | int | Decimal | bool | tuple["Literal", ...]

UNDERSTOOD = 'write comparisons joined by `and`, like: quantity > 0 and country == "DE" and express == true'
OPERATORS = ("==", "!=", "<=", ">=", "<", ">", "in")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>-?\d+(?:\.\d+)?(?![\w.]))
      | (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<op>==|!=|<=|>=|<|>)
      | (?P<mark>[\[\],])
    )""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True)
class Condition:
    """One comparison; the literal of `in` is a tuple."""

    field: str
    op: str
    literal: Literal


Guard = tuple[Condition, ...]


def parse_guard(text: str) -> Guard:
    """`'quantity > 0'` as conditions; a `ValueError` says where it stops making sense and what is understood."""
    tokens = list(_tokens(text))
    if not tokens:
        raise ValueError(f"the guard is empty; {UNDERSTOOD}")
    conditions = [_condition(tokens)]
    while tokens:
        _expect(tokens, "word", "and")
        conditions.append(_condition(tokens))
    return tuple(conditions)


def format_guard(guard: Guard) -> str:
    """The text that `parse_guard` reads back as the same guard."""
    return " and ".join(f"{one.field} {one.op} {_format(one.literal)}" for one in guard)


Token = tuple[str, str]


def _tokens(text: str) -> Iterator[Token]:
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"the guard cannot be read from `{_bounded(text[position:].strip())}` on; {UNDERSTOOD}")
        assert match.lastgroup is not None
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


def _condition(tokens: list[Token]) -> Condition:
    field = _expect(tokens, "word")
    if field in {*_WORDS, "and", "in", "or", "not"}:
        raise ValueError(f"the guard has `{field}` where a field is expected; {UNDERSTOOD}")
    if tokens and tokens[0] == ("word", "in"):
        tokens.pop(0)
        return Condition(field, "in", _list(tokens))
    return Condition(field, _expect(tokens, "op"), _literal(tokens))


def _list(tokens: list[Token]) -> tuple[Literal, ...]:
    _expect(tokens, "mark", "[")
    literals = [_literal(tokens)]
    while _expect(tokens, "mark") == ",":
        literals.append(_literal(tokens))
    return tuple(literals)


def _literal(tokens: list[Token]) -> Literal:
    kind, text = tokens.pop(0) if tokens else ("end", "")
    if kind == "number":
        return Decimal(text) if "." in text else int(text)
    if kind == "string":
        return _unquote(text)
    if kind == "word" and text in _WORDS:
        return _WORDS[text]
    found = f"`{_bounded(text)}`" if text else "nothing"
    raise ValueError(f"the guard has {found} where a number, a text in quotes, true or false is expected; {UNDERSTOOD}")


_EXPECTED = {"word": "a field", "op": "==, !=, <, <=, >, >= or in", "mark": "a comma or a closing bracket"}


def _expect(tokens: list[Token], kind: str, text: str | None = None) -> str:
    found = tokens.pop(0) if tokens else ("end", "")
    if found[0] != kind or (text is not None and found[1] != text):
        shown = f"`{_bounded(found[1])}`" if found[1] else "nothing"
        raise ValueError(f"the guard has {shown} where {_wanted(kind, text)} is expected; {UNDERSTOOD}")
    return found[1]


def _wanted(kind: str, text: str | None) -> str:
    return f"`{text}`" if text else _EXPECTED[kind]


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


def _format(literal: Literal) -> str:
    match literal:
        case bool():
            return "true" if literal else "false"
        case str():
            return '"' + literal.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case tuple():
            return "[" + ", ".join(_format(one) for one in literal) + "]"
        case _:
            return str(literal)


def _bounded(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."
