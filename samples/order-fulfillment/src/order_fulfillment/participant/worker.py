"""The loop of a participant: take commands, carry them out, send the answers, then confirm that they were read."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from ..messaging.broker import Broker, BrokerUnavailable, Consumer, Outbound, Record, TopicPartition, UnknownTopic
from ..messaging.dead_letters import dead_letter
from ..messaging.envelope import Undecodable
from ..outage import Outage
from ..tasks import together
from .assignment import Decode, Job
from .barrier import Barrier, BarrierUnavailable, Letter
from .external import Answered, Lanes
from .local import carry_out

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """How much a worker takes at once, and how long it waits. Seconds."""

    batch: int = 500
    under_way: int = 2_000
    wait: float = 1.0
    pause: float = 0.5


class Confirmed:
    """How far each partition was dealt with without a gap, so that a crash repeats what was not."""

    def __init__(self) -> None:
        self._open: dict[TopicPartition, dict[int, bool]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._open.values()))

    def read(self, records: Sequence[Record]) -> None:
        """These are being dealt with."""
        for record in records:
            self._open.setdefault(record.place, {})[record.offset] = False

    def done(self, records: Sequence[Record]) -> dict[TopicPartition, int]:
        """These are dealt with; returns the offsets that may be committed now."""
        for record in records:
            self._open[record.place][record.offset] = True
        return {place: offset for place in {record.place for record in records} if (offset := self._settle(place))}

    def _settle(self, place: TopicPartition) -> int:
        offsets = self._open[place]
        gapless = 0
        for offset in list(offsets):
            if not offsets[offset]:
                break
            del offsets[offset]
            gapless = offset + 1
        return gapless


@dataclass(frozen=True)
class Worker:
    """A participant at work: where its commands come from, and how they are carried out."""

    name: str
    topics: Sequence[str]
    decode: Decode
    barrier: Barrier
    broker: Broker
    dead_letters: str
    pace: Pace = Pace()

    async def run(self) -> None:
        """Work until cancelled. After trouble, begin again at the last confirmed command."""
        outage = Outage("the database or the broker", f"commands for {self.name} stay where they are")
        while True:
            try:
                await self._shift(outage)
            except (BarrierUnavailable, BrokerUnavailable, UnknownTopic) as trouble:
                outage.away(trouble)
            except Exception:
                log.exception("%s begins again", self.name)
            await asyncio.sleep(self.pace.pause)

    async def _shift(self, outage: Outage) -> None:
        consumer = self.broker.group(self.name, self.topics)
        shift = Shift(self, consumer, outage)
        try:
            await together(shift.read(), shift.lanes.run())
        finally:
            await consumer.close()


class Shift:
    """From joining the group to leaving it."""

    def __init__(self, worker: Worker, consumer: Consumer, outage: Outage) -> None:
        self._worker = worker
        self._outage = outage
        self._consumer = consumer
        self._confirmed = Confirmed()
        self.lanes = Lanes(worker.barrier, self._finish)

    async def read(self) -> None:
        """Take commands as they come: local ones in batches, those that wait outside in lanes beside them."""
        pace = self._worker.pace
        while True:
            room = min(pace.batch, pace.under_way - len(self._confirmed))
            if room <= 0:
                await asyncio.sleep(pace.pause)
                continue
            records = await self._consumer.poll(room, pace.wait)
            if records:
                self._confirmed.read(records)
                await self._take(records)

    async def _take(self, records: Sequence[Record]) -> None:
        jobs, letters = self._understand(records)
        if letters:
            await self._bury(letters)
        self.lanes.put(job for job in jobs if job.assignment.external)
        local = [job for job in jobs if not job.assignment.external]
        if local:
            answers = await carry_out(self._worker.barrier, local)
            await self._send(answers, [job.record for job in local])

    def _understand(self, records: Sequence[Record]) -> tuple[list[Job], list[Letter]]:
        jobs, letters = [], []
        for record in records:
            try:
                jobs.append(self._worker.decode(record))
            except Undecodable as problem:
                log.error("%s[%d]@%d: %s", record.topic, record.partition, record.offset, problem)
                letters.append(Letter(record, record.headers.get("saga_id"), str(problem)))
        return jobs, letters

    async def _bury(self, letters: Sequence[Letter]) -> None:
        async with self._worker.barrier.transaction() as work:
            await work.bury(letters)
        topic = self._worker.dead_letters
        sent = [dead_letter(topic, letter.record, letter.error) for letter in letters]
        await self._send(sent, [letter.record for letter in letters])

    async def _finish(self, answered: Sequence[Answered]) -> None:
        if answered:
            records = [record for done in answered for record in done.records]
            await self._send(records, [done.job.record for done in answered])

    async def _send(self, answers: Sequence[Outbound], dealt_with: Sequence[Record]) -> None:
        await self._worker.broker.publish(answers)
        self._outage.back()
        await self._consumer.commit(self._confirmed.done(dealt_with))
