"""Records that could not be used travel on with their original bytes, and with what was wrong with them."""

from .broker import Outbound, Record


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
