"""A server on 127.0.0.1 that speaks Chat Completions, whole and streamed, and says what a test told it to say."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USAGE = {"prompt_tokens": 1200, "completion_tokens": 340, "total_tokens": 1540}


@dataclass(frozen=True)
class Completion:
    """A regular answer; streamed where the request asks for it, in pieces of `piece` characters."""

    text: str | None
    finish: str | None = "stop"
    refusal: str | None = None
    usage: Mapping[str, int] | None = field(default_factory=lambda: USAGE)
    piece: int = 12
    streams: bool = True
    breaks_after: int | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Raw:
    """Any bytes under any status."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


Answer = Completion | Raw


def error(status: int, message: str, *, code: str | None = None, param: str | None = None, **headers: str) -> Raw:
    """An error as OpenAI words it."""
    body = {"error": {"message": message, "type": "invalid_request_error", "code": code, "param": param}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Raw(status, json.dumps(body).encode(), headers=named)


@dataclass(frozen=True)
class Received:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class FakeServer:
    """Answers in the order of `answers`, the last one repeatedly; `left` counts clients that went away meanwhile."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self.answers = list(answers)
        self.received: list[Received] = []
        self.left = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def next_answer(self, received: Received) -> Answer:
        self.received.append(received)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer = fake.next_answer(Received(self.path, headers, body))
                try:
                    _send(self, answer, body)
                except (BrokenPipeError, ConnectionResetError):
                    fake.left += 1

            def log_message(self, format: str, *args: Any) -> None:
                """Keeps the test's output clean."""

        return Handler


def _send(handler: BaseHTTPRequestHandler, answer: Answer, asked: Mapping[str, Any]) -> None:
    match answer:
        case Raw():
            time.sleep(answer.delay)
            _head(handler, answer.status, answer.content_type, answer.headers, len(answer.body))
            handler.wfile.write(answer.body)
        case Completion() if asked.get("stream") and answer.streams:
            _stream(handler, answer, counted="stream_options" in asked)
        case Completion():
            body = json.dumps(_whole(answer)).encode()
            _head(handler, 200, "application/json", {}, len(body))
            handler.wfile.write(body)


def _head(
    handler: BaseHTTPRequestHandler, status: int, kind: str, headers: Mapping[str, str], length: int | None
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in headers.items():
        handler.send_header(name, value)
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()


def _whole(answer: Completion) -> dict[str, Any]:
    message = {"role": "assistant", "content": answer.text, "refusal": answer.refusal}
    choice = {"index": 0, "message": message, "finish_reason": answer.finish}
    return {**_envelope("chat.completion"), "choices": [choice], "usage": answer.usage}


def _stream(handler: BaseHTTPRequestHandler, answer: Completion, *, counted: bool) -> None:
    # A length that is never reached is how a broken connection looks from the other side.
    length = 10_000_000 if answer.breaks_after is not None else None
    _head(handler, 200, "text/event-stream", {}, length)
    for number, chunk in enumerate(_chunks(answer, counted=counted)):
        if answer.breaks_after is not None and number > answer.breaks_after:
            return
        handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        handler.wfile.flush()
        time.sleep(answer.pause)
    handler.wfile.write(b"data: [DONE]\n\n")


def _chunks(answer: Completion, *, counted: bool) -> Iterator[dict[str, Any]]:
    envelope = _envelope("chat.completion.chunk")

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    text = answer.text or ""
    for start in range(0, len(text), answer.piece):
        yield chunk({"content": text[start : start + answer.piece]})
    if answer.refusal:
        yield chunk({"refusal": answer.refusal})
    if answer.finish:
        yield chunk({}, answer.finish)
    if counted and answer.usage:
        yield {**envelope, "choices": [], "usage": answer.usage}


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": "fake-model-2026-01-01"}


@contextmanager
def serving(*answers: Answer) -> Iterator[FakeServer]:
    """A running server that answers so, stopped at the end of the block."""
    server = FakeServer(answers)
    server.start()
    try:
        yield server
    finally:
        server.stop()
