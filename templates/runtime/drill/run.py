"""A drill from beginning to end: fresh data, processes, sagas, faults by the seed, and the account of it all."""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..adapters import open_store
from ..application import Application
from ..children import environment
from ..event_store.store import SagaRow, Store, StoreUnavailable
from ..fresh import fresh
from ..orchestrator import inbox
from ..orchestrator.ids import saga_id as new_saga_id
from ..settings import Settings
from . import ledger
from .checks import Found, violations
from .faults import Fault, Toll, schedule
from .parts import Parts
from .progress import Bar
from .rehearsal import rehearsed

LEASE = 3.0
PAUSE = 1.5 * LEASE
AT_ONCE = 200
LOOK = 0.1
PATIENCE = 120.0
OUTSIDE = "outside.db"


@dataclass
class Account:
    """What happened: how sagas ended, which faults there were, and for each check what is wrong."""

    sagas: int
    took: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.wrong.values())

    def lines(self) -> list[str]:
        """The account in words."""
        ends = ", ".join(f"{count:,} {label}" for label, count in sorted(self.ends.items())) or "none ended"
        width = max(len(name) for name in self.wrong)
        suffered = Counter((fault.part, fault.kind.value) for fault in self.faults)
        return [
            f"{self.sagas:,} sagas in {self.took:.0f} s: {ends}",
            "",
            "faults",
            *(f"  {part:<{width}}  {count:>4} {what}" for (part, what), count in sorted(suffered.items())),
            "",
            f"{'invariants':<{width + 2}}  violations",
            *(f"  {name:<{width}}  {len(said):>10,}" for name, said in self.wrong.items()),
            *(f"\n{name}: {one}" for name, said in self.wrong.items() for one in said[:3]),
        ]


async def drill(
    application: Application, sagas: int, seed: int, toll: Toll, parts_in: Callable[..., Parts] = Parts
) -> bool:
    """Run a drill and print its account; whether nothing is wrong. Logs stay where something is. Raises Refused.

    `parts_in` is how its processes are begun.
    """
    folder = Path(tempfile.mkdtemp(prefix="saga-drill-"))
    outside = ledger.Outside(folder / OUTSIDE)
    ours = rehearsed(application, seed, outside)
    account = Account(sagas)
    try:
        async with fresh(ours) as (settings, urls):
            ours_only = _impatient(settings)
            parts = parts_in(folder, seed, environment(ours_only, urls))
            async with _store(ours_only) as store:
                await store.create_shards(ours.definitions[-1].shards)
                names = _names(ours, settings)
                faults = schedule(seed, sagas, names, toll)
                load = Load(ours, store, sagas, seed)
                await _run(load, parts, names, faults, account)
                effects = [*await ledger.read(ours.participants, urls), *outside.read()]
                await _check(ours, store, load, effects, account)
        print("\n".join(account.lines()))
        return account.passed
    finally:
        if account.wrong and account.passed:
            shutil.rmtree(folder)
        else:
            print(f"\nlogs: {folder}")


def _names(application: Application, settings: Settings) -> list[str]:
    """Processes of their own need a broker between them; orchestrators that take over need PostgreSQL."""
    if not settings.kafka_bootstrap_servers:
        return ["up"]
    orchestrators = (
        ["orchestrator 1"] if settings.database_url.startswith("sqlite") else ["orchestrator 1", "orchestrator 2"]
    )
    return [*orchestrators, *(f"participant {one.context}" for one in application.participants)]


def _impatient(settings: Settings) -> Settings:
    """Neither an orchestrator nor a consumer that was killed is missed for longer than need be."""
    options = {"session.timeout.ms": 6_000, **settings.kafka_options}
    return settings.model_copy(update={"lease_seconds": LEASE, "kafka_options": options})


async def _run(load: "Load", parts: Parts, names: Sequence[str], faults: Sequence[Fault], account: Account) -> None:
    """Sagas under faults until all have ended, or until none does for a while."""
    began = time.monotonic()
    disorder: list[str] = []
    try:
        for name in names:
            parts.start(name)
        await _under_faults(load, parts, faults, account, disorder)
        disorder += [f"{name} did not end in good order" for name in await parts.stop()]
    finally:
        parts.kill()
    account.took = time.monotonic() - began
    account.wrong["no part failed by itself"] = disorder


async def _under_faults(
    load: "Load", parts: Parts, faults: Sequence[Fault], account: Account, disorder: list[str]
) -> None:
    left, bar = list(faults), Bar(account.sagas)
    fault: asyncio.Task[None] | None = None
    while (len(load.ended) < account.sagas or left or fault) and load.moves():
        await load.go_on()
        bar.show(len(load.ended), len(account.faults), len(faults))
        if fault is not None and fault.done():
            fault.result()
            fault = None
        if fault is None:
            for name in parts.failed():
                disorder.append(f"{name} ended by itself")
                parts.start(name)
            if left and left[0].after <= len(load.ended):
                one = left.pop(0)
                account.faults.append(one)
                fault = asyncio.create_task(parts.suffer(one.part, one.kind, PAUSE))
        await asyncio.sleep(LOOK)
    bar.clear()


class Load:
    """Sagas with names that follow from the seed, so many at once."""

    def __init__(self, application: Application, store: Store, sagas: int, seed: int) -> None:
        shards = application.definitions[-1].shards
        self._store = store
        self._values = application.example.model_dump(mode="json")
        self._left = [new_saga_id(shards, f"drill {seed} {number}") for number in range(sagas)][::-1]
        self._open: set[str] = set()
        self._moved = time.monotonic()
        self.ended: dict[str, SagaRow] = {}

    async def go_on(self) -> None:
        """Start what there is room for, and see what has ended."""
        try:
            while self._left and len(self._open) < AT_ONCE:
                await inbox.submit(self._store, self._left[-1], "start", self._values, None, "drill")
                self._open.add(self._left.pop())
            rows = [saga.row for saga in (await self._store.sagas(self._open)).values()]
        except StoreUnavailable:
            return
        ended = {row.id: row for row in rows if row.closed_at is not None}
        self._open -= ended.keys()
        self.ended |= ended
        if ended:
            self._moved = time.monotonic()

    def moves(self) -> bool:
        """Whether something has ended within reasonable time."""
        return time.monotonic() < self._moved + PATIENCE

    def names(self) -> list[str]:
        """Those that were started."""
        return [*self.ended, *self._open]


async def _check(
    application: Application, store: Store, load: Load, effects: Sequence[ledger.Effect], account: Account
) -> None:
    by_saga: dict[str, list[ledger.Effect]] = {}
    for effect in sorted(effects, key=lambda effect: effect.at):
        by_saga.setdefault(effect.saga_id, []).append(effect)
    definition = application.definitions[-1]
    rows = await store.sagas(load.names())
    sagas = {
        saga_id: Found(
            definition,
            rows[saga_id].row if saga_id in rows else None,
            await store.history(saga_id),
            by_saga.get(saga_id, []),
        )
        for saga_id in load.names()
    }
    account.ends = Counter(saga.row.label for saga in rows.values() if saga.row.closed_at is not None)
    letters = await store.letters(10)
    account.wrong |= violations(sagas)
    account.wrong["no message became a dead letter"] = [f"{letter.saga_id}: {letter.error}" for letter in letters]


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    store = await open_store(settings)
    try:
        yield store
    finally:
        await store.close()
