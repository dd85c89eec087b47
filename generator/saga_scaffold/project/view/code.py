"""Python as text: annotations, literals, imports, docstrings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from saga_scaffold.spec.field_type import FieldType

_ANNOTATIONS = {
    "string": "str",
    "integer": "int",
    "decimal": "Decimal",
    "boolean": "bool",
    "datetime": "datetime",
    "date": "date",
    "uuid": "UUID",
}
_MODULES = {"Decimal": "decimal", "datetime": "datetime", "date": "datetime", "UUID": "uuid", "timedelta": "datetime"}


@dataclass(frozen=True)
class Field:
    """A field of a message class; `default` is empty where a value must be given."""

    name: str
    annotation: str
    default: str = ""


@dataclass(frozen=True)
class Import:
    """One `from module import names` line."""

    module: str
    names: tuple[str, ...]


def field(name: str, type_: FieldType) -> Field:
    """The field as it stands in a message class."""
    return Field(name, annotation(type_), " = None" if type_.optional else "")


def maybe(field: Field) -> Field:
    """The same field where its value may be absent."""
    return field if field.default else Field(field.name, f"{field.annotation} | None", " = None")


def annotation(type_: FieldType) -> str:
    """`list[uuid]?` is `tuple[UUID, ...] | None`."""
    inner = _ANNOTATIONS[type_.scalar]
    whole = f"tuple[{inner}, ...]" if type_.many else inner
    return f"{whole} | None" if type_.optional else whole


def imports(names: Iterable[tuple[str, str]]) -> tuple[Import, ...]:
    """(module, name) pairs as sorted import lines."""
    by_module: dict[str, set[str]] = defaultdict(set)
    for module, name in names:
        by_module[module].add(name)
    return tuple(Import(module, tuple(sorted(found, key=_isort))) for module, found in sorted(by_module.items()))


def type_imports(types: Iterable[FieldType]) -> set[tuple[str, str]]:
    """What annotations of these types need."""
    return {(_MODULES[name], name) for one in types if (name := _ANNOTATIONS[one.scalar]) in _MODULES}


def duration(value: timedelta) -> str:
    """`timedelta(seconds=30)`."""
    milliseconds = round(value.total_seconds() * 1000)
    for unit, size in (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"timedelta({unit}={milliseconds // size})"
    return f"timedelta(milliseconds={milliseconds})"


def literal(value: object) -> str:
    """The value as an expression, strings in double quotes."""
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, str):
        plain = repr(value)
        return plain if '"' in value or "\\" in plain else f'"{plain[1:-1]}"'
    return repr(value)


def docstring(text: str) -> str:
    """Text that is safe between triple quotes, on one line."""
    one_line = " ".join(text.split())
    safe = one_line.replace("\\", "\\\\").replace('"""', "'''")
    return f"{safe} " if safe.endswith('"') else safe


def comment(text: str) -> str:
    """Text that is safe after a `#`."""
    return " ".join(text.split())


def _isort(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
