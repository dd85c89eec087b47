"""Formatted and compiled: whatever the templates gave, the project is black-clean and every module compiles."""

from pathlib import PurePosixPath

from saga_scaffold.project.render import runtime
from saga_scaffold.project.tree import Tree

LINE_LENGTH = 120
MODE = f"py311, line length {LINE_LENGTH}"


def tidy(tree: Tree) -> Tree:
    """The tree with every Python file as black would write it. The runtime lies formatted already and is left alone."""
    clean = set(runtime().values())
    return {path: _tidied(path, text, clean) for path, text in tree.items()}


def formatter_version() -> str:
    """The version of black that formats."""
    from importlib.metadata import version

    return version("black")


def _tidied(path: PurePosixPath, text: str, clean: set[str]) -> str:
    if path.suffix != ".py" or text in clean:
        return text
    formatted = format_python(text)
    compile(formatted, str(path), "exec")
    return formatted


def format_python(text: str) -> str:
    """Python as black writes it. Raises `black.InvalidInput` for what is not Python."""
    import black
    from black.mode import TargetVersion

    return black.format_str(text, mode=black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH))
