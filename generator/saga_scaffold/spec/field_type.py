"""The types of fields: `string`, `list[uuid]`, `decimal?`."""

import re
from dataclasses import dataclass

SCALARS = ("string", "integer", "decimal", "boolean", "datetime", "date", "uuid")
UNDERSTOOD = f"write {', '.join(SCALARS)}, list[T], or T? for a field that may be absent"
PATTERN = rf"({'|'.join(SCALARS)}|list\[({'|'.join(SCALARS)})\])\??"


@dataclass(frozen=True)
class FieldType:
    """A scalar, or a list of them; optional where the value may be absent."""

    scalar: str
    many: bool = False
    optional: bool = False

    def __str__(self) -> str:
        whole = f"list[{self.scalar}]" if self.many else self.scalar
        return f"{whole}?" if self.optional else whole


def parse_type(text: str) -> FieldType:
    """`'list[string]?'` as a value; a `ValueError` says what is understood."""
    match = re.fullmatch(PATTERN, text)
    if match is None:
        raise ValueError(UNDERSTOOD)
    return FieldType(match[2] or match[1], match[2] is not None, text.endswith("?"))
