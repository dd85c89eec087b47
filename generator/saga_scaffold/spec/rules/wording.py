"""How findings show names: never longer than a line."""

from collections.abc import Iterable

from saga_scaffold.spec.naming import LONGEST


def cut(name: str) -> str:
    """The name, or its beginning."""
    return name if len(name) <= LONGEST else name[:LONGEST] + "..."


def listed(names: Iterable[str], joint: str = "or") -> str:
    """`` `a`, `b` or `c` ``; the first ten of many."""
    shown = [f"`{cut(name)}`" for name in names]
    if len(shown) > 10:
        return ", ".join(shown[:10]) + ", ..."
    return f" {joint} ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
