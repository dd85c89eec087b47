"""What a participant keeps: barrier rows until their saga is forgotten, letters until they are dealt with."""

from participant.conftest import Tell
from participant.counter import SAGA_ID, Counter

from runtime.messaging.broker import Record
from runtime.participant.barrier import BarrierKey, Letter

LETTER = Letter(Record("inventory", 2, 5, "0.counter", b"\x00\xff", {"type": "?"}), SAGA_ID, "not JSON")


def test_rows_of_a_forgotten_saga_are_gone_and_others_stay(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask("reserve-inventory", "do")
        key = BarrierKey(SAGA_ID, "reserve-inventory")

        async with counter.barrier.transaction() as work:
            await work.forget(["0.another"])
        async with counter.barrier.transaction() as work:
            assert (await work.rows([key])).keys() == {key}
        async with counter.barrier.transaction() as work:
            await work.forget([SAGA_ID])
        async with counter.barrier.transaction() as work:
            assert await work.rows([key]) == {}

    tell(story)


def test_a_letter_is_listed_with_its_bytes_until_it_is_dealt_with(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        async with counter.barrier.transaction() as work:
            await work.bury([LETTER, LETTER])
        async with counter.barrier.transaction() as work:
            first, second = await work.letters(10)
            assert (first.record, first.saga_id, first.error) == LETTER
            await work.resolve([first.id])
        async with counter.barrier.transaction() as work:
            assert await work.letters(10) == [second]
            assert await work.letters(0) == []

    tell(story)


def test_forgetting_is_undone_with_its_transaction(tell: Tell) -> None:
    async def story(counter: Counter) -> None:
        await counter.ask("reserve-inventory", "do")
        try:
            async with counter.barrier.transaction() as work:
                await work.forget([SAGA_ID])
                raise KeyError
        except KeyError:
            pass
        async with counter.barrier.transaction() as work:
            assert await work.rows([BarrierKey(SAGA_ID, "reserve-inventory")])

    tell(story)
