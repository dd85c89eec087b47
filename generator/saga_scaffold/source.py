"""Where a workflow comes from: text on the command line, a file, or stdin; and what kind of text it is."""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from saga_scaffold.errors import Place, ScaffoldError

LIMIT = 8 * 1024 * 1024
SUFFIXES = {".txt", ".md", ".markdown", ".yaml", ".yml"}


class Form(StrEnum):
    """How a text is to be read."""

    PROSE = "prose"
    ARCHITECTURE = "architecture"
    SPEC = "spec"


@dataclass(frozen=True)
class Source:
    """A workflow as given: its text, the name that findings show, and how it is read."""

    text: str
    name: str
    form: Form


def read_source(workflow: str, form: Form | None = None) -> Source:
    """The text behind the WORKFLOW argument; raises `ScaffoldError` for what cannot be read or is empty."""
    if workflow == "-":
        text, name = _decode(sys.stdin.buffer.read(LIMIT + 1), "<stdin>"), "<stdin>"
    elif _names_a_file(workflow):
        text, name = _decode(_read_file(Path(workflow)), workflow), workflow
    else:
        text, name = _decode(workflow.encode("utf-8", "surrogateescape"), "<workflow>"), "<workflow>"
    if not text.strip():
        raise ScaffoldError(
            f"the workflow is empty: `{name}`" if name != "<workflow>" else "the workflow is empty",
            'describe it in words, for example: "1. Reserve Inventory (Inventory Service), '
            "2. Process Payment (Payment Service). "
            'If the payment fails, inventory is released."',
        )
    return Source(text, name, form or _form_of(text, name))


def _names_a_file(workflow: str) -> bool:
    if "\n" in workflow or len(workflow) > 4096 or not workflow.strip():
        return False
    if Path(workflow).suffix.lower() in SUFFIXES and len(workflow.split()) == 1:
        return True
    return ("/" in workflow and len(workflow.split()) == 1) or _exists(workflow)


def _exists(workflow: str) -> bool:
    try:
        return Path(workflow).exists()
    except (OSError, ValueError):
        return False


def _read_file(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ScaffoldError(f"`{path}` is a directory", "name the file in it that describes the workflow")
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except FileNotFoundError:
        raise ScaffoldError(f"there is no file `{path}`", _near(path)) from None
    except OSError as error:
        raise ScaffoldError(
            f"cannot read `{path}`: {(error.strerror or str(error)).lower()}", "check its name and its permissions"
        ) from None


def _near(path: Path) -> str:
    import difflib

    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f"there is no directory `{path.parent}` either"
    close = difflib.get_close_matches(path.name, names, n=1)
    if close:
        return f"did you mean `{path.parent / close[0]}`?"
    return "check the path; a workflow given as words is put in quotes"


def _decode(raw: bytes, name: str) -> str:
    if len(raw) > LIMIT:
        raise ScaffoldError(
            f"`{name}` is larger than {LIMIT // 1024 // 1024} MB", "cut it down to the part that describes the workflow"
        )
    if b"\0" in raw:
        raise ScaffoldError(f"`{name}` is not a text file", "give a text, Markdown or YAML file in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScaffoldError(
            f"`{name}` is not UTF-8: byte 0x{raw[error.start]:02x} on line {line}",
            "save it as UTF-8",
            place=Place(name, line),
        ) from None


def _form_of(text: str, name: str) -> Form:
    suffix = Path(name).suffix.lower()
    if suffix in {".yaml", ".yml"}:
        return Form.SPEC
    if suffix == ".txt":
        return Form.PROSE
    from saga_scaffold.architecture.read import looks_like_architecture

    return Form.ARCHITECTURE if looks_like_architecture(text) else Form.PROSE
