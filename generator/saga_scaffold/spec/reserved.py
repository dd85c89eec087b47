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

# What a project installs, and what that brings along.
_INSTALLED = (
    _words("aiosqlite alembic annotated_doc annotated_types anyio asyncpg black blackd blib2to3 click")
    | _words("confluent_kafka dotenv fastapi greenlet h11 hatchling httptools httpx hypothesis idna iniconfig")
    | _words("mako markdown_it markupsafe mdurl mypy mypyc mypy_extensions opentelemetry packaging pathspec")
    | _words("pip platformdirs pluggy prometheus_client py pydantic pydantic_core pydantic_settings pygments")
    | _words("pytest python_dotenv pytokens pyyaml rich setuptools shellingham sniffio sortedcontainers")
    | _words("sqlalchemy starlette typer typing_extensions typing_inspection uv uvicorn uvloop watchfiles")
    | _words("websockets wheel yaml")
)

PACKAGES = (
    frozenset(sys.stdlib_module_names)
    | _KEYWORDS
    | _DEVICES
    | _INSTALLED
    | _words("build calling contexts dist docs hanging migrations recording runtime saga_scaffold scripts")
    | _words("src test tests")
)

_CLASSES = (
    _words("Any Application BaseModel ClassVar Command Decimal Definition Definitions Event Field Final")
    | _words("Front Handler Handling LONGEST Ledger Message MetaData Participant Path Policy RESULTS Refusal")
    | _words("Retry STEPS Saga SagaRow Settings Step Transaction TryLater UNDONE UUID")
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
