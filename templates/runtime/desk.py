"""What the command line does without running anything itself: it leaves requests in the database, and reads."""

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from pydantic import ValidationError

from .adapters import is_run, is_there, open_store
from .application import Application
from .errors import Refused
from .event_store.store import Filter, SagaRow, Store, StoredEvent
from .messaging.message import Command
from .orchestrator import inbox
from .orchestrator.front import NotThere, check_size
from .orchestrator.fsm import decide
from .orchestrator.ids import saga_id as new_saga_id
from .orchestrator.ids import shard_of
from .orchestrator.loading import restore_all
from .orchestrator.requests import Unfit, fitted, read_verb
from .orchestrator.rules import rules_of
from .orchestrator.shard import Live
from .orchestrator.states import Denied, Status, Verb
from .orchestrator.turn import STUCK
from .settings import Settings, read_settings
from .telling import aligned, tell
from .who import who

PATIENCE = 30.0
MOST_WAITING = 10_000
STATES = (*get_args(Status), STUCK)


@dataclass(frozen=True)
class Asked:
    """The saga that was asked about, and a remark for people."""

    saga_id: str
    remark: str = ""


@dataclass(frozen=True)
class Listing:
    """Lines for whoever asked, and a remark for people."""

    lines: list[str]
    remark: str = ""


def read_start(application: Application, text: str) -> Command:
    """The start in a JSON text. Raises Refused."""
    example = application.example.model_dump_json()
    try:
        values = json.loads(text)
    except ValueError as problem:
        raise Refused(f"not JSON: {problem}", f"write it as {example}") from None
    try:
        return application.saga.starts.model_validate(values)
    except ValidationError as problem:
        faults = "; ".join(_fault(fault["loc"], fault["msg"]) for fault in problem.errors())
        raise Refused(faults, f"write it as {example}") from None


async def start(application: Application, command: Command, key: str | None) -> Asked:
    """Record a start, and wait for it to be taken up where an `up` runs. Raises Refused."""
    values = command.model_dump(mode="json")
    check_size(values)
    settings = read_settings()
    async with _store(settings, create=True) as store:
        shards = await store.create_shards(application.definitions[-1].shards)
        saga_id = new_saga_id(shards, key)
        return await _ask(settings, store, saga_id, "start", values, key)


async def ask(application: Application, saga_id: str, verb: str, why: str, **said: Any) -> Asked:
    """Record that one of the `VERBS` is asked of a saga; `said` as `read_verb` takes it. Raises Refused."""
    settings = read_settings()
    values = {"by": who(), "reason": why, **said}
    async with _store(settings) as store:
        await _row(store, saga_id)
        if not await is_run(settings, store, saga_id):
            await _refuse_early(application, store, saga_id, read_verb(verb, values))
        return await _ask(settings, store, saga_id, verb, values, None)


def read_result(text: str) -> dict[str, Any]:
    """The fields of an event in a JSON text. Raises Refused."""
    try:
        values = json.loads(text)
    except ValueError as problem:
        raise Refused(f"--result is not JSON: {problem}", "write the event's fields as a JSON object") from None
    if not isinstance(values, dict):
        raise Refused("--result is not a JSON object", "write the event's fields as a JSON object")
    return values


async def listed(status: str | None, limit: int, as_json: bool) -> Listing:
    """The newest sagas, a line for each. Raises Refused."""
    if status is not None and status.upper() not in STATES:
        raise Refused(f"{status!r} is not a state of a saga", f"name one of {', '.join(STATES)}")
    settings = read_settings()
    if not is_there(settings):
        return Listing([], "there are no sagas yet")
    async with _store(settings) as store:
        rows = await store.list(Filter(status=status and status.upper(), limit=limit))
        waiting = (await store.health()).waiting
    return Listing(
        [json.dumps(_summary(row)) for row in rows] if as_json else _table(rows), _waits(waiting, bool(rows))
    )


async def shown(application: Application, saga_id: str, as_json: bool) -> list[str]:
    """What happened to a saga. Raises Refused."""
    async with _store(read_settings()) as store:
        row = await _row(store, saga_id)
        history = await store.history(saga_id)
    if as_json:
        return [json.dumps({**_summary(row), "history": [_event(event) for event in history]})]
    definition = next((one for one in application.definitions if one.version == row.def_version), None)
    if definition is None:
        problem = f"saga {saga_id} runs under version {row.def_version}, which this program does not know"
        raise Refused(problem, "use the program of that version, or --json")
    lines = list(tell(application.saga, definition, history))
    return [
        f"{saga_id}  {_standing(row)}",
        *(f"{_clock(line.at)}  {text}" for line, text in zip(lines, aligned(lines), strict=True)),
    ]


