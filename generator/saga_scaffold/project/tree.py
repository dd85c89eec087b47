"""A project as a value: relative path to text."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath

Tree = Mapping[PurePosixPath, str]


def digest(text: str) -> str:
    """`sha256:` and the hash of the text in UTF-8."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
