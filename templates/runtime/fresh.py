"""Databases that nobody else uses and that are forgotten afterwards, on the servers that the settings name."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

from .adapters import OURS, is_postgres, schema_of, upgrade
from .application import Application
from .settings import Settings, setting_of


@asynccontextmanager
async def fresh(application: Application) -> AsyncIterator[tuple[Settings, Mapping[str, str]]]:
    """Settings, and the database of each context: files of a temporary folder, or schemas that are dropped at the end."""
    settings = Settings()
    contexts = [one.context for one in application.participants]
    if not is_postgres(settings.database_url):
        with tempfile.TemporaryDirectory(prefix="saga-") as folder:
            urls = {context: f"sqlite:///{Path(folder, context)}.db" for context in contexts}
            yield settings.model_copy(update={"database_url": f"sqlite:///{folder}/orchestrator.db"}), urls
        return
    prefix = f"fresh_{uuid4().hex[:8]}"
    urls = {context: _schema(settings.database_url, f"{prefix}_{schema_of(context)}") for context in contexts}
    ours = settings.model_copy(update={"database_url": _schema(settings.database_url, prefix)})
    await upgrade(ours, application.participants, urls)
    try:
        yield ours, urls
    finally:
        await _drop({OURS: ours.database_url, **{setting_of(context): url for context, url in urls.items()}})


def _schema(url: str, schema: str) -> str:
    return make_url(url).update_query_dict({"schema": schema}).render_as_string(hide_password=False)


async def _drop(urls: Mapping[str, str]) -> None:
    from .postgres import drop, place

    for setting, url in urls.items():
        await drop(place(url, setting))
