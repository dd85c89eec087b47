"""Names that a saga cannot use, because Python, pydantic, the guard or the project's own modules use them."""

import builtins
import keyword
import sys

from pydantic import BaseModel


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYWORDS = frozenset(keyword.kwlist) | _words("true false none null")
_DEVICES = _words("con prn aux nul") | {f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)}

STEP_IDS = _KEYWORDS | _words("input saga start deadline terminal")

CONTEXTS = (
    _KEYWORDS
    | _DEVICES
    | _words("answer app application call cli clock command console contexts contracts date datetime definition errors")
    | _words("event-store example examples isinstance load-definitions main messages resume table")
    | _words("messaging operator operators orchestrator participant participants runtime saga settings simulation")
    | _words("story test tests transaction")
)

FIELDS = (
    _KEYWORDS
    | _words("bool date datetime int str tuple")
    | _words("saga_id shard stored_name self cls")
    | {name for name in dir(BaseModel) if not name.startswith("_")}
)

PACKAGES = (
    frozenset(sys.stdlib_module_names)
    | _KEYWORDS
    | _DEVICES
    | _words("aiosqlite alembic asyncpg build confluent_kafka contexts dist docs fastapi httpx hypothesis migrations")
    | _words("opentelemetry prometheus_client pydantic pydantic_settings pytest runtime saga_scaffold scripts")
    | _words("sqlalchemy src starlette test tests typer uvicorn yaml")
)

_CLASSES = (
    _words(
        "Any Application BaseModel ClassVar Command Decimal Definition Definitions Event Field Final Front Handler Handling"
    )
    | _words("LONGEST Ledger Message MetaData Participant Path Policy RESULTS Refusal Retry STEPS Saga SagaRow Settings")
    | _words("Step Transaction TryLater UNDONE UUID")
    | {name for name in dir(builtins) if name[0].isupper()}
)

_FUNCTIONS = (
    _KEYWORDS
    | _words("application command contexts date datetime messages participant run saga timedelta tx")
    | {name for name in dir(builtins) if name[0].islower()}
)


def is_message(name: str) -> bool:
    """Whether a message cannot be called so: as a class, or in lower case as the handler of its command."""
    return name in _CLASSES or name.lower() in _FUNCTIONS
