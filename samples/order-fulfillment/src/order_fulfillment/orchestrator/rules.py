"""What the orchestrator goes by: the story's policy, and the structure of every version that sagas run under."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..story import Saga
from .definitions import Definition, Policy


@dataclass(frozen=True)
class Rules:
    """The story with all its structures."""

    saga: Saga
    definitions: tuple[Definition, ...]

    @cached_property
    def policy(self) -> Policy:
        """Timeouts, retries and the deadline, as they are now."""
        return self.saga.policy()

    @cached_property
    def current(self) -> Definition:
        """The structure that new sagas get."""
        return self.version(self.saga.version)

    @cached_property
    def _by_version(self) -> dict[int, Definition]:
        return {definition.version: definition for definition in self.definitions}

    def version(self, number: int) -> Definition:
        """The structure of that version. Raises KeyError."""
        return self._by_version[number]

    @cached_property
    def patience(self) -> float:
        """The longest timeout of a step, in seconds: what a re-issued command is given."""
        return max(step.timeout_s for step in self.policy.steps.values())


def rules_of(saga: Saga, definitions: Iterable[Definition]) -> Rules:
    """The rules of a saga."""
    return Rules(saga, tuple(definitions))
