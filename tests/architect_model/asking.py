"""What the tests ask, and how they hear what happens meanwhile."""

from collections.abc import Mapping
from typing import Any

from saga_scaffold.architect.conversation import Noting, Progress, Purpose, Request, Turn
from saga_scaffold.architect.settings import Settings, settings_from

KEY = "sk-proj-abcdefghijklmnop1234567890"


def settings(server_url: str, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Settings for the fake server that never wait long."""
    made = settings_from({"SAGA_SCAFFOLD_API_KEY": KEY} if environ is None else environ, base_url=server_url, **options)
    return Settings(**{**vars(made), "first_pause": 0.01})


def request(
    parameters: Mapping[str, Any] | None = None, shape: Mapping[str, Any] | None = None, text: str = "Design it."
) -> Request:
    """One question to the model `m`."""
    return Request(Purpose.DESIGN, "m", (Turn("user", text),), parameters or {}, shape)


class Listener:
    """Keeps everything it is told."""

    def __init__(self) -> None:
        self.heard: list[Progress] = []

    def __call__(self, progress: Progress) -> None:
        self.heard.append(progress)

    @property
    def notes(self) -> list[str]:
        return [progress.note for progress in self.heard if isinstance(progress, Noting)]
