"""Who asks for something, as it is kept in the history."""

import getpass
import os


def who() -> str:
    """The name of the user who runs this process; their number where the system knows no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
