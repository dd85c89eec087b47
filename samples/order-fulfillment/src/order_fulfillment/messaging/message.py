"""The words that travel: every command and event of a saga is a frozen pydantic model with a stored name."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A command or an event. `stored_name` is its name on the wire; renaming the class does not change it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stored_name: ClassVar[str]


class Command(Message):
    """Something a participant is asked to do."""


class Event(Message):
    """Something that has happened."""


class Refusal(Event):
    """A business outcome that says no, and why. It is an answer, not an error."""

    reason: str
