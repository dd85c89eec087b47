"""Processes of our own: the command that runs this program again, and what tells it where its data is."""

import json
import sys
from collections.abc import Mapping

from .settings import Settings, setting_of


def ourselves() -> list[str]:
    """The command that runs this program: its package, or the script it was started by."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    return [sys.executable, *(["-m", spec.name.removesuffix(".__main__")] if spec is not None else [sys.argv[0]])]


def environment(settings: Settings, urls: Mapping[str, str]) -> dict[str, str]:
    """The settings as environment variables; `urls` has the database of each bounded context."""
    return {
        "DATABASE_URL": settings.database_url,
        "KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers or "",
        "KAFKA_TOPIC_PREFIX": settings.kafka_topic_prefix,
        "KAFKA_OPTIONS": json.dumps(settings.kafka_options),
        "LEASE_SECONDS": str(settings.lease_seconds),
        "PORT": "0",
        **{setting_of(context): url for context, url in urls.items()},
    }
