"""The append as one PostgreSQL statement for all shards of a batch: fence, sequencer, outbox and inbox at once.

A shard that was lost gives no row in `fence`, so nothing of its batch is written, and the others stand.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from .store import Batch, DeadLetter

FENCE = "shard int, epoch bigint, head bigint, events bigint, lease_until float8, published bigint, in_offsets json"
EVENT = "shard int, pos bigint, saga_id text, seq int, type text, v int, data json, out json, at float8"
SAGA = (
    "id text, type text, def_version int, shard int, seq int, status text, label text, business_key text, "
    "client_key text, wake_at float8, state json, state_seq int, started_at float8, closed_at float8"
)
LETTER = (
    "shard int, saga_id text, topic text, part int, off bigint, key text, headers json, body bytea, "
    "error text, at float8"
)
ACTION = "shard int, saga_id text, verb text, step text, by text, why text, outcome text, at float8"
DONE = "shard int, id bigint, outcome text, at float8"

Row = Sequence[Any]


def statement(batches: Sequence[Batch]) -> str:
    """The statement for these batches; two texts in all, so that the server keeps both prepared."""
    return USUAL if _is_plain(batches) else FULL


def arguments(batches: Sequence[Batch]) -> list[list[Any]]:
    """The arrays that `statement` unnests."""
    arrays = [
        *_turned(FENCE, [_fence(one) for one in batches]),
        *_turned(
            EVENT, [(one.shard, pos, *new) for one in batches for pos, new in enumerate(one.events, one.head + 1)]
        ),
        *_turned(SAGA, [row for one in batches for row in one.sagas]),
    ]
    if not _is_plain(batches):
        arrays += _turned(LETTER, [_letter(one, letter) for one in batches for letter in one.dead_letters])
        arrays += _turned(ACTION, [(one.shard, *action) for one in batches for action in one.actions])
        arrays += _turned(DONE, [(one.shard, *row) for one in batches for row in one.done])
    return arrays


def _is_plain(batches: Iterable[Batch]) -> bool:
    """Whether there are only events and sagas in them, as in nearly all."""
    return not any(batch.dead_letters or batch.actions or batch.done for batch in batches)


def _fence(batch: Batch) -> Row:
    offsets = json.dumps(batch.in_offsets)
    return (batch.shard, batch.epoch, batch.head, len(batch.events), batch.lease_until, batch.published, offsets)


def _letter(batch: Batch, letter: DeadLetter) -> Row:
    record = letter.record
    place = (record.topic, record.partition, record.offset, record.key)
    headers = json.dumps(dict(record.headers))
    return (batch.shard, letter.saga_id, *place, headers, record.value, letter.error, letter.at)


def _turned(columns: str, rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as a list for each column."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in _kinds(columns)]


def _kinds(columns: str) -> dict[str, str]:
    return {name: kind for name, _, kind in (column.strip().partition(" ") for column in columns.split(","))}


def _statement(full: bool) -> str:
    numbers = count(1)

    def rows(columns: str) -> str:
        """Arrays as rows. JSON travels as text."""
        kinds = [kind.replace("json", "text") for kind in _kinds(columns).values()]
        names = ", ".join(f'"{name}"' for name in _kinds(columns))
        return f"unnest({', '.join(f'${next(numbers)}::{kind}[]' for kind in kinds)}) AS new ({names})"

    parts = [
        f"""fence AS (
            UPDATE shard SET head = shard.head + new.events, lease_until = new.lease_until,
                published = new.published, in_offsets = new.in_offsets::json
            FROM {rows(FENCE)}
            WHERE shard.id = new.shard AND shard.epoch = new.epoch AND shard.head = new.head
            RETURNING shard.id AS shard, shard.head, shard.epoch
        )""",
        f"events AS ({_insert('event', EVENT, rows(EVENT), 'fence.epoch')})",
        f"""sagas AS ({_insert("saga", SAGA, rows(SAGA))}
            ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, status = excluded.status, label = excluded.label,
                wake_at = excluded.wake_at, state = coalesce(excluded.state, saga.state),
                state_seq = excluded.state_seq, closed_at = excluded.closed_at
        )""",
    ]
    if full:
        parts += [
            f"letters AS ({_insert('dead_letter', LETTER, rows(LETTER))})",
            f"actions AS ({_insert('operator_action', ACTION.partition(',')[2], rows(ACTION))})",
            f"""answered AS (
                UPDATE inbox SET outcome = new.outcome, done_at = new.at
                FROM {rows(DONE)} JOIN fence ON fence.shard = new.shard
                WHERE inbox.id = new.id AND inbox.done_at IS NULL
            )""",
        ]
    return f"WITH {', '.join(parts)} SELECT shard, head FROM fence"


def _insert(table: str, columns: str, rows: str, *from_fence: str) -> str:
    kinds = _kinds(columns)
    values = [f'new."{name}"::{kind}' for name, kind in kinds.items()] + list(from_fence)
    names = [f'"{name}"' for name in kinds] + [value.partition(".")[2] for value in from_fence]
    return (
        f"INSERT INTO {table} ({', '.join(names)}) "
        f"SELECT {', '.join(values)} FROM {rows} JOIN fence ON fence.shard = new.shard"
    )


USUAL, FULL = _statement(full=False), _statement(full=True)
