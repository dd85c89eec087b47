"""Steps of a BPMN model that is told in words: its quoted tasks, their lanes, and the tasks that compensate them."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.actions import item
from saga_scaffold.architect.prose.items import LANE
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen

_QUOTED = re.compile(r"[\"'](?P<name>[^\"'\n]{3,80})[\"'](?!\w)")
_TASK = re.compile(r"\b(?:tasks?|activity|activities)\s*:?\s*$|\btasks\b[^.]*(?:,|\band)\s*$", re.IGNORECASE)
_NO_ACTION = re.compile(
    r"\b(?:events?|sub-?process|pool|lane|process|model|gateway|message|signal|error)\s*:?\s*$", re.IGNORECASE
)
_COMPENSATES = re.compile(r"compensat|handler|\bundo\w*|reversed by|boundary", re.IGNORECASE)
_FOR_ANOTHER = re.compile(
    r"\s*(?:is |are )?(?:for|compensates|undoes|reverses|cancels out|handler of)\b", re.IGNORECASE
)
_UNCOMPENSATED = re.compile(
    r"\b(?:no|without|has no|needs no|no own) (?:compensat\w+|handler|undo)\b|\bnot compensated\b", re.IGNORECASE
)
_LANE_BEHIND = re.compile(
    r"\s*(?:\(|in |,? ?of |,|-)\s*(?:in )?(?:the )?(?:lane|pool)\s*[:=]?\s*[\"']?(?P<name>[^()\"',.;]+)", re.IGNORECASE
)
_BRACKET_BEHIND = re.compile(r"\s*[(\[](?:in |by )?(?:the )?(?P<name>[A-Z][\w &/-]{1,40})[)\]]")
_LANE_AHEAD = re.compile(
    r"^\W*(?P<name>(?![^:]*(?i:gateway|event|flow|split|join|branch|compensation|tasks?)\b)[A-Z][\w ]{2,40}?):"
)


def from_tasks(passages: tuple[Passage, ...]) -> tuple[Seen, ...]:
    """The tasks in their order, each in the lane that was named last, with what compensates it."""
    found: list[Seen] = []
    for index, passage in enumerate(passages):
        text = passage.text
        end, current, known = 0, len(found) - 1, False
        for quoted in _QUOTED.finditer(text):
            before = text[end : quoted.start()]
            named = _place(quoted["name"], found)
            if _UNCOMPENSATED.search(before) and found:
                found[current] = _uncompensated(found[current])
                before = _UNCOMPENSATED.sub("", before)
            if named is not None:
                current, known = named, True
            elif (_COMPENSATES.search(before) or (known and not _TASK.search(before))) and not _NO_ACTION.search(
                before
            ):
                if found and not _FOR_ANOTHER.match(text, quoted.end()):
                    found[current] = replace(found[current], undo=found[current].undo or quoted["name"])
            elif _TASK.search(before) and (task := _task(text, quoted, index, passage.line)):
                found.append(task)
                current = len(found) - 1
            end = quoted.end()
        if found and _UNCOMPENSATED.search(text[end:]):
            found[current] = _uncompensated(found[current])
    return tuple(found)


def _place(name: str, found: list[Seen]) -> int | None:
    return next((index for index, seen in enumerate(found) if seen.raw.lower() == name.lower()), None)


def _uncompensated(seen: Seen) -> Seen:
    return seen if seen.undo else replace(seen, notes=(*seen.notes, "nothing to undo"))


def _task(text: str, quoted: re.Match[str], index: int, line: int) -> Seen | None:
    action = item(quoted["name"])
    if action is None:
        return None
    behind = _LANE_BEHIND.match(text, quoted.end())
    ahead = _LANE_AHEAD.match(text)
    lanes = [lane["name"] for lane in LANE.finditer(text[: quoted.start()])]
    beside = _BRACKET_BEHIND.match(text, quoted.end())
    behind = behind or (beside if beside and services.may_be_service(beside["name"]) else None)
    lane = behind["name"] if behind else lanes[-1] if lanes else ahead["name"] if ahead else None
    lane = re.split(r"\s+(?:the|and|a|an|then|with|has|is|performs?)\b|\s+\w+ tasks?\b", lane)[0] if lane else None
    service = services.tidy(lane) if lane else action.service
    return Seen(replace(action, service=service), quoted["name"], index, line, notes=action.notes)
