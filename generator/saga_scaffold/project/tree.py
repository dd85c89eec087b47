"""A project as a value: relative path to text."""

from collections.abc import Mapping
from pathlib import PurePosixPath

Tree = Mapping[PurePosixPath, str]
