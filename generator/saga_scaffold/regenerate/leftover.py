"""What stays when a version is dropped: code of the owner's that nobody asks for any more, and what it needs to run.

It counts as written by the owner from then on, who deletes it.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from saga_scaffold.project.tree import Tree
from saga_scaffold.regenerate.items import CannotSplit, Item, items_of
from saga_scaffold.regenerate.words import words_of


@dataclass(frozen=True)
class Leftover:
    """Of one file: what its owner had changed, and what stays for the sake of that, here or elsewhere. By name."""

    changed: tuple[str, ...]
    needed: tuple[str, ...]

    @property
    def why(self) -> str:
        """For the row of the file."""
        changed, needed = (", ".join(f"`{name}`" for name in names) for names in (self.changed, self.needed))
        told = f"not generated any more, but you changed it: {changed}; delete it when you do not need it"
        return "; ".join(
            part for part in (changed and told, needed and f"still needed by what you keep: {needed}") if part
        )


@dataclass(frozen=True)
class _Gone:
    """The definitions of a file that are not generated any more and are still there, and which of them were changed."""

    items: Mapping[str, Item]
    changed: frozenset[str]


def leftovers(base: Tree, yours: Tree, now: Tree) -> dict[PurePosixPath, Leftover]:
    """What is left in which file."""
    gone = {path: _gone(path, base, yours, now) for path in now if path.suffix == ".py"}
    words = {word for path in _files_left(base, yours, now) for word in _spoken(yours[path])}
    kept = _with_what_they_need(gone, words)
    return {
        path: Leftover(tuple(sorted(gone[path].changed)), tuple(sorted(names - gone[path].changed)))
        for path, names in kept.items()
        if names
    }


def _with_what_they_need(gone: Mapping[PurePosixPath, _Gone], words: set[str]) -> dict[PurePosixPath, frozenset[str]]:
    """What was changed, then what that speaks of, and so on. `words` are those of whole files that are left."""
    kept: dict[PurePosixPath, frozenset[str]] = {}
    wider = {path: one.changed | (one.items.keys() & words) for path, one in gone.items()}
    while wider != kept:
        kept = wider
        spoken = (_spoken(gone[path].items[name].text) for path, names in kept.items() for name in names)
        words = words.union(*spoken)
        wider = {path: kept[path] | (one.items.keys() & words) for path, one in gone.items()}
    return kept


def without(text: str, left: Leftover) -> str:
    """A module without these definitions."""
    names = {*left.changed, *left.needed}
    return "".join(item.text for item in items_of(text) if _name(item) not in names)


def _gone(path: PurePosixPath, base: Tree, yours: Tree, now: Tree) -> _Gone:
    try:
        before, own, new = (_definitions(tree.get(path, "")) for tree in (base, yours, now))
    except CannotSplit:
        return _Gone({}, frozenset())
    items = {name: own[name] for name in before.keys() & own.keys() - new.keys()}
    return _Gone(items, frozenset(name for name, item in items.items() if item.normal != before[name].normal))


def _definitions(text: str) -> dict[str, Item]:
    return {name: item for item in items_of(text) if (name := _name(item))}


def _files_left(base: Tree, yours: Tree, now: Tree) -> Sequence[PurePosixPath]:
    """Whole files that are not generated any more and that their owner had changed."""
    return [
        path for path in base if path not in now and path.suffix == ".py" and yours.get(path, base[path]) != base[path]
    ]


def _spoken(text: str) -> set[str]:
    """The words of the code, and what it asks other modules for."""
    try:
        asked = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    except (SyntaxError, ValueError):
        asked = set()
    return words_of(text) | asked


def _name(item: Item) -> str:
    """`f` for `def f` and `class f`; nothing for what is no definition."""
    kind, _, name = item.key.partition(" ")
    return name if kind in ("def", "class") else ""
