"""A fault of our own: the traceback goes to a file, and one line asks for a report."""

import sys
import tempfile
import traceback
from pathlib import Path

from saga_scaffold import __version__, console


def report(fault: BaseException) -> None:
    """Writes the traceback to a temporary file and says where it is; prints it where even that fails."""
    text = (
        f"saga-scaffold {__version__}, Python {sys.version.split()[0]}\n\n{''.join(traceback.format_exception(fault))}"
    )
    try:
        with tempfile.NamedTemporaryFile("w", prefix="saga-scaffold-", suffix=".log", delete=False) as file:
            file.write(text)
        where = f"`{Path(file.name)}`"
    except OSError:
        console.say(text)
        where = "the lines above"
    console.say(
        f"{console.style('error', 'error:')} saga-scaffold failed: {type(fault).__name__}; this is a defect of it"
    )
    console.say()
    console.say(f"{console.style('hint', 'hint:')} please report it with {where}")
