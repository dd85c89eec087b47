"""A changed saga written into the text of its saga.yaml: what did not change keeps every byte, comments too.

Works on lines. Steps, and the keys of mappings, are replaced one by one where they stand on lines of their own; the
comment above one goes with it. What stands within brackets is written anew as a whole when something in it changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saga_scaffold.spec.document import Document
from saga_scaffold.spec.dump import entry, steps_as_written
from saga_scaffold.spec.load import load
from saga_scaffold.spec.model import SagaSpec

Path = tuple[str | int, ...]
DERIVED = {"after", "title", "state"}
"""What a reader fills in from the lines around, so that it is written wherever it is not that."""


def edited(text: str, file: str, new: SagaSpec) -> str:
    """The text, saying `new`; only `input`, `contexts`, `steps` and `assumed` may differ from what it says now."""
    old, document = load(text, file)
    sheet = _Sheet(text.splitlines(), document)
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    sections = {
        "input": (before["input"], after["input"]),
        "contexts": (_without_none(before["contexts"]), _without_none(after["contexts"])),
        "assumed": (before["assumed"], after["assumed"]),
    }
    written: dict[str, list[str]] = {}
    for name, (was, now) in sections.items():
        if was != now and name in document.value:
            written[name] = _section(sheet, name, was, now)
    if steps_as_written(old) != steps_as_written(new) or old.steps != new.steps:
        written["steps"] = _steps(sheet, old, new)
    lines = sheet.with_sections(written)
    if "assumed" not in document.value and new.assumed:
        lines += ["", *entry("assumed", list(new.assumed), 0)]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Sheet:
    """The lines of a file, and what stands where. Lines count from 0, ends are behind the last line."""

    lines: Sequence[str]
    document: Document

    def line(self, path: Path) -> int:
        """Where a key stands, or an item of a list."""
        place = self.document.keys.get(path) or self.document.place(path)
        return (place.line or 1) - 1

    def column(self, path: Path) -> int:
        """How far a key is indented."""
        return (self.document.keys[path].column or 1) - 1

    def extent(self, name: str) -> tuple[int, int]:
        """The lines of a section, from its key to before the comment above the next one."""
        starts = sorted(self.line((key,)) for key in self.document.value)
        first = self.line((name,))
        following = next((start for start in starts if start > first), len(self.lines))
        return first, self.above(following, first, 0)

    def above(self, line: int, least: int, indent: int) -> int:
        """Where the comments and empty lines above a line begin; a comment that is indented further is not its own."""
        while line - 1 > least:
            before = self.lines[line - 1]
            text = before.strip()
            if text and not (text.startswith("#") and len(before) - len(before.lstrip()) <= indent):
                break
            line -= 1
        return line

    def with_sections(self, written: Mapping[str, list[str]]) -> list[str]:
        """All lines, with those of some sections replaced."""
        lines = list(self.lines)
        for name in sorted(written, key=lambda one: -self.line((one,))):
            first, last = self.extent(name)
            lines[first:last] = written[name]
        return lines


def _section(sheet: _Sheet, name: str, was: Any, now: Any) -> list[str]:
    if not now:
        return []
    first, last = sheet.extent(name)
    if isinstance(now, dict) and isinstance(was, dict):
        pieces = _pieces(sheet, (name,), list(was), first + 1, last)
        if pieces is not None:
            changed = {key for key in now if was.get(key) != now[key]}
            indent = sheet.column((name, next(iter(was))))
            return [sheet.lines[first], *_mapping(pieces, now, changed, indent)]
    return list(entry(name, now, 0))


def _steps(sheet: _Sheet, old: SagaSpec, new: SagaSpec) -> list[str]:
    first, last = sheet.extent("steps")
    written = steps_as_written(new)
    starts = [sheet.line(("steps", index)) for index in range(len(old.steps))]
    if len({first, *starts}) <= len(starts) or not all(sheet.lines[at].lstrip().startswith("- ") for at in starts):
        return list(entry("steps", written, 0))
    indent = len(sheet.lines[starts[0]]) - len(sheet.lines[starts[0]].lstrip())
    leads = [sheet.above(at, before, indent) for at, before in zip(starts, [first, *starts], strict=False)]
    ends = [*leads[1:], last]
    place = {step.id: index for index, step in enumerate(old.steps)}
    lines = [sheet.lines[first]]
    apart = any(not sheet.lines[lead].strip() for lead in leads[1:])
    for step, values in zip(new.steps, written, strict=True):
        index = place.get(step.id)
        if index is None:
            lines += [*([""] if apart and len(lines) > 1 else []), *_item(values, indent)]
        else:
            block = (leads[index], starts[index], ends[index])
            lines += _step(
                sheet, index, block, old.steps[index].model_dump(mode="json"), step.model_dump(mode="json"), values
            )
    return lines


def _step(
    sheet: _Sheet,
    index: int,
    block: tuple[int, int, int],
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    written: Mapping[str, Any],
) -> list[str]:
    """A step that stays: key by key where it can be, else written anew."""
    lead, start, end = block
    said = sheet.document.value["steps"][index]
    unsaid = {key for key in written if key not in said and (key in DERIVED or was[key] != now[key])}
    stale = {key for key in said if was[key] != now[key]} | unsaid
    if not stale:
        return list(sheet.lines[lead:end])
    above = list(sheet.lines[lead:start])
    indent = len(sheet.lines[start]) - len(sheet.lines[start].lstrip())
    pieces = _pieces(sheet, ("steps", index), list(said), start, end)
    first = next(iter(said))
    if pieces is None or first in stale:
        return [*above, *_item(written, indent)]
    keys = [key for key in said if key in written or key not in stale] + [key for key in written if key in unsaid]
    kept = {key: written.get(key) for key in keys}
    return [*above, *_mapping(pieces, kept, stale, indent + 2)]


def _pieces(sheet: _Sheet, path: Path, keys: Sequence[str], first: int, last: int) -> dict[str, list[str]] | None:
    """The lines of each key with the comment above it; None where keys do not stand on lines of their own."""
    starts = [sheet.line((*path, key)) for key in keys]
    if len(set(starts)) < len(starts) or starts != sorted(starts) or not starts or starts[0] < first:
        return None
    indent = sheet.column((*path, keys[0]))
    leads = [sheet.above(at, before, indent) for at, before in zip(starts, [first - 1, *starts], strict=False)]
    leads[0] = first
    return {key: list(sheet.lines[lead:end]) for key, lead, end in zip(keys, leads, [*leads[1:], last], strict=True)}


def _mapping(pieces: Mapping[str, list[str]], now: Mapping[str, Any], changed: set[str], indent: int) -> list[str]:
    """The keys of `now` in their order: as they stand, or written anew below their comment."""
    lines: list[str] = []
    for key, value in now.items():
        if key in pieces and key not in changed:
            lines += pieces[key]
        else:
            above = [line for line in pieces.get(key, []) if line.strip().startswith("#")]
            lines += [*above[: _leading(pieces.get(key, []))], *entry(key, value, indent)]
    return lines


def _leading(piece: Sequence[str]) -> int:
    """How many lines of a piece are comments above its key."""
    return next((n for n, line in enumerate(piece) if not line.strip().startswith("#")), len(piece))


def _item(values: Mapping[str, Any], indent: int) -> list[str]:
    lines = [line for key, value in values.items() for line in entry(key, value, indent + 2)]
    return [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]]


def _without_none(contexts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: {key: one for key, one in context.items() if one is not None} for name, context in contexts.items()}
