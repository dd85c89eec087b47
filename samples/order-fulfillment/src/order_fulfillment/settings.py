"""What differs between installations, read from the environment and from `.env`."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the orchestrator's process. Each is an environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("sqlite:///data/orchestrator.db", description="The event store.")
    host: str = Field("127.0.0.1", description="Where `up` listens.")
    port: int = Field(8000, description="Where `up` listens.")
    lease_seconds: float = Field(10.0, gt=0, description="How long a shard stays owned without a sign of life.")
    open_sagas: int = Field(10_000, gt=0, description="Open sagas kept in memory; others are read again when needed.")
    batch: int = Field(500, gt=0, description="The most inputs that one commit takes.")
    log_level: str = Field("WARNING", description="Level of the log on stderr.")


class Environment(BaseSettings):
    """Reads the same places as `Settings`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)


def database_urls(contexts: Iterable[str]) -> Mapping[str, str]:
    """The database of each bounded context: `<CONTEXT>_DATABASE_URL`, else a file of its own."""
    names = {context: f"{context.replace('-', '_')}_database_url" for context in contexts}
    fields: dict[str, Any] = {name: (str, f"sqlite:///data/{context}.db") for context, name in names.items()}
    found = create_model("DatabaseUrls", __base__=Environment, **fields)().model_dump()
    return {context: found[name] for context, name in names.items()}
