"""Partition keys as documents write them: `transaction_id`, `/transactionId`, `SETTLEMENT#<settlementId>`."""

import re
from collections.abc import Iterable

from saga_scaffold.spec.naming import same_words

OWN_KEYS = ("saga_id", "shard")
_PLACEHOLDER = re.compile(r"<([^<>]+)>|\$?\{([^{}]+)\}")
_SEPARATOR = re.compile(r"[#|+,;\s]+|::")


def key_fields(key: str, fields: Iterable[str]) -> tuple[str, ...]:
    """The fields that the key is made of, `saga_id` and `shard` among them; empty where it names something else.

    Names are compared without their spelling. A key may be one field, several joined, or a text around placeholders.
    """
    by_words = {same_words(field): field for field in (*OWN_KEYS, *fields)}
    placeholders = [one or other for one, other in _PLACEHOLDER.findall(key)]
    parts = placeholders or ([key] if same_words(key) in by_words else _SEPARATOR.split(key))
    found = [by_words.get(same_words(part)) for part in parts]
    return tuple(field for field in found if field) if all(found) else ()
