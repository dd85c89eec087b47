"""How answers are heard: piece by piece or whole, and when one is complete. Knows shapes, not classes."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from saga_scaffold.architect import faults
from saga_scaffold.architect.conversation import Hearing, OnProgress, Reply, Tokens
from saga_scaffold.architect.faults import Faulted


@dataclass(frozen=True)
class Heard:
    """What arrived so far, whether it is complete or not; `finish` is the server's word for why it ended."""

    text: str = ""
    model: str | None = None
    finish: str | None = None
    refusal: str = ""
    tokens: Tokens = field(default_factory=Tokens)


def pieces(chunks: Iterable[Any], on_progress: OnProgress) -> Iterator[Heard]:
    """What was heard after each chunk of a stream; every piece of text is told to `on_progress`."""
    started, heard, count = time.monotonic(), Heard(), 0
    for chunk in chunks:
        heard, delta = _and(heard, chunk)
        if delta:
            count += 1
            on_progress(Hearing(delta, time.monotonic() - started, count))
        yield heard


def ended(heard: Heard, content_type: str) -> Heard:
    """The same where the stream said that it was at its end; else a fault."""
    if heard.finish is not None:
        return heard
    raise Faulted(faults.NotAnEndpoint("a web page") if "html" in content_type else faults.NotStreamed())


def whole(answer: Any) -> Heard:
    """An answer in one piece; a fault where it is no chat completion, for example a web page under status 200."""
    if isinstance(answer, str):
        raise Faulted(faults.NotAnEndpoint("a web page" if "<" in answer[:200] else "plain text"))
    choices = getattr(answer, "choices", None)
    message = getattr(choices[0], "message", None) if isinstance(choices, list) and choices else None
    if message is None or not isinstance(choices, list):
        raise Faulted(faults.NotAnEndpoint(_without_choices(answer)))
    content = getattr(message, "content", None)
    return Heard(
        text=content if isinstance(content, str) else "",
        model=getattr(answer, "model", None),
        finish=getattr(choices[0], "finish_reason", None) or "stop",
        refusal=getattr(message, "refusal", None) or "",
        tokens=_tokens(answer) or Tokens(),
    )


def complete(heard: Heard, model: str) -> Reply:
    """The answer as it may be used; a fault where the model declined, was cut off or said nothing."""
    if heard.refusal:
        raise Faulted(faults.Declined(heard.refusal))
    if heard.finish == "length":
        raise Faulted(faults.CutOff(heard.tokens.completion))
    if heard.finish == "content_filter":
        raise Faulted(faults.Filtered())
    if not heard.text.strip():
        raise Faulted(faults.Empty())
    return Reply(heard.text, heard.model or model, heard.tokens)


def _and(before: Heard, chunk: Any) -> tuple[Heard, str]:
    model, tokens = getattr(chunk, "model", None) or before.model, _tokens(chunk) or before.tokens
    counted = replace(before, model=model, tokens=tokens)
    choices = getattr(chunk, "choices", None)
    if not choices:
        return counted, ""
    delta = getattr(choices[0], "delta", None)
    text, refusal = getattr(delta, "content", None) or "", getattr(delta, "refusal", None) or ""
    finish = getattr(choices[0], "finish_reason", None) or before.finish
    return replace(counted, text=before.text + text, refusal=before.refusal + refusal, finish=finish), text


def _without_choices(answer: Any) -> str:
    error = getattr(answer, "error", None)
    message = error.get("message") if isinstance(error, dict) else error
    return f"the error `{message}` under a success status" if message else "a JSON document without `choices`"


def _tokens(answer: Any) -> Tokens | None:
    usage = getattr(answer, "usage", None)
    prompt, completion = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    return Tokens(prompt, completion)
