"""Records that could not be used: they travel on with their original bytes, are kept, and can be sent once more."""

import base64
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from .broker import Outbound, Record


class KeptLetter(NamedTuple):
    """A dead letter as it lies in a database. `at` is in seconds since 1970."""

    id: int
    record: Record
    saga_id: str | None
    error: str
    at: float


def dead_letter(topic: str, record: Record, error: str) -> Outbound:
    """The record as it was, addressed to the dead letters."""
    headers = {
        **record.headers,
        "dead_letter_topic": record.topic,
        "dead_letter_partition": str(record.partition),
        "dead_letter_offset": str(record.offset),
        "dead_letter_error": error,
    }
    return Outbound(topic, record.key or "", record.value, headers)


def once_more(record: Record) -> dict[str, Any]:
    """The record as JSON can hold it, for whoever sends it to the same place again."""
    value = base64.b64encode(record.value).decode()
    return {
        "topic": record.topic,
        "partition": record.partition,
        "key": record.key,
        "headers": dict(record.headers),
        "value": value,
    }


def to_send(said: Mapping[str, Any]) -> Outbound:
    """What `once_more` has written down."""
    value = base64.b64decode(said["value"])
    return Outbound(said["topic"], said["key"] or "", value, said["headers"], said["partition"])


def kept_letter(row: tuple[Any, ...]) -> KeptLetter:
    """A row of `dead_letter`: id, saga_id, topic, part, off, key, headers as JSON, body, error, at."""
    number, saga_id, topic, part, off, key, headers, body, error, at = row
    return KeptLetter(number, Record(topic, part, off, key, bytes(body), json.loads(headers)), saga_id, error, at)
