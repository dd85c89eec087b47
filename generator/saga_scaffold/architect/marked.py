"""YAML in which every value knows its place. Scalars stay texts, so that `no`, `1:30` and `0123` mean what they say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from saga_scaffold.errors import Place, ScaffoldError

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Marked:
    """A document as mappings, lists and texts; `places` knows where each path begins."""

    value: Any
    places: dict[Path, Place]
    file: str

    def place(self, *path: str | int) -> Place:
        """Where the value is, or the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file))


def read_marked(text: str, file: str) -> Marked:
    """The document; a `ScaffoldError` with line and column says what is not YAML or stands there twice."""
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        if node is None:
            raise ScaffoldError(
                "the file is empty", "start from `prompts/saga-architect.prompt.yml`", place=Place(file)
            )
        places = dict(_places(node, (), file, set()))
        return Marked(yaml.BaseLoader("").construct_document(node), places, file)
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        place = Place(file, where.line + 1, where.column + 1) if where else Place(file)
        raise ScaffoldError(
            f"this is not YAML: {error.problem or error.context}", _indent_hint(text), place=place
        ) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        raise ScaffoldError(
            "the file holds a character that YAML does not allow",
            "remove the control character",
            place=Place(file, line),
        ) from None
    except RecursionError:
        raise ScaffoldError("the file is nested too deeply", "flatten it", place=Place(file)) from None


def _places(node: yaml.Node, path: Path, file: str, seen: set[int]) -> Iterator[tuple[Path, Place]]:
    if id(node) in seen:  # an alias: it was walked where it was written
        return
    seen.add(id(node))
    yield path, _place(node, file)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _places(item, (*path, index), file, seen)
    elif isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            name = _key(key, names, file)
            names.add(name)
            yield from _places(value, (*path, name), file, seen)


def _key(node: yaml.Node, seen: set[str], file: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise ScaffoldError(
            "a key must be a plain name", "put a text that holds `{` or `[` in quotes", place=_place(node, file)
        )
    if node.value in seen:
        raise ScaffoldError(f"the key `{node.value}` is there twice", "keep one of them", place=_place(node, file))
    return str(node.value)


def _place(node: yaml.Node, file: str) -> Place:
    return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _indent_hint(text: str) -> str:
    lost = "\n- role:" in text and "\ncontent:" in text
    return (
        "indent it: what belongs to a key stands further right"
        if lost
        else "correct the line; an editor with YAML support shows it"
    )
