"""Verbs on sagas that are really stuck: through the front, with the participants at work."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from example.app import application as example
from example.messages import ShipmentNotArranged
from shard.site import Site

from runtime.errors import Refused
from runtime.messaging.message import Command, Event
from runtime.orchestrator.front import Front, NotThere
from runtime.participant.transaction import Transaction

WHO = {"by": "ada", "reason": "the provider called"}


async def broken(command: Command, tx: Transaction) -> Event:
    raise ConnectionError("the provider is closed")


async def slow(command: Command, tx: Transaction) -> Event:
    await asyncio.sleep(3600)
    raise AssertionError("it is stopped before")


async def refused(command: Command, tx: Transaction) -> Event:
    return ShipmentNotArranged(reason="no carrier")


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 300))


async def stuck(site: Site, front: Front) -> str:
    """The id of a saga whose step has used up its attempts."""
    [saga_id] = await site.start(front, 1)
    async with asyncio.timeout(120):
        while (await front.saga(saga_id)).status != "STUCK":
            await asyncio.sleep(0.02)
    return saga_id


def audit(folder: Path) -> list[tuple[str, str, str, str]]:
    with sqlite3.connect(folder / "store.db") as connection:
        return list(connection.execute('SELECT verb, step, "by", outcome FROM operator_action ORDER BY id'))


def test_a_step_that_must_succeed_is_retried_when_the_provider_is_back(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"SendConfirmation": broken})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)
            site.behave.clear()

            await front.ask(saga_id, "retry", {**WHO, "step": "send-confirmation"})

            assert await site.ends(front, [saga_id]) == {"COMPLETED": 1}

    run(story)
    assert audit(tmp_path) == [("retry", "send-confirmation", "ada", "accepted")]


def test_a_step_that_never_succeeds_is_skipped_and_never_done_later(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"SendConfirmation": broken})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)

            await front.ask(saga_id, "skip", {**WHO, "step": "send-confirmation"})

            assert await site.ends(front, [saga_id]) == {"COMPLETED": 1}
            calls = site.done[saga_id, "SendConfirmation"]
            assert site.done[saga_id, "SendConfirmation"] == calls

    run(story)


def test_a_refund_that_was_made_by_hand_is_stated(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"RefundPayment": broken, "ArrangeShipment": refused})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)

            await front.ask(saga_id, "skip", {**WHO, "step": "process-payment", "found": "ok"})

            assert await site.ends(front, [saga_id]) == {"COMPENSATED": 1}
            assert site.done[saga_id, "ReleaseInventory"] == 1

    run(story)


def test_what_is_being_undone_needs_no_result_and_is_skipped_only_once(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"RefundPayment": broken, "ArrangeShipment": refused})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)
            with pytest.raises(Refused, match="process-payment is being undone, so no result stands in for it"):
                await front.ask(saga_id, "skip", {**WHO, "step": "process-payment", "result": {"payment_id": "p"}})

            first = await front.ask(saga_id, "skip", {**WHO, "step": "process-payment"})
            again = await front.ask(saga_id, "skip", {**WHO, "step": "process-payment"})

            assert (first.new, again.new) == (True, False)

    run(story)


def test_a_step_that_is_never_refused_is_not_stated_to_be(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"SendConfirmation": broken})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)
            with pytest.raises(Refused, match="send-confirmation is never refused"):
                await front.ask(saga_id, "skip", {**WHO, "step": "send-confirmation", "found": "refused"})

    run(story)


def test_a_saga_past_its_point_of_no_return_is_undone_by_force(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"SendConfirmation": broken})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)
            with pytest.raises(Refused, match="past its point of no return"):
                await front.ask(saga_id, "cancel", WHO)

            await front.ask(saga_id, "force-undo", WHO)

            assert await site.ends(front, [saga_id]) == {"COMPENSATED": 1}
            assert site.done[saga_id, "RefundPayment"] == site.done[saga_id, "ReleaseInventory"] == 1

    run(story)
    assert [(verb, outcome) for verb, _, _, outcome in audit(tmp_path)] == [
        ("cancel", "refused: it is past its point of no return"),
        ("force-undo", "accepted"),
    ]


def test_an_abandoned_saga_leaves_what_was_done(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, behave={"SendConfirmation": broken})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            saga_id = await stuck(site, front)

            await front.ask(saga_id, "abandon", WHO)

            assert await site.ends(front, [saga_id]) == {"ABANDONED": 1}
            assert site.done[saga_id, "RefundPayment"] == 0

    run(story)


def test_what_does_not_fit_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    async def story() -> None:
        site = Site(tmp_path, saga=example.saga, behave={"ReserveInventory": slow})
        async with site.participants(), site.running(await site.orchestrator()) as front:
            [saga_id] = await site.start(front, 1)
            before = (await front.saga(saga_id)).started_at
            for verb, said, why in (
                ("retry", {"step": "nothing"}, "it has no step nothing"),
                ("retry", {"step": "arrange-shipment"}, "is not under way: it is idle"),
                (
                    "skip",
                    {"step": "reserve-inventory"},
                    "InventoryReserved: reservation_id: field required",
                ),
                (
                    "skip",
                    {"step": "reserve-inventory", "result": {"reservation_id": "r", "colour": "red"}},
                    "colour: extra inputs are not permitted",
                ),
                ("skip", {"step": "send-confirmation", "found": "refused"}, "is not under way: it is idle"),
                ("force-undo", {}, "so it can be cancelled"),
            ):
                with pytest.raises(Refused, match=why):
                    await front.ask(saga_id, verb, {**WHO, **said})
            with pytest.raises(NotThere):
                await front.ask("0.nobody", "abandon", WHO)
            assert (await front.saga(saga_id)).started_at == before

    run(story)
