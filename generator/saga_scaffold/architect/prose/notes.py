"""What brackets behind an action say: its kind, its undo, who does it."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.seen import Seen

_KIND = re.compile(r"\b(?P<kind>compensatable|compensable|pivot|retriable|retryable)\b", re.IGNORECASE)
_UNDO = re.compile(
    r"\b(?:undo(?:ne by)?|comp|compensat(?:ion|ed by|able)|compensable|rollback|reversed by|revers(?:al|"
    r"e))\s*(?:[:=]|->|\bby\b)\s*(?P<undo>[^,;]+)|^undo (?P<bare>[^,;:]+)$",
    re.IGNORECASE,
)


def with_notes(seen: Seen) -> Seen:
    """The step with what its brackets say of its kind and of its undo."""
    kind, undo = seen.kind, seen.undo
    for note in seen.notes:
        marked, told = _KIND.search(note), _UNDO.search(note)
        kind = kind or (marked["kind"].lower() if marked else None)
        undo = undo or ((told["undo"] or told["bare"]).strip() if told else None)
    return replace(seen, kind=kind, undo=undo)
