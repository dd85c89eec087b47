"""Stopping: it comes to its end, whatever handlers make of being cancelled."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from example.app import application

from runtime.application import Application
from runtime.messaging.message import Command, Event
from runtime.participant.handlers import Handler, Handling, Participant
from runtime.participant.transaction import Transaction
from runtime.settings import Settings
from runtime.up import everything


@pytest.mark.parametrize("step", ["reserve-inventory", "process-payment"])
def test_a_handler_that_answers_a_cancellation_with_an_error_of_its_own_does_not_keep_the_process(
    tmp_path: Path, step: str
) -> None:
    """Once in a transaction of ours, once outside."""

    async def story() -> None:
        reached = asyncio.Event()

        async def stubborn(command: Command, tx: Transaction) -> Event:
            reached.set()
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                raise ConnectionError("the driver gave up") from None
            raise AssertionError("it is stopped before")

        urls = {one.context: f"sqlite:///{tmp_path}/{one.context}.db" for one in application.participants}
        settings = Settings(database_url=f"sqlite:///{tmp_path}/orchestrator.db", kafka_bootstrap_servers=None)
        async with everything(_with(step, stubborn), settings, urls) as front:
            await front.start(application.example)
            await reached.wait()

    asyncio.run(asyncio.wait_for(story(), 120))


def _with(step: str, handler: Handler) -> Application:
    def handling(one: Handling) -> Handling:
        return replace(one, do=handler) if one.step == step else one

    def participant(one: Participant) -> Participant:
        return replace(one, handlings=tuple(map(handling, one.handlings)))

    return replace(application, participants=tuple(map(participant, application.participants)))
