"""What all commands have in common: what a user can cause ends with a message and a status, never with a traceback."""

import functools
from collections.abc import Callable
from typing import Any

import typer

from saga_scaffold import console
from saga_scaffold.errors import Exit, ScaffoldError

Function = Callable[..., None]


def guarded(function: Function) -> Function:
    """The command with its errors told and turned into statuses."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except ScaffoldError as problem:
            console.error(problem)
            raise typer.Exit(problem.exit_code) from None
        except KeyboardInterrupt:
            console.say("interrupted")
            raise typer.Exit(Exit.INTERRUPTED) from None
        except BrokenPipeError:
            raise typer.Exit(Exit.FINE) from None

    return run
