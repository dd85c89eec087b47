"""Import statements as sets of names: what the merged code needs stays or is added, what nobody needs goes."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from saga_scaffold.project.tidy import format_python
from saga_scaffold.regenerate.items import Item, Part

Names = frozenset[tuple[str, str | None]]
_EVERYTHING = ("*", None)


@dataclass(frozen=True)
class Imports:
    """The import statements of the three versions, by key."""

    base: Mapping[str, Item]
    yours: Mapping[str, Item]
    now: Mapping[str, Item]

    def merged(self, key: str, used: Set[str]) -> Item | None:
        """The statement for the code that uses these words; None where nothing is left of it.

        What the owner remarked in comments stays, whatever becomes of the names.
        """
        before, yours, now = (_names(which.get(key)) for which in (self.base, self.yours, self.now))
        if _EVERYTHING in yours:
            return self.yours[key]
        kept = (yours - before) | (yours & now) | {name for name in before | yours | now if _word(name) in used}
        remarked = key in self.yours and "#" in self.yours[key].parts["body"].normal
        if not kept and not remarked and not self._lead(key).text.strip():
            return None
        return Item(key, "import", {"lead": self._lead(key), "body": self._body(key, kept, remarked)})

    def _body(self, key: str, kept: Names, remarked: bool) -> Part:
        """One side's statement where it has just these names: the generator's, unless the owner's says more."""
        own = self.yours.get(key)
        if own is not None and _names(own) == kept and (remarked or _names(self.base.get(key)) != kept):
            return own.parts["body"]
        if remarked:
            return _formatted(_rewritten(self.yours[key].parts["body"].normal, kept))
        side = next((which[key] for which in (self.now, self.yours) if _names(which.get(key)) == kept), None)
        return side.parts["body"] if side and kept else _formatted([_statement(_head(key), _spoken(kept))])

    def _lead(self, key: str) -> Part:
        base, yours, now = (which[key].parts["lead"] if key in which else None for which in self._sides)
        if yours is None or (base and now and yours.normal.strip() == base.normal.strip()):
            return now or yours or base or Part("", "")
        return yours

    @property
    def _sides(self) -> tuple[Mapping[str, Item], ...]:
        return (self.base, self.yours, self.now)


def _names(item: Item | None) -> Names:
    if item is None:
        return frozenset()
    node = ast.parse(item.parts["body"].normal).body[0]
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return frozenset((one.name, one.asname) for one in node.names)


def _word(name: tuple[str, str | None]) -> str:
    return name[1] or name[0].split(".")[0]


def _rewritten(statement: str, kept: Names) -> list[str]:
    """A formatted statement with other names: on one line, or in brackets with each name on a line; remarks stay."""
    first, *inner, last = [*statement.splitlines(), ""] if statement.count("\n") == 1 else statement.splitlines()
    if not inner:
        code, _, remark = first.partition("#")
        return [f"{_statement(code.partition('import ')[0], _spoken(kept))}  #{remark}" if kept else f"#{remark}"]
    if not kept:
        return [f"#{line.partition('#')[2]}" for line in (first, *inner, last) if "#" in line]
    here = {line.partition("#")[0].strip().rstrip(",") for line in inner}
    added = [f"    {name}," for name in _spoken(kept) if name not in here]
    return [first, *_remaining(inner, set(_spoken(kept))), *added, last]


def _remaining(lines: Iterable[str], kept: Set[str]) -> Iterator[str]:
    for line in lines:
        name, sign, remark = line.partition("#")
        if not name.strip() or name.strip().rstrip(",") in kept:
            yield line
        elif sign:
            yield f"    #{remark}"


def _head(key: str) -> str:
    return "" if key.startswith("import ") else f"{key.split('#')[0]} "


def _spoken(names: Names) -> list[str]:
    return [name if alias is None else f"{name} as {alias}" for name, alias in sorted(names, key=_order)]


def _statement(head: str, names: Iterable[str]) -> str:
    return f"{head}import {', '.join(names)}" if names else ""


def _formatted(lines: Iterable[str]) -> Part:
    text = format_python("\n".join(lines) + "\n")
    return Part(text, text)


def _order(name: tuple[str, str | None]) -> tuple[int, str]:
    """Constants, then classes, then functions."""
    word = name[0]
    return (0 if word.isupper() else 1 if word[:1].isupper() else 2, word)
