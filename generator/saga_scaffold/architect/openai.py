"""A server that speaks Chat Completions, through the `openai` package: OpenAI's own, or any compatible one.

The package is imported when the first question is asked: it takes half a second. Tries are counted here and not by the
package, because it retries an exhausted quota and never a stream.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from saga_scaffold.architect import faults, hearing
from saga_scaffold.architect.conversation import Asking, Noting, OnProgress, Reply, Request
from saga_scaffold.architect.failures import failure, no_package
from saga_scaffold.architect.faults import Fault, Faulted, pause_before
from saga_scaffold.architect.hearing import Heard
from saga_scaffold.architect.settings import Settings, is_openai
from saga_scaffold.architect.wishes import STREAM, refused_wish, spelled, wishes

_NETWORK_PACKAGES = {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "ssl", "socket"}
_STATUS_OF_CODE = {
    "context_length_exceeded": 400,
    "invalid_api_key": 401,
    "model_not_found": 404,
    "insufficient_quota": 429,
    "rate_limit_exceeded": 429,
    "server_error": 500,
}


class Server:
    """Asks one server, and remembers which wishes it refused."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._refused: set[str] = set()

    def ask(self, request: Request, on_progress: OnProgress) -> Reply:
        """The complete answer; a `ScaffoldError` that holds no key says why there is none."""
        on_progress(Asking(request.purpose, request.model, self._settings.host))
        notes: list[str] = []
        tries = 1
        while True:
            sent = wishes(request, self._refused, stream=self._settings.stream)
            try:
                return replace(self._once(request, sent, on_progress), notes=tuple(notes))
            except Faulted as caught:
                fault = caught.fault
            if (wish := refused_wish(fault, sent)) is not None:
                self._refused.add(wish)
                notes.append(spelled(wish, self._settings.host))
                on_progress(Noting(notes[-1]))
            elif tries <= self._settings.max_retries and (pause := self._pause(fault, tries)) is not None:
                on_progress(Noting(f"{self._reason(fault, request.model)}; trying again in {pause:.1f} s"))
                self._sleep(pause)
                tries += 1
            else:
                raise failure(fault, self._settings, request.model, tries) from None

    def _pause(self, fault: Fault, tries: int) -> float | None:
        return pause_before(fault, tries, self._settings.first_pause)

    def _reason(self, fault: Fault, model: str) -> str:
        return failure(fault, self._settings, model).problem

    def _once(self, request: Request, sent: dict[str, Any], on_progress: OnProgress) -> Reply:
        turns = [{"role": turn.role, "content": turn.content} for turn in request.turns]
        extra = {name: value for name, value in sent.items() if name != STREAM}
        with _faults(self._settings), _client(self._settings) as client:
            answer = client.chat.completions.create(
                model=request.model, messages=turns, stream=STREAM in sent, extra_body=extra
            )
            heard = _streamed(answer, on_progress) if STREAM in sent else hearing.whole(answer)
        return hearing.complete(heard, request.model)


@contextmanager
def _client(settings: Settings) -> Iterator[Any]:
    try:
        import openai
    except ImportError:
        raise no_package() from None
    if settings.key is None:
        raise Faulted(faults.NoKey())
    client = openai.OpenAI(
        api_key=settings.key.secret,
        base_url=settings.base_url,
        timeout=settings.timeout,
        max_retries=0,
        default_headers=None if is_openai(settings.base_url) else _anonymous(openai),
    )
    with client:
        yield client


def _anonymous(openai: Any) -> dict[str, Any]:
    # The package sends the account's names from the environment; they are no business of other servers.
    return {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}


def _streamed(stream: Any, on_progress: OnProgress) -> Heard:
    heard = Heard()
    try:
        with stream:
            for so_far in hearing.pieces(stream, on_progress):
                heard = so_far
    except Exception as error:
        fault = _fault_of(error)
        if not heard.text or fault is None or isinstance(fault, faults.Silence):
            raise
        if heard.finish is None:
            raise Faulted(faults.BrokenOff(len(heard.text), _said(fault))) from None
    return hearing.ended(heard, str(stream.response.headers.get("content-type", "")))


@contextmanager
def _faults(settings: Settings) -> Iterator[None]:
    """Turns what the package raises into faults; `from None`, since its exceptions hold the request and so the key."""
    try:
        yield
    except Exception as error:
        fault = _fault_of(error)
        if fault is None:
            raise
        raise Faulted(fault) from None


def _fault_of(error: Exception) -> Fault | None:
    import openai

    match error:
        case openai.APITimeoutError():
            return faults.Silence()
        case openai.APIConnectionError():
            return faults.Unreachable(_root_cause(error))
        case openai.APIStatusError():
            return _status_of(error)
        case openai.APIError():
            return _told_of(error)
        case openai.OpenAIError():
            return faults.Unknown(str(error))
        case json.JSONDecodeError() | UnicodeDecodeError():
            return faults.NotAnEndpoint("broken JSON")
    if type(error).__module__.partition(".")[0] not in _NETWORK_PACKAGES:
        return None
    return faults.Silence() if "Timeout" in type(error).__name__ else faults.Unreachable(_root_cause(error))


def _status_of(error: Any) -> faults.Status:
    body = error.body if isinstance(error.body, dict) else {}
    message = body.get("message") or body.get("detail") or (error.body if isinstance(error.body, str) else "")
    in_json = "json" in str(error.response.headers.get("content-type", ""))
    return faults.Status(
        status=error.status_code,
        code=error.code,
        param=error.param if isinstance(error.param, str) else None,
        message=message if isinstance(message, str) else json.dumps(message),
        retry_after=_retry_after(error.response.headers),
        in_json=in_json,
    )


def _told_of(error: Any) -> Fault:
    """An error inside a stream: it has no status, but often a code that stands for one."""
    code = error.code or ""
    status = int(code) if code.isdecimal() else _STATUS_OF_CODE.get(code)
    return faults.Unknown(error.message) if status is None else faults.Status(status, code=code, message=error.message)


def _retry_after(headers: Any) -> float | None:
    asked = headers.get("retry-after")
    if not asked:
        return None
    try:
        return max(float(asked), 0.0)
    except ValueError:
        pass
    try:
        return max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError):
        return None


def _root_cause(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return re.sub(r"^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


def _said(fault: Fault) -> str:
    match fault:
        case faults.Unreachable(cause=said) | faults.NotAnEndpoint(seen=said):
            return said
        case faults.Status(message=said) | faults.Unknown(message=said):
            return said
        case _:
            return "the server stopped"
