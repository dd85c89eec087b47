"""The append as one PostgreSQL statement for all shards of a batch: fence, sequencer, outbox and inbox at once.

A shard that was lost gives no row in `fence`, so nothing of its batch is inserted, and the others stand.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from .store import Batch, SagaRow

FENCE = (("shard", "int"), ("epoch", "bigint"), ("head", "bigint"), ("events", "bigint"), ("lease_until", "float8"))
FENCE += (("published", "bigint"), ("in_offsets", "text"))
EVENT = (("shard", "int"), ("pos", "bigint"), ("saga_id", "text"), ("seq", "int"), ("type", "text"), ("v", "int"))
EVENT += (("data", "text"), ("out", "text"), ("at", "float8"))
KINDS = {
    "def_version": "int",
    "shard": "int",
    "seq": "int",
    "state_seq": "int",
    "wake_at": "float8",
    "started_at": "float8",
    "closed_at": "float8",
}
SAGA = tuple((name, KINDS.get(name, "text")) for name in SagaRow._fields)
LETTER = (("shard", "int"), ("saga_id", "text"), ("topic", "text"), ("part", "int"), ("off", "bigint"), ("key", "text"))
LETTER += (("headers", "text"), ("body", "bytea"), ("error", "text"), ("at", "float8"))
ACTION = (("shard", "int"), ("saga_id", "text"), ("verb", "text"), ("step", "text"), ("by", "text"), ("why", "text"))
ACTION += (("outcome", "text"), ("at", "float8"))
DONE = (("shard", "int"), ("id", "bigint"), ("outcome", "text"), ("at", "float8"))

Columns = tuple[tuple[str, str], ...]
Row = Sequence[Any]


def arguments(batches: Sequence[Batch]) -> list[list[Any]]:
    """The arrays that `statement` unnests."""
    everything = _usual(batches)
    if is_plain(batches):
        return everything
    letters = [_letter(batch, letter) for batch in batches for letter in batch.dead_letters]
    actions = [(batch.shard, *action) for batch in batches for action in batch.actions]
    done = [(batch.shard, *row) for batch in batches for row in batch.done]
    return [*everything, *_turned(LETTER, letters), *_turned(ACTION, actions), *_turned(DONE, done)]


def is_plain(batches: Iterable[Batch]) -> bool:
    """Whether there are only events and sagas in them, as in nearly all."""
    return not any(batch.dead_letters or batch.actions or batch.done for batch in batches)


def _usual(batches: Sequence[Batch]) -> list[list[Any]]:
    fences = [
        (one.shard, one.epoch, one.head, len(one.events), one.lease_until, one.published, json.dumps(one.in_offsets))
        for one in batches
    ]
    events = [(batch.shard, pos, *new) for batch in batches for pos, new in enumerate(batch.events, batch.head + 1)]
    sagas = [row for batch in batches for row in batch.sagas]
    return [*_turned(FENCE, fences), *_turned(EVENT, events), *_turned(SAGA, sagas)]


def _letter(batch: Batch, letter: Any) -> Row:
    record = letter.record
    place = (record.topic, record.partition, record.offset, record.key)
    headers = json.dumps(dict(record.headers))
    return (batch.shard, letter.saga_id, *place, headers, record.value, letter.error, letter.at)


def _turned(columns: Columns, rows: Sequence[Row]) -> list[list[Any]]:
    """A list for each column."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in columns]


class _Numbering:
    """Numbers the parameters of a statement."""

    def __init__(self) -> None:
        self._last = 0

    def unnest(self, columns: Columns) -> str:
        """The arrays as rows named `new`."""
        kinds = []
        for _, kind in columns:
            self._last += 1
            kinds.append(f"${self._last}::{kind}[]")
        return f"unnest({', '.join(kinds)}) AS new ({', '.join(_quoted(name) for name, _ in columns)})"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _insert(table: str, columns: Columns, source: str, json_columns: Sequence[str], epoch: bool = False) -> str:
    names = [name for name, _ in columns if not (table == "operator_action" and name == "shard")]
    values = [f'new."{name}"{"::json" if name in json_columns else ""}' for name in names]
    into = [_quoted(name) for name in names] + (["epoch"] if epoch else [])
    taken = values + (["fence.epoch"] if epoch else [])
    return (
        f"INSERT INTO {table} ({', '.join(into)}) "
        f"SELECT {', '.join(taken)} FROM {source} JOIN fence ON fence.shard = new.shard"
    )


def _statement(plain: bool) -> str:
    number = _Numbering()
    parts = [
        f"""fence AS (
            UPDATE shard SET head = shard.head + new.events, lease_until = new.lease_until,
                published = new.published, in_offsets = new.in_offsets::json
            FROM {number.unnest(FENCE)}
            WHERE shard.id = new.shard AND shard.epoch = new.epoch AND shard.head = new.head
            RETURNING shard.id AS shard, shard.head, shard.epoch
        )""",
        f"events AS ({_insert('event', EVENT, number.unnest(EVENT), ('data', 'out'), epoch=True)})",
        f"""sagas AS ({_insert("saga", SAGA, number.unnest(SAGA), ("state",))}
            ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, status = excluded.status, label = excluded.label,
                wake_at = excluded.wake_at, state = coalesce(excluded.state, saga.state),
                state_seq = excluded.state_seq, closed_at = excluded.closed_at
        )""",
    ]
    if not plain:
        parts += [
            f"letters AS ({_insert('dead_letter', LETTER, number.unnest(LETTER), ('headers',))})",
            f"actions AS ({_insert('operator_action', ACTION, number.unnest(ACTION), ())})",
            f"""answered AS (
                UPDATE inbox SET outcome = new.outcome, done_at = new.at
                FROM {number.unnest(DONE)} JOIN fence ON fence.shard = new.shard
                WHERE inbox.id = new.id AND inbox.done_at IS NULL
            )""",
        ]
    return f"WITH {', '.join(parts)} SELECT shard, head FROM fence"


USUAL, FULL = _statement(plain=True), _statement(plain=False)


def statement(batches: Sequence[Batch]) -> str:
    """The statement for these batches; two texts in all, so that the server has both prepared."""
    return USUAL if is_plain(batches) else FULL
