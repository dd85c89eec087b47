"""Steps that stand in lists beside each other: one of commands, one of events, one of failures, paired by place or name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.owned import owned_command
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import is_event, says_failure, tokens

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(?P<text>.+)$")
_COMMANDS = re.compile(r"command|forward|action|step|befehl|schritt|comando|commande|命令", re.IGNORECASE)
_EVENTS = re.compile(r"event|ereignis|evento|evenement|événement|事件", re.IGNORECASE)
_OTHER = re.compile(
    r"store|schema|compensat|rollback|roll back|undo|backward|kompens|annul|补偿|reversal", re.IGNORECASE
)
_FROM = re.compile(
    r"^(?:(?:from|on|via|auf|von|sur|depuis|en|em|desde|topic)\s+){0,2}[*`]+[a-z0-9]+(?:[./-][a-z0-9]+)+[*`]+\s*(?::|→|[-–—])\**\s*"
)


@dataclass(frozen=True)
class _Item:
    """An item of a list: the name that it begins with, and all that it says."""

    name: str
    text: str
    line: int
    service: str = ""


def parallel_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of a list of commands, with the events that other lists have at the same place or of the same name."""
    lists = _lists(lines)
    commands = [one for one in lists.get("command", []) if not is_event(one.name)]
    events = [one for one in lists.get("events", []) if is_event(one.name)]
    failures = lists.get("failure", [])
    if len(commands) < 2 or not events:
        return []
    steps = [_step(one) for one in commands]
    good = events if len(events) == len(commands) else [one for one in events if not says_failure(one.name)]
    for role, items in (("events", good), ("failure", failures or [one for one in events if one not in good])):
        for place, step in enumerate(steps):
            told = items[place] if len(items) == len(steps) else _alike(step, items)
            if told:
                step.say(role, told.text)
    return steps if all("events" in step.said for step in steps) else []


def _lists(lines: Sequence[str]) -> dict[str, list[_Item]]:
    found: dict[str, list[_Item]] = {}
    for number, titles, line in in_sections(lines):
        item = _ITEM.match(line)
        role = _role(titles[-1]) if titles else None
        owned = owned_command(item["text"]) if item and role == "command" else None
        if owned and role:
            text = f"`{owned.name}` {owned.topic}".strip()
            found.setdefault(role, []).append(_Item(owned.name, text, number, owned.service))
            continue
        named = tokens(_FROM.sub("", item["text"]).split(":")[0]) if item else []
        if item and role and named and _FROM.sub("", item["text"]).lstrip("*`").startswith(named[0].text):
            found.setdefault(role, []).append(_Item(named[0].text, item["text"], number))
    return found


def _role(title: str) -> str | None:
    """What the list under a title holds."""
    role = role_of(title)
    if role in {"command", "events", "failure"} or _OTHER.search(title):
        return None if _OTHER.search(title) else role
    if role == "success":
        return "events"
    return "command" if _COMMANDS.search(title) else "events" if _EVENTS.search(title) else None


def _step(one: _Item) -> Found:
    found = Found(one.name, one.line, None, {"command": f"`{one.name}`"})
    topic = next((t.text for t in tokens(one.text)[1:] if t.text != one.name and (t.is_topic or t.marked)), "")
    found.say("command topic", topic)
    found.say("service", one.service)
    return found


def _alike(step: Found, items: Sequence[_Item]) -> _Item | None:
    """The only item whose name has the most words in common with the step's command."""
    scored = sorted(
        ((len(stems(one.name) & stems(step.title)), place) for place, one in enumerate(items)), reverse=True
    )
    if not scored or not scored[0][0] or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return items[scored[0][1]]
