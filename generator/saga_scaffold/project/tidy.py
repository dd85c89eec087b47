"""Formatted and compiled: whatever the templates gave, the project is black-clean and every module compiles."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from types import MappingProxyType

from saga_scaffold.project.render import runtime
from saga_scaffold.project.tree import Tree, digest

LINE_LENGTH = 120
WORTH_PROCESSES = 300_000
"""Characters from which on starting processes takes less time than it saves."""
MODE = f"py311, line length {LINE_LENGTH}"


@dataclass(frozen=True)
class Tidied:
    """A tree with every Python file as black would write it, and the hash that each formatted file had before."""

    tree: Tree
    drafts: Mapping[PurePosixPath, str]


def tidy(tree: Tree, known: Mapping[str, str] = MappingProxyType({})) -> Tidied:
    """The runtime lies formatted already and is left alone; `known` has texts as formatted, by the hashes of before."""
    clean = set(runtime().values())
    rough = {path: text for path, text in tree.items() if path.suffix == ".py" and text not in clean}
    drafts = {path: digest(text) for path, text in rough.items()}
    new = {path: text for path, text in rough.items() if drafts[path] not in known}
    formatted = dict(zip(new, _all_formatted(list(new.values())), strict=True))
    for path, text in formatted.items():
        compile(text, str(path), "exec")
    formatted |= {path: known[draft] for path, draft in drafts.items() if path not in new}
    return Tidied({path: formatted.get(path, text) for path, text in tree.items()}, drafts)


def formatter() -> dict[str, str]:
    """What formats, and how."""
    from importlib.metadata import version

    return {"name": "black", "version": version("black"), "mode": MODE}


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


@lru_cache(maxsize=512)
def format_python(text: str) -> str:
    """Python as black writes it. Raises `black.InvalidInput` for what is not Python."""
    import black
    from black.mode import TargetVersion

    return black.format_str(text, mode=black.Mode(target_versions={TargetVersion.PY311}, line_length=LINE_LENGTH))
