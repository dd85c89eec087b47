"""Three versions of a Python module, merged part by part: decorators, signature, docstring, body, imports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from saga_scaffold.regenerate.imports import Imports
from saga_scaffold.regenerate.items import CannotSplit, Item, Part, items_of
from saga_scaffold.regenerate.lines import Merged, NoGit, conflict, merge_lines
from saga_scaffold.regenerate.words import renamed, top_names, words_of

Renames = Mapping[str, str]
_NOTHING = Part("", "")


def merge_python(base: str, yours: str, now: str, renames: Renames, copies: Renames) -> Merged:
    """The merge. `renames` maps old names to new ones; `copies` new functions to those whose body they begin with.

    Raises `CannotSplit` where one of the versions is not Python that can be taken apart.
    """
    renames = _free(renames, base, yours)
    before, own, new = items_of(renamed(base, renames)), items_of(renamed(yours, renames)), items_of(now)
    if copies:
        as_it_was, as_you_had_it, kept = items_of(base), items_of(yours), {item.key for item in before}
        new = tuple(
            item if item.key in kept else _with_copied_body(item, as_it_was, as_you_had_it, copies) for item in new
        )
    merge = _Merge()
    others = merge.items(*(_not_imports(items) for items in (before, own, new)))
    imports = _imports(before, own, new, words_of("".join(item.text for item in others)))
    merged = {item.key: item.text for item in (*others, *imports)}
    order = _order(*([item.key for item in items] for items in (before, own, new)))
    return Merged(_tidied("".join(merged[key] for key in order if key in merged)), merge.conflicts)


def _free(renames: Renames, base: str, yours: str) -> Renames:
    """Without those to a name that the owner has given to something else."""
    taken = top_names(yours) - top_names(base) if any(name in yours for name in renames.values()) else frozenset()
    return {old: new for old, new in renames.items() if new not in taken}


class _Merge:
    """Counts the places that need a decision."""

    def __init__(self) -> None:
        self.conflicts = 0

    def items(self, base: Sequence[Item], yours: Sequence[Item], now: Sequence[Item]) -> list[Item]:
        """The merged items in order."""
        before, own, new = ({item.key: item for item in items} for items in (base, yours, now))
        merged = {key: self._item(before.get(key), own.get(key), new.get(key)) for key in {**before, **own, **new}}
        order = _order([*before], [*own], [*new])
        return [item for key in order if (item := merged[key]) is not None]

    def _item(self, base: Item | None, yours: Item | None, now: Item | None) -> Item | None:
        if base is None:
            return self._both_added(yours, now) if yours and now else yours or now
        if yours is None:
            return None if now is None or now.normal == base.normal else self._gone(base, yours, now)
        if now is None:
            return None if yours.normal == base.normal else self._gone(base, yours, now)
        if yours.parts.keys() != base.parts.keys() or now.parts.keys() != base.parts.keys():
            return self._whole(base, yours, now)
        parts = {name: self._part(base.parts[name], yours.parts[name], now.parts[name]) for name in yours.parts}
        members = tuple(self.items(base.members, yours.members, now.members))
        return replace(yours, parts=parts, members=members)

    def _both_added(self, yours: Item, now: Item) -> Item:
        return yours if yours.normal == now.normal else self._gone(None, yours, now)

    def _gone(self, base: Item | None, yours: Item | None, now: Item | None) -> Item:
        """One side took it away, the other changed it; or both brought one of that name."""
        self.conflicts += 1
        given = yours or now or base
        assert given is not None
        lead = given.parts["lead"]
        texts = (_without_lead(item) for item in (base, yours, now))
        marked = conflict(*texts)
        return Item(given.key, "other", {"lead": _blank(lead), "body": Part(marked, marked)})

    def _whole(self, base: Item, yours: Item, now: Item) -> Item:
        part = self._part(*(Part(item.text, item.normal) for item in (base, yours, now)))
        return Item(yours.key, "other", {"lead": _NOTHING, "body": part})

    def _part(self, base: Part, yours: Part, now: Part) -> Part:
        if yours.normal.strip() == base.normal.strip():
            return now if now.normal.strip() != base.normal.strip() else yours
        if now.normal.strip() in (base.normal.strip(), yours.normal.strip()):
            return yours
        try:
            merged = merge_lines(base.normal, yours.text, now.normal)
        except NoGit:
            merged = Merged(conflict(base.normal, yours.text, now.normal), 1)
        self.conflicts += merged.conflicts
        return Part(merged.text, merged.text)


def _order(base: Sequence[str], yours: Sequence[str], now: Sequence[str]) -> list[str]:
    """The user's order, unless only the generator changed it; what one side has alone follows what it follows there."""
    common = [key for key in base if key in yours and key in now]
    theirs_moved = [key for key in now if key in common] != common
    yours_moved = [key for key in yours if key in common] != common
    first, second = (now, yours) if theirs_moved and not yours_moved else (yours, now)
    order = list(first)
    for other in (second, base):
        place = 0
        for key in other:
            if key in order:
                place = order.index(key) + 1
            else:
                order.insert(place, key)
                place += 1
    return order


def _not_imports(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if item.kind != "import"]


def _imports(base: Sequence[Item], yours: Sequence[Item], now: Sequence[Item], used: set[str]) -> list[Item]:
    of = [{item.key: item for item in items if item.kind == "import"} for items in (base, yours, now)]
    imports = Imports(*of)
    return [item for key in {**of[0], **of[1], **of[2]} if (item := imports.merged(key, used)) is not None]


def _with_copied_body(item: Item, base: Sequence[Item], yours: Sequence[Item], copies: Renames) -> Item:
    """A retired function begins with what its owner had written for the one that it comes from."""
    source = copies.get(item.key.removeprefix("def ")) if item.kind == "def" else None
    before, own = (next((one for one in items if one.key == f"def {source}"), None) for items in (base, yours))
    if (
        before is None
        or own is None
        or "body" not in item.parts
        or "body" not in own.parts
        or "body" not in before.parts
    ):
        return item
    if own.parts["body"].normal == before.parts["body"].normal:
        return item
    return replace(item, parts={**item.parts, "body": own.parts["body"]})


def _without_lead(item: Item | None) -> str:
    return "" if item is None else item.text.lstrip("\n")


def _blank(lead: Part) -> Part:
    blank = lead.text[: len(lead.text) - len(lead.text.lstrip("\n"))]
    return Part(blank, blank)


def _tidied(text: str) -> str:
    return text.lstrip("\n") if text.strip() else text


__all__ = ["CannotSplit", "merge_python", "renamed"]
