"""Findings that quote what a file says can be shown: no character in them acts on a terminal."""

from dataclasses import replace

from saga_scaffold.errors import Finding


def plain(finding: Finding) -> Finding:
    """The finding with everything that cannot be seen replaced by a mark."""
    return replace(finding, path=visible(finding.path), problem=visible(finding.problem), hint=visible(finding.hint))


def visible(text: str) -> str:
    """The text in which each character can be seen."""
    return text if text.isprintable() else "".join(one if one.isprintable() else "�" for one in text)
