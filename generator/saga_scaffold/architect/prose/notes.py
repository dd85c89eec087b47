"""What brackets behind an action say: its kind, its undo, who does it."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.backward import is_backward
from saga_scaffold.architect.prose.matching import verbs_fit
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.language.verbs import guess_base

_KIND = re.compile(r"\b(?P<kind>compensatable|compensable|pivot|retriable|retryable)\b", re.IGNORECASE)
_UNDO = re.compile(
    r"\b(?:undo(?:ne by)?|comp|compensat(?:ion|ed by|able)|compensable|rollback|reversed by|revers(?:al|"
    r"e))\s*(?:[:=]|->|\bby\b)\s*(?P<undo>[^,;]+)|^undo (?P<bare>[^,;:]+)$",
    re.IGNORECASE,
)


_CAN_BE = re.compile(
    r"^(?:(?:it |this )?(?:can|may|could|must|has to|will|is|are|gets?)(?: still| then|"
    r" all)? )(?:be )?(?P<verb>\w+(?:ed|en|wn|ck|ld))(?: again| later| back)?$",
    re.IGNORECASE,
)


def _taken_back_by(note: str, seen: Seen) -> str | None:
    """The verb of `(can be thawed)`, where that takes back what the step does."""
    match = _CAN_BE.match(note)
    told = replace(seen.action, verb=guess_base(match["verb"]), piece=note) if match else None
    return f"{told.verb} {told.thing}" if told and (is_backward(told) or verbs_fit(told, seen) > 0) else None


def with_notes(seen: Seen) -> Seen:
    """The step with what its brackets say of its kind and of its undo."""
    kind, undo = seen.kind, seen.undo
    for note in seen.notes:
        marked, told = _KIND.search(note), _UNDO.search(note)
        kind = kind or (marked["kind"].lower() if marked else None)
        undo = undo or _taken_back_by(note, seen) or ((told["undo"] or told["bare"]).strip() if told else None)
    return replace(seen, kind=kind, undo=undo)
