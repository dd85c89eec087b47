"""Units that stand in the label rather than beside the number: `timeout_ms`, `Timeout (s)`, `Deadline in minutes`."""

import re

_UNIT = re.compile(
    r"(?:[\s_]+in\s+|[\s_]*[(\[]\s*|[\s_]+)(?P<unit>ms|s|sec|secs|seconds|sekunden|secondes|segundos|min|mins|minutes|minuten|minutos|h|hours"
    r"|stunden|heures|horas|days|tage|jours|dias)\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\W*\d+(?:[.,]\d+)?\W*")


def without_unit(label: str) -> str:
    """The label without a unit behind it."""
    return _UNIT.sub("", label)


def with_unit(label: str, value: str) -> str:
    """The value, a bare number with the unit that its label names."""
    unit = _UNIT.search(re.sub(r"[*`]", "", label))
    return f"{value} {unit['unit']}" if unit and _NUMBER.fullmatch(value) else value
