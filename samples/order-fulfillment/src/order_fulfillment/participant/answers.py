"""The records that a participant sends: answers to the orchestrator, and domain events for everybody."""

from dataclasses import dataclass

from ..jsons import to_text
from ..messaging.broker import Outbound
from ..messaging.envelope import AnswerEnvelope, AnswerOutcome, cloud_event
from .assignment import Job
from .barrier import BarrierRow
from .matrix import Reply

WITHDRAWN = "withdrawn before it was carried out"


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The command could not be carried out now. `after` is seconds."""

    reason: str
    after: float | None = None


def reply(job: Job, row: BarrierRow, move: Reply) -> list[Outbound]:
    """What the row says, as an answer; with the domain event where a handler has acted."""
    kind, body, phase = (row.result_type, row.result, "do")
    if move.outcome == "undone":
        kind, body, phase = (row.undone_type, row.undone, "undo")
    if kind is None or body is None or not move.stored:
        return [_without_event(job, move.outcome)]
    answer = _answer(job, move.outcome, kind, body)
    topic = job.assignment.topics.get(kind)
    return [answer] if topic is None else [answer, _announcement(job, topic, kind, body, phase, row.at)]


def try_again(job: Job, retry: TryAgain) -> Outbound:
    """The answer that asks for another attempt."""
    return _answer(job, "retry", "", to_text({"reason": retry.reason}), retry.after)


def _without_event(job: Job, outcome: AnswerOutcome) -> Outbound:
    body = {"reason": WITHDRAWN} if outcome == "refused" else {}
    return _answer(job, outcome, "", to_text(body))


def _answer(job: Job, outcome: AnswerOutcome, kind: str, body: str, retry_after: float | None = None) -> Outbound:
    asked = job.envelope
    around = AnswerEnvelope(
        outcome, kind, asked.saga_id, asked.step, asked.phase, asked.attempt, asked.key, retry_after, asked.traceparent
    )
    return Outbound(asked.reply_topic, asked.saga_id, body.encode(), around.headers(), asked.reply_partition)


def _announcement(job: Job, topic: str, kind: str, body: str, phase: str, at: float) -> Outbound:
    asked = job.envelope
    event_id = f"{asked.saga_id}:{asked.step}:{phase}"
    headers = cloud_event(kind, f"{asked.saga}/{asked.step}", event_id, asked.subject, at)
    return Outbound(topic, asked.subject, body.encode(), headers)
