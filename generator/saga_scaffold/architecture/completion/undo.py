"""The undo of a step: as stated, else as the lexicon has it, else a cancellation; the last two are assumed."""

from typing import Any

from saga_scaffold.architecture.completion.messages import Messages, Written
from saga_scaffold.architecture.completion.phrases import Phrase, phrase
from saga_scaffold.architecture.completion.wire_names import spoken
from saga_scaffold.architecture.draft import MessageDraft, StepDraft
from saga_scaffold.language.verbs import only_reads, usual_undo

NOT_STATED = "not stated in the text"
READS_ONLY = "it changes nothing"
MUST_SUCCEED = "it comes after the point of no return"


def undo_of(draft: StepDraft, done: Phrase, kind: str, messages: Messages) -> tuple[Written | str, str | None, bool]:
    """The undo (or `none`), why there is none, and whether that is assumed."""
    stated = draft.undo
    if stated is not None and stated.none_because is not None and not stated.action and not stated.command:
        reason = " ".join(stated.none_because.split())
        return "none", reason or NOT_STATED, not reason
    if stated is not None and (stated.action or stated.command):
        named = stated.action or (stated.command.name if stated.command else None) or f"cancel {done.object}"
        back = phrase(spoken(named))
        written = _written(stated.command or MessageDraft(), stated.success or MessageDraft(), back, messages)
        return written | ({"state": stated.state} if stated.state else {}), None, False
    if kind != "compensatable":
        return "none", MUST_SUCCEED, True
    if only_reads(done.verb):
        return "none", READS_ONLY, True
    return _written(MessageDraft(), MessageDraft(), _usual(done), messages), None, True


def _usual(done: Phrase) -> Phrase:
    back = usual_undo(done.verb.lower(), done.object) or "cancel"
    first, _, rest = back.partition(" ")
    return Phrase(first, f"{rest} {done.object or done.verb}".strip())


def _written(command: MessageDraft, success: MessageDraft, back: Phrase, messages: Messages) -> dict[str, Any]:
    return {"command": messages.stated(command, back.command), "success": messages.stated(success, back.done)}
