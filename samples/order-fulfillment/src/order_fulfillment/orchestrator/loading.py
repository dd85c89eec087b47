"""Sagas as they lie in the store, brought back to life: the kept state, and the events after it."""

import json
import logging
from collections.abc import Iterable, Mapping

from ..event_store.store import StoredSaga
from . import snapshot
from .events import decode
from .fsm import evolve, initial
from .rules import Rules
from .shard import Live

log = logging.getLogger(__name__)


def restore(rules: Rules, stored: StoredSaga) -> Live:
    """The saga as it stands. Raises whatever an unreadable event or an unknown version raises."""
    row = stored.row
    definition = rules.version(row.def_version)
    state = initial(definition, row.id) if row.state is None else snapshot.from_json(json.loads(row.state))
    for event in stored.events:
        state = evolve(definition, state, decode(event.type, event.v, json.loads(event.data)))
    return Live(state, row)


def restore_all(rules: Rules, stored: Iterable[StoredSaga]) -> Mapping[str, Live | str]:
    """The sagas by id; for one that cannot be read, what is wrong with it."""
    restored: dict[str, Live | str] = {}
    for saga in stored:
        try:
            restored[saga.row.id] = restore(rules, saga)
        except Exception as problem:
            log.exception("saga %s cannot be read and is left alone", saga.row.id)
            restored[saga.row.id] = f"{type(problem).__name__}: {problem}"
    return restored
