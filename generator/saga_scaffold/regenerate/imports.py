"""Import statements as sets of names: what the merged code needs stays or is added, what nobody needs goes."""

import ast
from collections.abc import Mapping, Set
from dataclasses import dataclass

from saga_scaffold.project.tidy import format_python
from saga_scaffold.regenerate.items import Item, Part

Names = frozenset[tuple[str, str | None]]


@dataclass(frozen=True)
class Imports:
    """The import statements of the three versions, by key."""

    base: Mapping[str, Item]
    yours: Mapping[str, Item]
    now: Mapping[str, Item]

    def merged(self, key: str, used: Set[str]) -> Item | None:
        """The statement for the code that uses these words; None where nothing is left of it."""
        before, yours, now = (_names(which.get(key)) for which in (self.base, self.yours, self.now))
        own = yours - before
        kept = own | {name for name in before | yours | now if _word(name) in used}
        if not kept:
            return None
        sides = ((self.yours, yours), (self.now, now))
        for which, names in reversed(sides) if yours == before else sides:
            if kept == names:
                return which[key]
        given = self.yours.get(key) or self.now.get(key) or self.base[key]
        statement = format_python(_statement(key, frozenset(kept)))
        return Item(key, "import", {"lead": given.parts["lead"], "body": Part(statement, statement)})


def _names(item: Item | None) -> Names:
    if item is None:
        return frozenset()
    node = ast.parse(item.parts["body"].normal).body[0]
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return frozenset((one.name, one.asname) for one in node.names)


def _word(name: tuple[str, str | None]) -> str:
    return name[1] or name[0].split(".")[0]


def _statement(key: str, names: Names) -> str:
    told = ", ".join(name if alias is None else f"{name} as {alias}" for name, alias in sorted(names, key=_order))
    return f"import {told}\n" if key.startswith("import ") else f"{key.split('#')[0]} import {told}\n"


def _order(name: tuple[str, str | None]) -> tuple[int, str]:
    """Constants, then classes, then functions."""
    word = name[0]
    return (0 if word.isupper() else 1 if word[:1].isupper() else 2, word)
