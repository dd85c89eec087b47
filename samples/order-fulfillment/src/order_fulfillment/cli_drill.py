"""The command that has everything killed and paused while sagas run, and looks whether the promises hold."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from .application import Application


def add_drill(cli: typer.Typer, application: Application) -> None:
    """`drill`, and what its processes run."""

    @cli.command()
    def drill(
        sagas: Annotated[int, typer.Option(min=1, help="How many are run.")] = 1000,
        seed: Annotated[int, typer.Option(help="Which refusals and faults there are; the same seed has the same.")] = 1,
        kills: Annotated[
            int | None, typer.Option(min=0, help="How many; without it, as many as suit the sagas.")
        ] = None,
        pauses: Annotated[int | None, typer.Option(min=0, help="How many; without it, one for three kills.")] = None,
    ) -> None:
        """Kill and pause the parts while sagas run, and check every promise; ends with 1 where one is broken.

        Everything runs on fresh data that is forgotten afterwards, on the servers that the settings name, and with
        handlers that only write down what they did: yours are not called.
        """
        from .drill.faults import Toll
        from .drill.run import drill as run

        if not asyncio.run(run(application, sagas, seed, Toll.of(sagas, kills, pauses))):
            raise SystemExit(1)

    @cli.command(hidden=True)
    def drill_part(folder: Path, seed: int, what: str, name: str = typer.Argument("")) -> None:
        """One process of a drill."""
        from .drill.part import run_part

        if not asyncio.run(run_part(application, folder, seed, what, name)):
            raise SystemExit(1)
