"""A Python module as a sequence of items with their parts, carried as source text with comments; never unparsed."""

import ast
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from saga_scaffold.project.tidy import format_python


class CannotSplit(Exception):
    """The text is not Python, or not laid out so that each statement has lines of its own."""


@dataclass(frozen=True)
class Part:
    """A piece of source; `normal` is the same as the formatter writes it, so that layout makes no difference."""

    text: str
    normal: str


@dataclass(frozen=True)
class Item:
    """A statement: a definition in parts (lead, decorators, head, doc, body), a class with members, or a whole.

    The parts, then the members, one after the other give the source of the item.
    """

    key: str
    kind: str
    parts: dict[str, Part]
    members: tuple["Item", ...] = ()

    @property
    def text(self) -> str:
        """Its source."""
        return "".join(part.text for part in self.parts.values()) + "".join(one.text for one in self.members)

    @property
    def normal(self) -> str:
        """Its source as the formatter writes it, without the blank lines around it."""
        own = "".join(part.normal for part in self.parts.values())
        return (own + "".join(one.normal + "\n" for one in self.members)).strip("\n")


@dataclass(frozen=True)
class _Raw:
    key: str
    kind: str
    parts: dict[str, str]
    members: list["_Raw"] = field(default_factory=list)


def items_of(text: str) -> tuple[Item, ...]:
    """The items of a module. Raises `CannotSplit`."""
    try:
        normal = format_python(text)
    except Exception as problem:  # black has its own exceptions, and raises others for odd input
        raise CannotSplit(str(problem)) from problem
    return tuple(_paired(_split(text), _split(normal)))


def _paired(raws: Sequence[_Raw], normals: Sequence[_Raw]) -> Iterator[Item]:
    for raw, normal in zip_longest(raws, normals):
        if raw is None or normal is None or raw.parts.keys() != normal.parts.keys():
            raise CannotSplit("formatting changes its statements")
        parts = {name: Part(text, normal.parts[name]) for name, text in raw.parts.items()}
        yield Item(raw.key, raw.kind, parts, tuple(_paired(raw.members, normal.members)))


def _split(text: str) -> list[_Raw]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as problem:
        raise CannotSplit(str(problem)) from problem
    lines = lines_of(text)
    return list(_statements(tree.body, lines, 0, len(lines)))


def lines_of(text: str) -> list[str]:
    """The lines as Python counts them: a form feed ends none."""
    return list(io.StringIO(text, newline=""))


def _statements(body: Sequence[ast.stmt], lines: list[str], start: int, end: int) -> Iterator[_Raw]:
    """The statements of lines[start:end]; what stands between two belongs to the second, what is left to a tail."""
    seen: Counter[str] = Counter()
    at = start
    for node in body:
        first, last = _first_line(node) - 1, _last_line(node, lines, end)
        if first < at:
            raise CannotSplit("two statements share a line")
        key, kind = _key(node)
        seen[key] += 1
        unique = key if seen[key] == 1 else f"{key}#{seen[key]}"
        yield _raw(node, unique, kind, lines, at, first, last)
        at = last
    if "".join(lines[at:end]).strip():
        yield _Raw("tail", "other", {"lead": "", "body": "".join(lines[at:end])})


def _raw(node: ast.stmt, key: str, kind: str, lines: list[str], at: int, first: int, last: int) -> _Raw:
    lead = "".join(lines[at:first])
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or _on_one_line(node):
        return _Raw(key, kind, {"lead": lead, "body": "".join(lines[first:last])})
    doc = node.body[0] if _is_docstring(node.body[0]) else None
    rest = node.body[1:] if doc else node.body
    doc_end = (doc.end_lineno or doc.lineno) if doc else None
    head_end = _first_line(node.body[0]) - 1
    parts = {
        "lead": lead,
        "decorators": "".join(lines[first : node.lineno - 1]),
        "head": "".join(lines[node.lineno - 1 : head_end]),
        "doc": "".join(lines[head_end:doc_end]) if doc else "",
    }
    inner = doc_end if doc_end is not None else head_end
    if isinstance(node, ast.ClassDef):
        return _Raw(key, kind, parts, list(_statements(rest, lines, inner, last)))
    return _Raw(key, kind, {**parts, "body": "".join(lines[inner:last])})


def _on_one_line(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """`def f(): ...`: the body stands on a line of the signature."""
    before = node.body[0]
    return _first_line(before) <= _signature_end(node)


def _signature_end(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    ends = [node.lineno]
    if isinstance(node, ast.ClassDef):
        ends += [one.end_lineno or one.lineno for one in (*node.bases, *(word.value for word in node.keywords))]
    else:
        args = node.args
        given = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
        ends += [one.end_lineno or one.lineno for one in given]
        ends += [node.returns.end_lineno or node.returns.lineno] if node.returns else []
    return max(ends)


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])


def _last_line(node: ast.stmt, lines: list[str], end: int) -> int:
    """Remarks that are indented like the block belong to it, though nothing follows them there."""
    last = node.end_lineno or node.lineno
    for number in range(last, end if hasattr(node, "body") else last):
        text = lines[number].expandtabs()
        if text.strip() and not (text.lstrip().startswith("#") and len(text) - len(text.lstrip()) > node.col_offset):
            break
        if text.strip():
            last = number + 1
    return last


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _key(node: ast.stmt) -> tuple[str, str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return f"def {name}", "def"
        case ast.ClassDef(name=name):
            return f"class {name}", "class"
        case ast.ImportFrom(module=module, level=level):
            return f"from {'.' * level}{module or ''}", "import"
        case ast.Import(names=names):
            return f"import {names[0].name}", "import"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"{name} =", "other"
        case ast.Expr(value=ast.Constant(value=str())):
            return "docstring", "other"
        case _:
            return ast.unparse(node).split("\n")[0][:200], "other"
