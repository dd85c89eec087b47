"""Which model is asked, where, with which key: decided once, from options and environment, before anything is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from saga_scaffold.errors import ScaffoldError

OPENAI_URL = "https://api.openai.com/v1"
PLACEHOLDER = "no-key-needed"
OWN_KEY, DEFAULT_KEY = "SAGA_SCAFFOLD_API_KEY", "OPENAI_API_KEY"
BASE_URL, MODEL = "OPENAI_BASE_URL", "SAGA_SCAFFOLD_MODEL"


class Architect(StrEnum):
    """Who designs the saga."""

    AUTO = "auto"
    OFFLINE = "offline"
    OPENAI = "openai"


@dataclass(frozen=True)
class Key:
    """A key and the variable it came from. It shows itself nowhere: not in `repr`, not in `str`."""

    secret: str = field(repr=False)
    variable: str | None = None

    @property
    def is_placeholder(self) -> bool:
        """Whether it only fills the header for servers that ask for none."""
        return self.variable is None


@dataclass(frozen=True)
class Settings:
    """How the model is reached. `timeout` is the longest silence in seconds; without `model`, the prompt names it."""

    base_url: str = OPENAI_URL
    key: Key | None = None
    model: str | None = None
    timeout: float = 120.0
    max_retries: int = 2
    first_pause: float = 0.5
    stream: bool = True
    withheld_key: bool = False
    record: Path | None = None
    replay: Path | None = None

    @property
    def host(self) -> str:
        """Host and port of the server, without user names and paths."""
        return _host(self.base_url)

    @property
    def shown_url(self) -> str:
        """The address without user names, passwords and query."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{self.host}{parts.path}"


def settings_from(
    environ: Mapping[str, str],
    *,
    base_url: str | None = None,
    model: str | None = None,
    send_default_key: bool = False,
    timeout: float = 120.0,
    max_retries: int = 2,
    stream: bool = True,
    record: Path | None = None,
    replay: Path | None = None,
) -> Settings:
    """Options before environment. A server that is not OpenAI's gets OPENAI_API_KEY only with `send_default_key`."""
    url = _checked_url(
        base_url or environ.get(BASE_URL, "").strip() or OPENAI_URL, "--base-url" if base_url else BASE_URL
    )
    key, withheld = _key(environ, url, send_default_key)
    return Settings(
        base_url=url,
        key=key,
        model=model or environ.get(MODEL, "").strip() or None,
        timeout=timeout,
        max_retries=max_retries,
        stream=stream,
        withheld_key=withheld,
        record=record,
        replay=replay,
    )


def choose(
    wanted: Architect, environ: Mapping[str, str], *, base_url: str | None = None, replay: Path | None = None
) -> Architect:
    """Who designs: what was wanted, and for `auto` the model when a key, a base URL or a recording is there."""
    if wanted is not Architect.AUTO:
        return wanted
    told = (environ.get(name, "").strip() for name in (OWN_KEY, DEFAULT_KEY, BASE_URL))
    return Architect.OPENAI if base_url or replay or any(told) else Architect.OFFLINE


def is_loopback(base_url: str) -> bool:
    """Whether the server is on this machine."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_openai(base_url: str) -> bool:
    """Whether the server is OpenAI's own, reached over TLS."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == "api.openai.com" or host.endswith(".api.openai.com"))


def _key(environ: Mapping[str, str], url: str, send_default_key: bool) -> tuple[Key | None, bool]:
    own, default = environ.get(OWN_KEY, "").strip(), environ.get(DEFAULT_KEY, "").strip()
    if own:
        return _checked_key(own, OWN_KEY), False
    if default and (is_openai(url) or send_default_key):
        return _checked_key(default, DEFAULT_KEY), False
    return (None if is_openai(url) else Key(PLACEHOLDER)), bool(default)


def _checked_key(secret: str, variable: str) -> Key:
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise ScaffoldError(
            f"the key in {variable} holds characters that no key has, such as spaces, line breaks or curly quotes",
            f"copy the key again and set {variable} to it, without quotes around it",
        )
    return Key(secret, variable)


def _checked_url(url: str, origin: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise ScaffoldError(
            f"the address of the model server is not a URL: `{_without_secrets(url)}` from {origin}",
            "write it with its scheme and its path, for example `http://localhost:11434/v1`",
        )
    return url.rstrip("/")


def _without_secrets(url: str) -> str:
    return url.rpartition("@")[2].partition("?")[0]


def _host(url: str) -> str:
    parts = urlsplit(url)
    name = parts.hostname or ""
    name = f"[{name}]" if ":" in name else name
    return f"{name}:{parts.port}" if parts.port else name
