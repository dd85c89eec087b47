"""Outages, killed orchestrators, commits of unknown outcome and sagas that cannot go on, on real loops."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from shard.site import LEASE, TIMEOUT, Site

from runtime.event_store.store import Batch, Outcome, OutcomeUnknown, Rejected
from runtime.messaging.broker import TopicPartition
from runtime.messaging.message import Command, Event
from runtime.orchestrator import fsm, takeover, turn
from runtime.orchestrator.front import Front
from runtime.orchestrator.node import Node
from runtime.orchestrator.states import Retry
from runtime.participant.transaction import Transaction

SAGAS = 12
LAPSED = LEASE.seconds + 0.05
OUTAGE = 2.5 * TIMEOUT.total_seconds()


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 300))


async def outage(site: Site, monkeypatch: pytest.MonkeyPatch) -> tuple[Counter[str], Counter[str]]:
    """Everybody has paid, then the orchestrator is away past every timeout; what it says afterwards."""
    paid, answer = asyncio.Semaphore(0), asyncio.Event()

    async def pay(command: Command, tx: Transaction) -> Event:
        paid.release()
        await answer.wait()
        return await usual(command, tx)

    usual, site.behave["ProcessPayment"] = _usual, pay
    async with site.participants():
        async with site.running(await site.orchestrator()) as front:
            ids = await site.start(front, SAGAS)
            for _ in ids:
                await paid.acquire()
        answer.set()
        await asyncio.sleep(LAPSED)
        _let_time_pass(site, monkeypatch)
        async with site.running(await site.orchestrator("second", batch=1)) as front:
            ends = await site.ends(front, ids)
    return ends, await site.events(ids)


def _let_time_pass(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to wait for it: orchestrators go by what their store says."""
    now = site.store.now

    async def later() -> float:
        return await now() + OUTAGE

    monkeypatch.setattr(site.store, "now", later)


async def _usual(command: Command, tx: Transaction) -> Event:
    from shard.site import USUAL

    return USUAL[command.stored_name]


def test_a_long_outage_uses_up_no_attempt_and_refunds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        ends, events = await outage(Site(tmp_path), monkeypatch)

        assert ends == Counter(COMPLETED=SAGAS)
        assert not {"StepTimedOut", "StepRetried", "UndoStarted"} & set(events)

    run(story)


def test_inputs_that_expired_while_nobody_ran_are_skipped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        topics = site.rules.current.topics
        places = [TopicPartition(topic, n) for topic in (topics.starts, topics.replies) for n in range(16)]
        async with site.participants():
            for _ in range(2):
                async with site.running(await site.orchestrator()) as front:
                    assert await site.ends(front, await site.start(front, SAGAS)) == Counter(COMPLETED=SAGAS)
                for log in map(site.broker.log, places):
                    log.first, log.records = log.end + 50, []
            async with site.running(await site.orchestrator()) as front:
                assert await site.ends(front, await site.start(front, SAGAS)) == Counter(COMPLETED=SAGAS)

    run(story)
    assert "32 partitions lack inputs, so commands that wait for an answer are sent again" in caplog.text


