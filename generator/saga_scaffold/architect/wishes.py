"""What a request asks for beyond the question itself: sampling, streaming, counting, the form of the answer.

A server may refuse any of it. A refused wish is remembered by name and never sent again; the next best takes its place.
"""

import re
from collections.abc import Mapping, Set
from typing import Any

from saga_scaffold.architect.conversation import Request
from saga_scaffold.architect.faults import Fault, NotStreamed, Status, is_too_long

STREAM = "stream"
SCHEMA, OBJECT = "json_schema", "json_object"
_OURS = {"model", "messages", "stream", "stream_options", "response_format"}
_SHAPE_WORDS = ("response_format", "json_schema", "json_object", "structured output", "grammar")


def wishes(request: Request, refused: Set[str], *, stream: bool) -> dict[str, Any]:
    """The optional part of the request body, without what was refused."""
    parameters = _limited(request.parameters, refused)
    body: dict[str, Any] = {name: value for name, value in parameters.items() if name not in refused | _OURS}
    if stream and STREAM not in refused:
        body[STREAM] = True
        if "stream_options" not in refused:
            body["stream_options"] = {"include_usage": True}
    form = _form(request.shape, refused)
    return {**body, "response_format": form} if form else body


def refused_wish(fault: Fault, sent: Mapping[str, Any]) -> str | None:
    """The name of the wish that the server does not grant; None where the trouble is something else."""
    if isinstance(fault, NotStreamed):
        return STREAM if STREAM in sent else None
    if not isinstance(fault, Status) or fault.status not in {400, 415, 422, 501}:
        return None
    if fault.code == "context_length_exceeded":
        return None
    blamed = _blamed(fault, sent)
    return sent["response_format"]["type"] if blamed == "response_format" else blamed


def spelled(wish: str, host: str) -> str:
    """One line that tells the user what was given up."""
    instead = {
        "max_tokens": "with `max_completion_tokens`",
        SCHEMA: "for a JSON object without a schema",
        OBJECT: "for JSON inside a plain answer",
        STREAM: "for the answer in one piece",
    }.get(wish, "without it")
    return f"{host} does not take `{wish}`; asked again {instead}"


def _limited(parameters: Mapping[str, Any], refused: Set[str]) -> Mapping[str, Any]:
    if "max_tokens" in refused and "max_tokens" in parameters:
        return {**parameters, "max_completion_tokens": parameters["max_tokens"]}
    return parameters


def _form(shape: Mapping[str, Any] | None, refused: Set[str]) -> dict[str, Any] | None:
    if shape is None:
        return None
    if SCHEMA not in refused:
        return {"type": SCHEMA, "json_schema": {"name": "saga_facts", "strict": True, "schema": shape}}
    return {"type": OBJECT} if OBJECT not in refused else None


def _blamed(fault: Status, sent: Mapping[str, Any]) -> str | None:
    named = re.split(r"[.\[]", fault.param or "")[0]
    if named in sent:
        return named
    said = fault.message.lower()
    if "response_format" in sent and any(word in said for word in _SHAPE_WORDS):
        return "response_format"
    mentioned = (name for name in sent if re.search(rf"\b{re.escape(name)}\b", said))
    return None if is_too_long(fault) and "max_tokens" not in said else next(mentioned, None)
