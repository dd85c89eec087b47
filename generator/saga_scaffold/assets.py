"""Templates, prompts and samples: where they lie, in a checkout and in an installed wheel alike."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]


def path(*parts: str) -> Path:
    """Where `templates`, `prompts`, `samples`, or something in them lies: `path("prompts", "repair.prompt.yml")`."""
    installed = _PACKAGE / "_assets"
    return (installed if installed.is_dir() else _CHECKOUT).joinpath(*parts)
