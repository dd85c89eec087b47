"""The application with other handlers: they write down what they did, and refuse and fail as the seed says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID
from zlib import crc32

from ..application import Application
from ..messaging.message import Event
from ..participant.handlers import Handler, Handling, Participant, TryLater
from ..participant.transaction import Transaction
from ..story import Step
from .ledger import Base, Outside, What, write

ONE_IN = 16
SOON = timedelta(milliseconds=50)
VALUES: dict[type, Any] = {
    str: "drill",
    int: 1,
    Decimal: Decimal(1),
    bool: True,
    datetime: datetime(2000, 1, 1),
    date: date(2000, 1, 1),
    UUID: UUID(int=1),
}

E = TypeVar("E", bound=Event)


def rehearsed(application: Application, seed: int, outside: Outside) -> Application:
    """The application for a drill. Of the steps that may be refused for good, one call in 16 is; others wait once."""
    final = {
        (definition.version, step.id)
        for definition in application.definitions
        for step in definition.steps
        if step.kind != "retriable"
    }
    external = {step.id for definition in application.definitions for step in definition.steps if step.external}

    def handling(one: Handling) -> Handling:
        version = one.until or application.saga.version
        step = application.saga.step(one.step, version)
        note = outside.write if step.id in external else write
        do = _do(step, seed, (version, step.id) in final, note)
        return replace(one, do=do, undo=_undo(step, note) if one.undo else None, find=do if one.find else None)

    def participant(one: Participant) -> Participant:
        return replace(one, handlings=tuple(map(handling, one.handlings)), metadata=Base.metadata)

    return replace(application, participants=tuple(map(participant, application.participants)))


Note = Callable[[Transaction, str, What], Any]


def _do(step: Step, seed: int, final: bool, note: Note) -> Handler:
    async def do(command: object, tx: Transaction) -> Event:
        chance = crc32(f"{seed}:{tx.saga_id}:{step.id}".encode()) % ONE_IN
        if chance == 0 and step.refused and final:
            return example(step.refused[0])
        if chance == 1 and tx.attempt == 1:
            raise TryLater("as the drill asked for", SOON)
        await note(tx, step.id, "do")
        return example(step.done)

    return do


def _undo(step: Step, note: Note) -> Handler:
    async def undo(command: object, tx: Transaction) -> Event:
        await note(tx, step.id, "undo")
        assert step.undone is not None, "a step with an undo handler says what it brings about"
        return example(step.undone)

    return undo


def example(word: type[E]) -> E:
    """An event with some value in each field that must have one."""
    needed = {name: field.annotation for name, field in word.model_fields.items() if field.is_required()}
    return word.model_validate({name: _value(kind) for name, kind in needed.items()})


def _value(kind: Any) -> Any:
    if get_origin(kind) is list:
        return [_value(get_args(kind)[0])]
    if NoneType in get_args(kind):
        return None
    return VALUES[kind]
