"""A YAML text as values that know their lines. Reads what a saga.yaml may hold and refuses the rest of YAML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from saga_scaffold.errors import Finding, Place, Refused
from saga_scaffold.spec import scalars
from saga_scaffold.spec.plain import plain, visible

LARGEST = 1024 * 1024
DEEPEST = 24
MOST_VALUES = 50_000

Step = str | int
"""One step of a path: the key in a mapping, or the index in a list."""


@dataclass(frozen=True)
class Document:
    """The value of a text and, by path, where its parts are; a key's place is that of its value."""

    file: str
    value: Any
    places: Mapping[tuple[Step, ...], Place]
    keys: Mapping[tuple[Step, ...], Place]

    def place(self, path: tuple[Step, ...]) -> Place:
        """The place of the value at that path, or of the nearest value around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Place(self.file, 1, 1))

    def find(self, dotted: str) -> Place:
        """The place of a finding's path, where steps go by their ids: `steps.reserve-inventory.takes`."""
        return self.place(tuple(_resolve(self.value, dotted)))


def read_document(text: str, file: str) -> Document:
    """The one document in a text; raises `Refused` with every duplicate key and doubtful scalar."""
    if len(text) > LARGEST:
        raise _refused(f"the file is larger than {LARGEST // 1024} KB", "keep one saga to a file", Place(file))
    return _Reading(file).read(_compose(text, file))


class _Composer(yaml.SafeLoader):
    """Composes nodes; bounded, because the composer recurses as deep as the text nests."""

    yaml_implicit_resolvers: dict[str, Any] = (
        {}
    )  # so that a plain scalar's tag differs from `str` only where it is written
    depth = 0
    count = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        self.depth += 1
        self.count += 1
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it out
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="it is nested", problem_mark=mark)
        if self.count > MOST_VALUES:
            raise yaml.MarkedYAMLError(problem="it holds too much", problem_mark=mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, file: str) -> Node:
    loader = None
    try:
        loader = _Composer(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem, hint = _explain(error.problem or error.context or "it makes no sense")
        raise _refused(problem, hint, _place(file, mark) if mark else Place(file)) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problem = f"the file has a character that a text cannot hold: U+{ord(text[error.position]):04X}"
        raise _refused(problem, "remove it", Place(file, line)) from None
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        raise _refused("the file is empty", "start it with `saga: a-name`", Place(file))
    return node


_EXPLANATIONS = (
    ("it is nested", f"it is nested more than {DEEPEST} levels deep", "saga.yaml has no need for that; flatten it"),
    ("it holds too much", f"it holds more than {MOST_VALUES} values", "keep one saga to a file"),
    ("but found another document", "the file holds more than one document", "keep one saga to a file, without `---`"),
    ("found character '\\t'", "a tab stands where YAML wants spaces", "indent with spaces"),
    ("mapping values are not allowed", "there is a colon where YAML expects none", "put the text in quotes"),
    ("found undefined alias", "an alias refers to an anchor that is not there", "write the value out"),
    ("found duplicate anchor", "an anchor is defined twice", "write the value out"),
)


def _explain(problem: str) -> tuple[str, str]:
    for sign, meaning, hint in _EXPLANATIONS:
        if sign in problem:
            return meaning, hint
    return (
        f"this is not YAML: {problem}",
        "check indentation, colons, brackets and quotes on this line and the one before",
    )


class _Reading:
    """One pass over the nodes: makes values, notes places, gathers what is refused."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[tuple[Step, ...], Place] = {}
        self.keys: dict[tuple[Step, ...], Place] = {}
        self.findings: list[Finding] = []
        self.open: set[int] = set()

    def read(self, root: Node) -> Document:
        value = self._value(root, ())
        if self.findings:
            raise Refused(tuple(self.findings))
        return Document(self.file, value, self.places, self.keys)

    def _value(self, node: Node, path: tuple[Step, ...]) -> Any:
        place = _place(self.file, node.start_mark)
        self.places[path] = place
        if len(self.places) > MOST_VALUES:
            raise _refused(f"aliases make it more than {MOST_VALUES} values", "write the values out", place)
        if id(node) in self.open:
            raise _refused("an alias refers to a value that it is itself part of", "write the value out", place)
        if isinstance(node, ScalarNode):
            return self._scalar(node, place)
        self.open.add(id(node))
        value = self._mapping(node, path) if isinstance(node, MappingNode) else self._sequence(node, path)
        self.open.discard(id(node))
        return value

    def _mapping(self, node: MappingNode, path: tuple[Step, ...]) -> dict[str, Any]:
        self._expect_tag(node, "map")
        value: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, place = self._key(key_node), _place(self.file, key_node.start_mark)
            if key in value:
                first = self.keys[(*path, key)].line
                self._refuse(f"the key `{key}` is there twice; first on line {first}", "keep one of them", place)
            self.keys[(*path, key)] = place
            value[key] = self._value(value_node, (*path, key))
        return value

    def _sequence(self, node: Node, path: tuple[Step, ...]) -> list[Any]:
        self._expect_tag(node, "seq")
        assert isinstance(node, SequenceNode)
        return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _key(self, node: Node) -> str:
        place = _place(self.file, node.start_mark)
        if not isinstance(node, ScalarNode):
            raise _refused("a list or a mapping stands where a key is expected", "write the key as a plain word", place)
        key = self._scalar(node, place)
        if not isinstance(key, str):
            self._refuse(f"the key `{node.value}` is not a text", f'put it in quotes: "{node.value}"', place)
        return str(node.value)

    def _scalar(self, node: ScalarNode, place: Place) -> scalars.Scalar:
        self._expect_tag(node, "str")
        if node.style is not None:
            return str(node.value)
        reading = scalars.surprise(node.value)
        if reading:
            self._refuse(
                f"some YAML readers take `{node.value}` for {reading}", f'put it in quotes: "{node.value}"', place
            )
        return scalars.resolve(node.value)

    def _expect_tag(self, node: Node, kind: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{kind}":
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(f"the tag `{tag}` is not understood", "remove it", _place(self.file, node.start_mark))

    def _refuse(self, problem: str, hint: str, place: Place) -> None:
        self.findings.append(plain(Finding("yaml", "", problem, hint, place=place)))


def _resolve(value: Any, dotted: str) -> Iterator[Step]:
    """The steps of a dotted path through the value, as far as they are there."""
    while dotted:
        found = next(((step, rest) for name, step in _names(value) if (rest := _after(dotted, name)) is not None), None)
        if found is None:
            return
        step, dotted = found
        yield step
        value = value[step]


def _names(value: Any) -> list[tuple[str, Step]]:
    """How the parts of the value are called in the path of a finding; the longest names first."""
    if isinstance(value, dict):
        return sorted(((visible(key), key) for key in value), key=lambda pair: -len(pair[0]))
    if isinstance(value, list):
        steps = [(item.get("id"), index) for index, item in enumerate(value) if isinstance(item, dict)]
        numbers = ((str(index), index) for index in range(len(value)))
        return [*((visible(id), index) for id, index in steps if isinstance(id, str)), *numbers]
    return []


def _after(dotted: str, name: str) -> str | None:
    if dotted == name:
        return ""
    return dotted[len(name) + 1 :] if dotted.startswith(f"{name}.") else None


def _place(file: str, mark: Any) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _refused(problem: str, hint: str, place: Place) -> Refused:
    return Refused((plain(Finding("yaml", "", problem, hint, place=place)),))
