"""What differs between installations, read from the environment and from `.env`."""

import os
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import BeforeValidator, Field, ValidationError, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from .errors import Refused

PASSED_ON = ("KAFKA_SECURITY_", "KAFKA_SASL_", "KAFKA_SSL_", "KAFKA_CLIENT_", "KAFKA_GROUP_")

Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """Settings of the orchestrator's process. Each is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: str = Field("sqlite:///data/orchestrator.db", description="The event store.")
    kafka_bootstrap_servers: str | None = Field(None, description="Kafka; without it messages stay in this process.")
    kafka_topic_prefix: str = Field("", description="Goes before the name of each topic and group.")
    kafka_options: dict[str, str | int] = Field({}, description="Any other setting of librdkafka, as JSON.")
    host: str = Field("127.0.0.1", description="Where `up` listens.")
    port: int = Field(8000, ge=0, le=65_535, description="Where `up` listens.")
    lease_seconds: float = Field(10.0, gt=0, description="How long a shard stays owned without a sign of life.")
    open_sagas: int = Field(10_000, gt=0, description="Open sagas kept in memory; others are read again when needed.")
    max_open: int = Field(50_000, gt=0, description="Open sagas of a process beyond which starts have to come again.")
    waiting: int = Field(2_000, gt=0, description="Callers that may wait to be recorded; more are told to come again.")
    batch: int = Field(500, gt=0, description="The most inputs that one commit takes.")
    log_level: Level = Field("WARNING", description="Level of the log on stderr.")


class Environment(BaseSettings):
    """Reads the same places as `Settings`."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)


def read_settings() -> Settings:
    """The settings of this process. Raises Refused, without the value: it may be a secret."""
    try:
        return Settings()
    except ValidationError as problem:
        fault = problem.errors(include_input=False)[0]
        name = str(fault["loc"][0]).upper()
        said = str(fault["msg"])
        raise Refused(f"{name}: {said[:1].lower()}{said[1:]}", f"correct it, or leave {name} out") from None
    except SettingsError as problem:
        name = str(problem).split('"')[1].upper()
        raise Refused(f"{name}: this is not JSON", f'write {name} like {{"socket.timeout.ms": 10000}}') from None


def kafka_options(settings: Settings) -> dict[str, str | int]:
    """What the clients of Kafka are told: KAFKA_SECURITY_…, KAFKA_SASL_… and KAFKA_SSL_… by the names of librdkafka."""
    named = {**dotenv_values(".env"), **os.environ}
    passed = {
        name.upper().removeprefix("KAFKA_").lower().replace("_", "."): text
        for name, text in named.items()
        if text and name.upper().startswith(PASSED_ON)
    }
    return {"bootstrap.servers": settings.kafka_bootstrap_servers or "", **passed, **settings.kafka_options}


def setting_of(context: str) -> str:
    """The setting that names the database of a bounded context."""
    return f"{context.replace('-', '_').upper()}_DATABASE_URL"


def database_urls(contexts: Iterable[str], orchestrator: str) -> Mapping[str, str]:
    """The database of each bounded context, as its setting says.

    Else a SQLite file of its own, or a schema of its own where the orchestrator's database is PostgreSQL.
    """
    names = {context: setting_of(context).lower() for context in contexts}
    fields: dict[str, Any] = {name: (str, _beside(orchestrator, context)) for context, name in names.items()}
    found = create_model("DatabaseUrls", __base__=Environment, **fields)().model_dump()
    return {context: found[name] for context, name in names.items()}


def _beside(orchestrator: str, context: str) -> str:
    """The default: apart from the orchestrator's tables, and from those of other contexts."""
    own = context.replace("-", "_")
    try:
        url = make_url(orchestrator)
    except (ArgumentError, ValueError):
        return orchestrator  # Refused by its name where the event store is opened.
    if not url.drivername.startswith("postgres"):
        return f"sqlite:///data/{context}.db"
    given = url.query.get("schema")
    return url.update_query_dict({"schema": f"{given}_{own}" if given else own}).render_as_string(hide_password=False)
