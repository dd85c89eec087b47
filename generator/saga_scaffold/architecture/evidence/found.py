"""A step as far as a document tells it: a title, and what stands under which role."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Found:
    """One step. `said` keeps, for each role, the first text that was found for it."""

    title: str
    line: int
    service: str | None = None
    said: dict[str, str] = field(default_factory=dict)
    note: str = ""

    def say(self, role: str, text: str) -> None:
        """Notes a text under a role, unless something stands there already; roles of events add up."""
        text = text.strip()
        if role == "events" and role in self.said:
            self.said[role] = f"{self.said[role]}, {text}"
        elif text:
            self.said.setdefault(role, text)

    def take(self, told: Iterable[tuple[str, str]]) -> None:
        """Notes texts under their roles, in order."""
        for role, text in told:
            self.say(role, text)

    @property
    def is_step(self) -> bool:
        """Whether it says enough to be a step: what is asked for, or what came of it and how it is undone."""
        said = self.said.keys()
        asks = bool(said & {"command", "command topic"})
        tells = bool(said & {"success", "events", "failure", "success topic", "event topic"})
        return asks or (tells and bool(said & {"undo", "service", "failure", "timeout"})) or len(said & _TELLING) >= 3


_TELLING = {"action", "service", "undo", "success", "failure", "events", "timeout", "retries", "kind", "topic"}
