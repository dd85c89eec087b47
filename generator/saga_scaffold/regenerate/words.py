"""The words of Python code: which it uses, which it brings in, and how one becomes another."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TypeGuard

from saga_scaffold.regenerate.items import lines_of

_WORD = re.compile(r"\b[^\W\d]\w*\b")
_BRACES = re.compile(r"(?<!\{)(?:\{\{)*\{[^{}]+\}")
Position = tuple[int, int]


def words_of(text: str) -> set[str]:
    """Every name that the code uses, in annotations that are strings and in `__all__` too."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return set(_WORD.findall(text))
    spoken = (word for node in (*_quoted(tree), *_exported(tree)) for word in _WORD.findall(str(node.value)))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(spoken)


def top_names(text: str) -> frozenset[str]:
    """What a module defines or imports at its top."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(name for node in tree.body for name in _names(node))


def renamed(text: str, renames: Mapping[str, str]) -> str:
    """The text with names replaced where they stand as words of the code, also in f-strings and quoted annotations."""
    if not renames or not any(old in text for old in renames):
        return text
    lines = lines_of(text)
    try:
        tokens = list(tokenize.generate_tokens(iter([*lines, ""]).__next__))
        quoted = {_position(node, lines) for node in _quoted(ast.parse(text))}
    except (tokenize.TokenError, SyntaxError, ValueError):
        return text
    starts = [0, *accumulate(map(len, lines))]
    done, at = io.StringIO(), 0
    for token in tokens:
        new = _renamed_token(token, renames, quoted)
        if new != token.string:
            start = starts[token.start[0] - 1] + token.start[1]
            done.write(text[at:start] + new)
            at = start + len(token.string)
    return done.getvalue() + text[at:]


def _renamed_token(token: tokenize.TokenInfo, renames: Mapping[str, str], quoted: set[Position]) -> str:
    def words(text: str) -> str:
        return _WORD.sub(lambda word: renames.get(word[0], word[0]), text)

    if token.type == tokenize.NAME:
        return renames.get(token.string, token.string)
    if token.type == tokenize.STRING and token.start in quoted:
        return words(token.string)
    if token.type == tokenize.STRING and "f" in token.string.partition(token.string[-1])[0].lower():
        return _BRACES.sub(lambda braces: words(braces[0]), token.string)
    return token.string


def _quoted(tree: ast.AST) -> Iterator[ast.Constant]:
    """The strings in annotations."""
    for node in ast.walk(tree):
        given = (getattr(node, name, None) for name in ("annotation", "returns"))
        for annotation in filter(None, given):
            yield from (one for one in ast.walk(annotation) if _is_text(one))


def _exported(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in tree.body:
        if "__all__" in _names(node):
            yield from (one for one in ast.walk(node) if _is_text(one))


def _is_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (one.asname or one.name.split(".")[0] for one in names)
        case ast.Assign(targets=targets):
            yield from (one.id for one in targets if isinstance(one, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name


def _position(node: ast.Constant, lines: list[str]) -> Position:
    """As the tokenizer counts: characters, not bytes."""
    return node.lineno, len(lines[node.lineno - 1].encode()[: node.col_offset].decode())
