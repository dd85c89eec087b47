"""The saga as a story: once all goes well, and once for every step that can be refused, undone again."""

import asyncio
import json
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, replace

from .application import Application
from .event_store.store import StoredEvent
from .fresh import fresh
from .messaging.message import Event, Refusal
from .orchestrator.events import StepSucceeded
from .orchestrator.front import Front
from .participant.handlers import Handler, Handling, Participant
from .participant.transaction import Transaction
from .telling import aligned, tell
from .up import everything

LONGEST = 30.0
REASON = "as the demo asked for"


@dataclass(frozen=True)
class Scene:
    """One saga of the demo: which step is refused, how, and how the saga must end."""

    title: str
    ends: str
    step: str | None = None
    refusal: type[Refusal] | None = None


@dataclass(frozen=True)
class Played:
    """How a scene went: whether its saga ended as told, and which steps were done in it."""

    as_told: bool
    done: frozenset[str]


@dataclass
class Stage:
    """The scene that is on."""

    scene: Scene | None = None

    def refusal_for(self, step: str) -> Refusal | None:
        """What the step has to say in this scene, if not its own words."""
        if self.scene is None or self.scene.refusal is None or self.scene.step != step:
            return None
        return self.scene.refusal(reason=REASON)


async def demo(application: Application) -> bool:
    """Tell all scenes on stdout; whether each saga ended as told."""
    stage = Stage()
    async with (
        fresh(application) as (settings, urls),
        everything(_staged(application, stage), settings, urls) as front,
    ):
        print(f"{application.saga.title}, told with fresh data\n")
        first = await _play(application, front, stage, _happy(application))
        refused = _refusals(application, first.done)
        return all([first.as_told, *[(await _play(application, front, stage, one)).as_told for one in refused]])


def _happy(application: Application) -> Scene:
    return Scene("All goes well", application.definitions[-1].terminal.completed)


def _refusals(application: Application, done: Set[str]) -> Iterator[Scene]:
    """A scene for each step that the example start reaches and that may be refused for good."""
    current = application.definitions[-1]
    final = {step.id for step in current.steps if step.kind != "retriable"}
    for step in application.saga.steps:
        if step.refused and step.id in done & final:
            yield Scene(f"{step.title} is refused", current.terminal.compensated, step.id, step.refused[0])


async def _play(application: Application, front: Front, stage: Stage, scene: Scene) -> Played:
    stage.scene = scene
    started = await front.start(application.example)
    history = await _ended(front, started.saga_id)
    row = await front.saga(started.saga_id)
    print(f"{scene.title}")
    definition = application.definitions[-1]
    for line in aligned(tell(application.saga, definition, history)):
        print(f"  {line}")
    as_told = row.label == scene.ends
    took = (row.closed_at or row.started_at) - row.started_at
    print(f"    {took * 1000:.0f} ms\n" if as_told else f"    it should have ended {scene.ends}, but is {row.label}\n")
    done = {json.loads(event.data)["step"] for event in history if event.type == StepSucceeded.__name__}
    return Played(as_told, frozenset(done))


async def _ended(front: Front, saga_id: str) -> list[StoredEvent]:
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            await front.ended(saga_id)
    return list(await front.history(saga_id))


def _staged(application: Application, stage: Stage) -> Application:
    return replace(application, participants=tuple(_wrapped(one, stage) for one in application.participants))


def _wrapped(participant: Participant, stage: Stage) -> Participant:
    handlings = tuple(replace(one, do=_directed(one, stage)) for one in participant.handlings)
    return replace(participant, handlings=handlings)


def _directed(handling: Handling, stage: Stage) -> Handler:
    async def do(command: object, tx: Transaction) -> Event:
        return stage.refusal_for(handling.step) or await handling.do(command, tx)

    return do
