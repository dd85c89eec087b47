"""The command line, as the tests of the commands run it."""

from cli.conftest import scaffold

__all__ = ["scaffold"]
