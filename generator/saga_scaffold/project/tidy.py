"""Formatted and compiled: whatever the templates gave, the project is black-clean and every module compiles."""

import signal
from collections.abc import Sequence

from saga_scaffold.project.render import runtime
from saga_scaffold.project.tree import Tree

LINE_LENGTH = 120
WORTH_PROCESSES = 300_000
"""Characters from which on starting processes takes less time than it saves."""
MODE = f"py311, line length {LINE_LENGTH}"


def tidy(tree: Tree) -> Tree:
    """The tree with every Python file as black would write it. The runtime lies formatted already and is left alone."""
    clean = set(runtime().values())
    rough = {path: text for path, text in tree.items() if path.suffix == ".py" and text not in clean}
    formatted = dict(zip(rough, _all_formatted(list(rough.values())), strict=True))
    for path, text in formatted.items():
        compile(text, str(path), "exec")
    return {path: formatted.get(path, text) for path, text in tree.items()}


def formatter_version() -> str:
    """The version of black that formats."""
    from importlib.metadata import version

    return version("black")


def _all_formatted(texts: Sequence[str]) -> list[str]:
    """Each text formatted; a great deal of it by as many processes as there are processors."""
    if sum(map(len, texts)) < WORTH_PROCESSES:
        return [format_python(text) for text in texts]
    from concurrent.futures import ProcessPoolExecutor

    largest_first = sorted(texts, key=len, reverse=True)
    with ProcessPoolExecutor(initializer=_leave_interrupts_to_the_parent) as pool:
        formatted = dict(zip(largest_first, pool.map(format_python, largest_first), strict=True))
    return [formatted[text] for text in texts]


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def format_python(text: str) -> str:
    """Python as black writes it. Raises `black.InvalidInput` for what is not Python."""
    import black
    from black.mode import TargetVersion

    return black.format_str(text, mode=black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH))
