"""Databases and topics that nobody else uses and that are forgotten afterwards, on the servers of the settings."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from .adapters import OURS, is_postgres, need_kafka, schema_of, upgrade
from .application import Application
from .messaging.topics import topics_of
from .settings import Settings, kafka_options, read_settings, setting_of


@asynccontextmanager
async def fresh(application: Application) -> AsyncIterator[tuple[Settings, Mapping[str, str]]]:
    """Settings, and each context's database: files of a temporary folder, or schemas that are dropped afterwards."""
    name = f"fresh_{uuid4().hex[:8]}"
    async with (
        _databases(application, read_settings(), name) as (settings, urls),
        _topics(application, settings, name) as ours,
    ):
        yield ours, urls


@asynccontextmanager
async def _databases(
    application: Application, settings: Settings, name: str
) -> AsyncIterator[tuple[Settings, Mapping[str, str]]]:
    contexts = [one.context for one in application.participants]
    if not is_postgres(settings.database_url):
        with tempfile.TemporaryDirectory(prefix="saga-") as folder:
            urls = {context: f"sqlite:///{Path(folder, context)}.db" for context in contexts}
            yield settings.model_copy(update={"database_url": f"sqlite:///{folder}/orchestrator.db"}), urls
        return
    urls = {context: _schema(settings.database_url, f"{name}_{schema_of(context)}") for context in contexts}
    ours = settings.model_copy(update={"database_url": _schema(settings.database_url, name)})
    await upgrade(ours, application.participants, urls)
    try:
        yield ours, urls
    finally:
        await _drop({OURS: ours.database_url, **{setting_of(context): url for context, url in urls.items()}})


@asynccontextmanager
async def _topics(application: Application, settings: Settings, name: str) -> AsyncIterator[Settings]:
    if not settings.kafka_bootstrap_servers:
        yield settings
        return
    need_kafka()
    from .messaging import kafka_topics

    options, prefix = kafka_options(settings), f"{name}."
    wanted = [kafka_topics.Topic(prefix + topic, count) for topic, count in topics_of(application.definitions).items()]
    await kafka_topics.apply(options, await kafka_topics.plan(options, wanted))
    try:
        yield settings.model_copy(update={"kafka_topic_prefix": prefix})
    finally:
        await kafka_topics.delete(options, [topic.name for topic in wanted])


def _schema(url: str, schema: str) -> str:
    return make_url(url).update_query_dict({"schema": schema}).render_as_string(hide_password=False)


async def _drop(urls: Mapping[str, str]) -> None:
    from .postgres import drop, place

    for setting, url in urls.items():
        await drop(place(url, setting))
