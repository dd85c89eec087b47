"""One part of a drill, in a process of its own."""

from pathlib import Path

from ..application import Application
from ..serve import serve, serve_orchestrator, serve_participants
from .ledger import Outside
from .rehearsal import rehearsed
from .run import OUTSIDE


async def run_part(application: Application, folder: Path, seed: int, what: str, name: str) -> bool:
    """Run until told to stop, with the drill's handlers; false when it failed. Raises Refused."""
    ours = rehearsed(application, seed, Outside(folder / OUTSIDE))
    if what == "participant":
        return await serve_participants(ours, [name], None)
    return await (serve if what == "up" else serve_orchestrator)(ours, None, None)
