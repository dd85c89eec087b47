"""saga.py tells the same story as the definition to which running sagas are pinned."""

import pytest

from order_fulfillment.app import application
from order_fulfillment.messaging.message import Event
from order_fulfillment.orchestrator.definitions import Definition
from order_fulfillment.story import Step, as_of


def current() -> Definition:
    """The definition under which new sagas start."""
    return next(one for one in application.definitions if one.version == application.saga.version)


def test_the_story_has_the_steps_of_the_definition() -> None:
    """In the same order."""
    assert [step.id for step in application.saga.steps] == [step.id for step in current().steps]


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
def test_every_step_speaks_the_words_of_its_version(definition: Definition) -> None:
    """Commands, events, refusals and undos carry the stored names that running sagas wait for."""
    for defined in definition.steps:
        told = application.saga.step(defined.id, definition.version)
        assert told.do.stored_name == defined.do.command
        assert told.done.stored_name == defined.do.success.event
        assert names(told.refused) == [failure.event for failure in defined.do.failures]
        assert undo_names(told) == ((defined.undo.command, defined.undo.success.event) if defined.undo else None)


@pytest.mark.parametrize("definition", application.definitions, ids=lambda one: f"v{one.version}")
def test_somebody_handles_every_step(definition: Definition) -> None:
    """Each step is handled in the bounded context that the definition names, and undone there too."""
    for defined in definition.steps:
        there = [one.handlings for one in application.participants if one.context == defined.context]
        asked = [each for handlings in there for each in handlings if each.step == defined.id]
        handling = as_of(definition.version, asked)
        assert (handling.undo is not None) == (defined.undo is not None)
        assert (handling.find is not None) == (defined.effect == "external")


def names(refused: tuple[type[Event], ...]) -> list[str]:
    """Stored names."""
    return [one.stored_name for one in refused]


def undo_names(step: Step) -> tuple[str, str] | None:
    """Stored names of the undo command and its event."""
    return (step.undo.stored_name, step.undone.stored_name) if step.undo and step.undone else None