async def still_open(application: Application, version: str) -> int:
    """How many sagas of a version, written `v1` or `1`, have not ended. Raises Refused."""
    known = {str(one.version): one.version for one in application.definitions}
    number = known.get(version.removeprefix("v"))
    if number is None:
        told = ", ".join(f"v{one}" for one in known)
        raise Refused(f"there is no version {version}", f"versions that sagas run by: {told}")
    settings = read_settings()
    if not is_there(settings):
        return 0
    async with _store(settings) as store:
        return (await store.health()).versions.get(number, 0)


@asynccontextmanager
async def _store(settings: Settings, create: bool = False) -> AsyncIterator[Store]:
    store = await open_store(settings, create)
    try:
        yield store
    finally:
        await store.close()


async def _ask(
    settings: Settings, store: Store, saga_id: str, verb: str, values: Mapping[str, Any], key: str | None
) -> Asked:
    number = await inbox.submit(store, saga_id, verb, values, key, who())
    if not await is_run(settings, store, saga_id):
        return Asked(saga_id, f"recorded; nothing runs here now, so the next `up` or `orchestrator` will {verb} it")
    outcome = await inbox.outcome(store, number, PATIENCE)
    if outcome is None:
        return Asked(saga_id, f"recorded, but not taken up within {PATIENCE:.0f} s")
    if why := inbox.refusal(outcome):
        raise Refused(why, f"see what happened to it with `show {saga_id}`")
    return Asked(saga_id)


async def _refuse_early(application: Application, store: Store, saga_id: str, verb: Verb) -> None:
    """Where nothing runs, nobody else says that something is not possible."""
    rules = rules_of(application.saga, application.definitions)
    live = restore_all(rules, (await store.sagas([saga_id])).values())[saga_id]
    if not isinstance(live, Live):
        raise Refused(f"saga {saga_id} cannot be read: {live}", "see the log of the orchestrator")
    state = live.state
    try:
        verb = fitted(rules.saga, state, verb)
    except Unfit as problem:
        raise Refused(str(problem), "give the fields of the event with --result") from None
    said = decide(rules.version(state.version), rules.policy, state, verb, time.time())
    if isinstance(said, Denied):
        raise Refused(said.reason, f"see what happened to it with `show {saga_id}`")


async def _row(store: Store, saga_id: str) -> SagaRow:
    found = await store.sagas([saga_id])
    if saga_id in found:
        return found[saga_id].row
    if await _has_a_start(store, saga_id):
        raise Refused(f"saga {saga_id} is recorded, but has not begun", "the next `up` begins it")
    raise NotThere(saga_id)


async def _has_a_start(store: Store, saga_id: str) -> bool:
    """Whether a start of it waits to be taken up."""
    try:
        shard = shard_of(saga_id)
    except ValueError:
        return False
    return any(request.saga_id == saga_id for request in await store.waiting([shard], MOST_WAITING))


def _waits(requests: int, sagas: bool) -> str:
    if requests:
        return f"waiting for the next `up`: {requests} request{'s' if requests > 1 else ''}"
    return "" if sagas else "there are no such sagas"


def _standing(row: SagaRow) -> str:
    return f"{row.label} (stuck)" if row.status == STUCK else row.label


def _table(rows: Sequence[SagaRow]) -> list[str]:
    cells = [(row.id, _standing(row), row.business_key or "", _clock(row.started_at), _took(row)) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(5)] if cells else []
    return ["  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _summary(row: SagaRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "status": row.status,
        "label": row.label,
        "version": row.def_version,
        "business_key": row.business_key,
        "started_at": row.started_at,
        "closed_at": row.closed_at,
    }


def _event(event: StoredEvent) -> dict[str, Any]:
    return {"seq": event.seq, "type": event.type, "at": event.at, "data": json.loads(event.data)}


def _fault(place: Sequence[int | str], what: str) -> str:
    return f"{'.'.join(map(str, place))}: {what[:1].lower()}{what[1:]}" if place else what


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(" ", "milliseconds")[:23]


def _took(row: SagaRow) -> str:
    return "" if row.closed_at is None else f"{row.closed_at - row.started_at:.3f} s"
