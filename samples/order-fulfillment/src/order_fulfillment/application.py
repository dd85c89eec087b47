"""A saga with everybody who takes part in it: what the commands of `cli.py` run."""

from dataclasses import dataclass

from .messaging.message import Command
from .orchestrator.definitions import Definitions
from .participant.handlers import Participant
from .story import Saga


@dataclass(frozen=True)
class Application:
    """The composition: the story, every version of its structure, the participants, and an example of a start."""

    saga: Saga
    definitions: Definitions
    participants: tuple[Participant, ...]
    example: Command
