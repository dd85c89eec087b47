"""The HTTP interface: health, sagas to start and to look at, and verbs for whoever steps in."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from ..application import Application
from ..errors import Refused
from ..event_store.store import Filter, SagaRow, StoredEvent, StoreUnavailable
from ..messaging.broker import BrokerUnavailable
from ..orchestrator.front import Busy, Front, NoAnswerYet, NotThere, TooLarge

STATUS: Mapping[type[Refused], int] = {NotThere: 404, NoAnswerYet: 503, Busy: 429, TooLarge: 413}


class Started(BaseModel):
    """A saga that is recorded; `new` is false when its key had started it before."""

    id: str
    new: bool


class Summary(BaseModel):
    """A saga in one line. Times are seconds since 1970."""

    id: str
    status: str
    label: str
    version: int
    business_key: str | None
    started_at: float
    closed_at: float | None


class Happened(BaseModel):
    """One event of a saga."""

    seq: int
    type: str
    at: float
    data: dict[str, Any]


class Story(Summary):
    """A saga with everything that happened to it."""

    history: list[Happened]


class Cancellation(BaseModel):
    """Who wants something done with a saga, and why."""

    by: str = "api"
    why: str = ""


class Operation(Cancellation):
    """Who steps in, and why."""

    why: str


class StepOperation(Operation):
    """Who steps in at a step, and why. `result`, `found` and `event` belong to `skip`."""

    step: str
    result: dict[str, Any] = {}
    found: Literal["ok", "refused"] | None = None
    event: str = ""


def create_api(application: Application, front: Front) -> FastAPI:
    """The application for uvicorn, in front of everything that runs."""
    api = FastAPI(title=application.saga.title, version=str(application.saga.version))
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(StoreUnavailable, _away)
    api.add_exception_handler(BrokerUnavailable, _away)
    add_alive(api)
    _add_health(api, front)
    _add_sagas(api, application, front)
    _add_verbs(api, front)
    return api


def add_alive(api: FastAPI) -> None:
    """`/healthz`: the process runs."""

    @api.get("/healthz")
    async def alive() -> dict[str, str]:
        """The process runs."""
        return {"status": "ok"}


def _add_health(api: FastAPI, front: Front) -> None:
    @api.get("/readyz")
    async def ready() -> JSONResponse:
        """All shards are owned, and the database answers."""
        health = await front.health()
        body = {"sagas": dict(health.sagas), "dead_letters": health.dead_letters, "waiting": health.waiting}
        ready = front.is_ready()
        return JSONResponse({"status": "ok" if ready else "not ready", **body}, 200 if ready else 503)


def _add_sagas(api: FastAPI, application: Application, front: Front) -> None:
    async def start(
        command: Any, response: Response, idempotency_key: Annotated[str | None, Header()] = None
    ) -> Started:
        """Start a saga; answered once it is recorded. The same Idempotency-Key is the same saga."""
        started = await front.start(command, idempotency_key)
        response.status_code = 201 if started.new else 200
        return Started(id=started.saga_id, new=started.new)

    start.__annotations__["command"] = application.saga.starts
    api.post("/api/sagas", status_code=201)(start)

    @api.get("/api/sagas")
    async def listed(
        status: str | None = None,
        business_key: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 50,
        before: float | None = None,
    ) -> list[Summary]:
        """Sagas, newest first; `before` is the `started_at` of the last one seen."""
        return [Summary(**_summary(row)) for row in await front.list(Filter(status, business_key, limit, before))]

    @api.get("/api/sagas/{saga_id}")
    async def shown(saga_id: str) -> Story:
        """One saga with its history."""
        row = await front.saga(saga_id)
        return Story(**_summary(row), history=[_happened(event) for event in await front.history(saga_id)])

    @api.post("/api/sagas/{saga_id}/cancel", status_code=202)
    async def cancel(saga_id: str, asked: Cancellation) -> Summary:
        """Undo a saga that has not passed the point of no return."""
        return await _ask(front, saga_id, "cancel", asked)


def _add_verbs(api: FastAPI, front: Front) -> None:
    @api.post("/api/sagas/{saga_id}/retry", status_code=202)
    async def retry(saga_id: str, asked: StepOperation) -> Summary:
        """Try a step again that has used up its attempts."""
        return await _ask(front, saga_id, "retry", asked)

    @api.post("/api/sagas/{saga_id}/skip", status_code=202)
    async def skip(saga_id: str, asked: StepOperation) -> Summary:
        """Go on without a step; what it has done already counts."""
        return await _ask(front, saga_id, "skip", asked)

    @api.post("/api/sagas/{saga_id}/force-undo", status_code=202)
    async def force_undo(saga_id: str, asked: Operation) -> Summary:
        """Undo a saga that has passed the point of no return."""
        return await _ask(front, saga_id, "force-undo", asked)

    @api.post("/api/sagas/{saga_id}/abandon", status_code=202)
    async def abandon(saga_id: str, asked: Operation) -> Summary:
        """Give a saga up; what was done stays."""
        return await _ask(front, saga_id, "abandon", asked)


async def _ask(front: Front, saga_id: str, verb: str, asked: Cancellation) -> Summary:
    said = asked.model_dump()
    await front.ask(saga_id, verb, {"reason": said.pop("why"), **said})
    return Summary(**_summary(await front.saga(saga_id)))


async def _refused(_: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Refused), "registered for nothing else"
    status = next((status for kind, status in STATUS.items() if isinstance(problem, kind)), 409)
    headers = {"Retry-After": "1"} if status in (429, 503) else None
    return JSONResponse({"error": problem.problem, "hint": problem.hint}, status, headers)


async def _away(_: Request, problem: Exception) -> JSONResponse:
    hint = "ask again later, a start with the same Idempotency-Key"
    return JSONResponse({"error": str(problem), "hint": hint}, 503, {"Retry-After": "1"})


def _summary(row: SagaRow) -> dict[str, Any]:
    values = row._asdict()
    return {name: values[name] for name in Summary.model_fields if name in values} | {"version": row.def_version}


def _happened(event: StoredEvent) -> Happened:
    return Happened(seq=event.seq, type=event.type, at=event.at, data=json.loads(event.data))
