"""Names that carry meaning: a saga's id carries its shard, a command's key its saga, step and phase."""

from uuid import UUID, uuid4, uuid5
from zlib import crc32

CLIENT_KEYS = UUID("0d9f4e7a-5c1b-5e0e-9a53-7b0c2f6d1e84")


def saga_id(shards: int, client_key: str | None = None) -> str:
    """The id of a saga to be started; the same client key gives the same id. The shard is the CRC-32 of the key."""
    unique = uuid4() if client_key is None else uuid5(CLIENT_KEYS, client_key)
    shard = crc32((client_key or unique.hex).encode()) % shards
    return f"{shard}.{unique.hex}"


def shard_of(saga_id: str) -> int:
    """The shard that the id carries. Raises `ValueError` where it carries none."""
    shard, dot, unique = saga_id.partition(".")
    if not (dot and unique and shard.isascii() and shard.isdigit()):
        raise ValueError(f"{saga_id!r} is not the id of a saga")
    return int(shard)


def key_of(saga_id: str, step: str, phase: str) -> str:
    """The idempotency key of a command, the same for every attempt."""
    return f"{saga_id}:{step}:{phase}"
