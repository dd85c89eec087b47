"""Which servers a test run uses: those that the environment names, else its own; in CI they must be there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from .places import Missing


@contextmanager
def or_skip() -> Iterator[None]:
    """A server that cannot be had skips the test with one line that says how to get it; in CI it is a failure."""
    try:
        yield
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(f"{missing} (required, since CI is set)", pytrace=False)
        pytest.skip(str(missing))
