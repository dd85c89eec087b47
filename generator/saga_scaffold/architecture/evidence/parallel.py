"""Steps that stand in lists beside each other: one of commands, one of events, one of failures, paired by place or name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, says_failure, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(?P<text>.+)$")
_COMMANDS = re.compile(r"command|forward|action|step|befehl|schritt|comando|commande|命令", re.IGNORECASE)
_EVENTS = re.compile(r"event|ereignis|evento|evenement|événement|事件", re.IGNORECASE)
_OTHER = re.compile(
    r"store|schema|compensat|rollback|roll back|undo|backward|kompens|annul|补偿|reversal", re.IGNORECASE
)
_SENT_TO = re.compile(
    r"\b(?i:sent|goes|directed|addressed|handled|executed|performed|carried out|enviado|envoyée?|gesendet)\s+(?i:to|by|a|à|an)\s+"
    r"(?:the\s+|l[ae]\s+|el\s+|den\s+|die\s+)?(?P<service>[A-Z][\w-]*(?:\s+(?:[A-Z][\w-]*|service|context))*)"
)
_FROM = re.compile(
    r"^(?:(?:from|on|via|auf|von|sur|depuis|en|em|desde|topic)\s+){0,2}[*`]+[a-z0-9]+(?:[./-][a-z0-9]+)+[*`]+\s*(?::|→|[-–—])\**\s*"
)
_OWNER = re.compile(
    r"(?:\*\*)?(?P<owner>[A-ZÀ-ÖØ-Þ][\w&/-]*(?:\s+[\w&/-]+){0,4}?)(?:\*\*)?\s*"
    r"(?:[,:;(–—|@]|\s-\s|→|(?=[*`])|(?:on|via|receives?|takes|handles|executes|runs)\s)"
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
        owned = _owned(item["text"], number) if item and role == "command" else None
        if owned and role:
            found.setdefault(role, []).append(owned)
            continue
        named = tokens(_FROM.sub("", item["text"]).split(":")[0]) if item else []
        if item and role and named and _FROM.sub("", item["text"]).lstrip("*`").startswith(named[0].text):
            found.setdefault(role, []).append(_Item(named[0].text, item["text"], number))
    return found


def _owned(text: str, line: int) -> _Item | None:
    """The item of a service with its only command: `Sample Desk, topic **lab-desk-in**: `RegisterSample``."""
    owner = _OWNER.match(text)
    names = [one for one in tokens(text[owner.end() :]) if one.is_name and not one.is_topic] if owner else []
    if owner is None or _is_no_owner(owner["owner"]) or len(names) != 1 or is_event(names[0].text):
        return None
    topic = next((one.text for one in tokens(text) if one.is_topic), "")
    return _Item(names[0].text, f"`{names[0].text}` {topic}".strip(), line, plain(owner["owner"]))


def _is_no_owner(text: str) -> bool:
    """Whether a text is a label, or itself a command: `ReserveStock`."""
    asks = base_form("".join(naming.words(text)[:1])) is not None
    return role_of(text) is not None or (asks and Token(text, False).is_name)


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
    service = _SENT_TO.search(plain(one.text))
    found.say("service", one.service or (service["service"] if service else ""))
    return found


def _alike(step: Found, items: Sequence[_Item]) -> _Item | None:
    """The only item whose name has the most words in common with the step's command."""
    scored = sorted(
        ((len(stems(one.name) & stems(step.title)), place) for place, one in enumerate(items)), reverse=True
    )
    if not scored or not scored[0][0] or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return items[scored[0][1]]
