"""`diagram`: a saga as pictures."""

from enum import StrEnum
from typing import Annotated

import typer

from saga_scaffold import console
from saga_scaffold.commands import options


class Picture(StrEnum):
    """What a diagram shows."""

    STATES = "states"
    SEQUENCE = "sequence"
    TOPICS = "topics"


def diagram(
    workflow: options.ProjectOrWorkflow = "saga.yaml",
    picture: Annotated[Picture, typer.Option("--show", help="What to draw.")] = Picture.STATES,
    form: options.ReadAs = None,
) -> None:
    """Print a Mermaid diagram of a saga. It shows the states, the messages with a compensation, or the topics.

    Example: saga-scaffold diagram saga.yaml --show sequence
    """
    from saga_scaffold.architect.settings import Architect
    from saga_scaffold.project.view import diagram
    from saga_scaffold.source import read_source
    from saga_scaffold.understand import Wanted, understand

    wanted = Wanted(Architect.OFFLINE)
    spec = understand(read_source(options.in_project(workflow), form), None, wanted, console.Progress(quiet=True)).spec
    draw = {Picture.STATES: diagram.states, Picture.SEQUENCE: diagram.sequence, Picture.TOPICS: diagram.topics}
    console.data("\n".join(draw[picture](spec)))
