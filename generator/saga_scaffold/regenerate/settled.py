"""A file whose conflicts are resolved, laid out as its owner keeps it: formatted where it was formatted before."""

from saga_scaffold.project.tidy import format_python
from saga_scaffold.regenerate.layout import Layout, plain


def settled(text: str, before: str | None) -> str:
    """`text` as the formatter writes it, where that had nothing to do in `before`; else as it is."""
    if before is None or not _is_formatted(plain(before)):
        return text
    layout = Layout.of(text)
    try:
        return layout.given(format_python(layout.taken(text)))
    except Exception:  # black has its own exceptions, and raises others for odd input
        return text


def _is_formatted(text: str) -> bool:
    try:
        return format_python(text) == text
    except Exception:
        return False