def test_timers_before_the_backlog_would_be_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thirteenth twin: an orchestrator that looks at its timers before it reads what had arrived."""

    async def nothing(node: Node) -> None:
        return None

    monkeypatch.setattr(takeover, "_read_backlog", nothing)
    monkeypatch.setattr(Node, "give_time", lambda node, shard: None)

    async def story() -> None:
        _, events = await outage(Site(tmp_path), monkeypatch)

        assert "StepTimedOut" in events

    run(story)


def test_an_orchestrator_that_is_killed_at_any_time_loses_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        site, ids = Site(tmp_path), list[str]()
        async with site.participants():
            for number in range(6):
                async with site.running(await site.orchestrator(f"owner-{number}")) as front:
                    ids += await site.start(front, 5)
                    await asyncio.sleep(0.01 * number)
                await asyncio.sleep(LAPSED)
            async with site.running(await site.orchestrator("last")) as front:
                assert await site.ends(front, ids) == Counter(COMPLETED=len(ids))

        assert {count for (_, what), count in site.done.items() if what != "ProcessPayment"} == {1}
        for one in ids:
            assert [event.seq for event in await site.store.history(one)] == list(
                range(1, len(await site.store.history(one)) + 1)
            )

    run(story)


async def stuck(front: Front, saga_id: str) -> None:
    """Returns once the saga waits for a person."""
    while (await front.saga(saga_id)).status != "STUCK":
        await asyncio.sleep(0.02)


class Unsure:
    """A store whose commits now and then end in an error, before or after they are done."""

    def __init__(self, site: Site) -> None:
        self._store = site.store
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, batches: Sequence[Batch]) -> Sequence[Outcome]:
        """Done and not said, or not done at all."""
        self.calls += 1
        if self.calls % 4 == 1:
            raise OutcomeUnknown("cut before the commit")
        outcomes = await self._store.append(batches)
        if self.calls % 4 == 3:
            raise OutcomeUnknown("cut after the commit")
        return outcomes


def test_a_commit_of_unknown_outcome_is_looked_up_and_nothing_is_done_twice(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        unsure: Any = Unsure(site)
        async with site.participants(), site.running(await site.orchestrator("first", unsure)) as front:
            asked = await asyncio.gather(
                *(front.start(site.application.example, f"key-{n}") for n in range(SAGAS)), return_exceptions=True
            )
            told = [one for one in asked if not isinstance(one, BaseException)]
            again = await _insist(front, site, SAGAS)
            assert {one.saga_id for one in told} <= set(again)
            assert await site.ends(front, again) == Counter(COMPLETED=SAGAS)
            assert unsure.calls > 4

        assert {count for (_, what), count in site.done.items() if what != "ProcessPayment"} == {1}

    run(story)


async def _insist(front: Any, site: Site, count: int) -> list[str]:
    """Ask under the same keys until all are recorded."""
    ids: dict[int, str] = {}
    while len(ids) < count:
        for number in range(count):
            try:
                ids[number] = (await front.start(site.application.example, f"key-{number}")).saga_id
            except Exception:
                await asyncio.sleep(0.01)
    return list(ids.values())


def test_a_saga_that_cannot_go_on_is_set_aside_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        site = Site(tmp_path)
        async with site.running(await site.orchestrator()) as front:
            poisoned, *healthy = await site.start(front, SAGAS)
            right = fsm.decide

            def decide(*args: Any) -> Any:
                if args[2] is not None and args[2].id == poisoned and not isinstance(args[3], Retry):
                    raise ZeroDivisionError("a bug in the kernel")
                return right(*args)

            monkeypatch.setattr(turn, "decide", decide)
            async with site.participants():
                assert await site.ends(front, healthy) == Counter(COMPLETED=SAGAS - 1)
                await stuck(front, poisoned)
                assert (await front.health()).dead_letters > 0

                monkeypatch.setattr(turn, "decide", right)
                await front.ask(poisoned, "retry", {"by": "ada", "reason": "fixed", "step": "reserve-inventory"})
                assert await site.ends(front, [poisoned]) == Counter(COMPLETED=1)

    run(story)


def test_an_input_that_the_store_refuses_is_set_aside_and_its_batch_goes_on_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        site, gate, poison = Site(tmp_path), asyncio.Event(), set[str]()

        async def together(command: Command, tx: Transaction) -> Event:
            await gate.wait()
            return await _usual(command, tx)

        site.behave["ProcessPayment"] = together
        append = site.store.append

        async def picky(batches: Sequence[Batch]) -> Sequence[Outcome]:
            """Refuses whatever tells that a step of the poisoned saga has succeeded."""
            refused = [any(one.saga_id in poison and one.type == "StepSucceeded" for one in b.events) for b in batches]
            taken = iter(await append([batch for batch, bad in zip(batches, refused, strict=True) if not bad]))
            return [Rejected("no such encoding") if bad else next(taken) for bad in refused]

        monkeypatch.setattr(site.store, "append", picky)
        async with site.participants(), site.running(await site.orchestrator()) as front:
            ids = await site.start(front, 40)
            while len([one for one, what in site.done if what == "ProcessPayment"]) < len(ids):
                await asyncio.sleep(0.01)
            poison.add(ids[0])
            gate.set()

            assert await site.ends(front, ids[1:]) == Counter(COMPLETED=39)
            await stuck(front, ids[0])

        letters = [letter for letter in await site.store.letters(50) if letter.saga_id == ids[0]]
        assert letters
        assert {letter.error for letter in letters} == {"no such encoding"}
        assert await site.store.letters(50) == letters
        assert {count for (_, what), count in site.done.items() if what != "ProcessPayment"} == {1}

    run(story)
