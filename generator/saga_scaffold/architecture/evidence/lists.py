"""Lists of commands, of events, of compensations, of messages: joined by number, by name, or by what they are about."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, says_failure, tokens
from saga_scaffold.language.verbs import base_form, only_reads
from saga_scaffold.spec import naming

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(.*)$")
_UNDO_BEHIND = re.compile(
    r"\s*[;,.(–—]\s*(?:undo|undone by|compensat\w+(?: by)?|kompensation|rollback)\s*[:=]\s*", re.IGNORECASE
)
_COMPENSATES = re.compile(r"compensat|rollback|roll back|undo|backward|kompens|annul|补偿|reversal", re.IGNORECASE)
_PLAIN_TITLE = re.compile(r"^\d{1,2}\.\s+[A-Z][\w ,/&-]{3,60}$")


def message_steps(lines: Sequence[str]) -> list[Found]:
    """Steps of a list of messages: `Cmd → Service, topic **t**` and what comes back, `Event or Event ← Service`."""
    steps: list[Found] = []
    for number, text in _before_compensations(lines):
        names = [token for token in tokens(text) if token.is_name]
        topic = next((token.text for token in tokens(text) if token.is_topic), None)
        if not names or ("→" not in text and "←" not in text):
            continue
        before_arrow = re.split(r"[→←]", text, maxsplit=1)
        if "←" in text and steps:
            steps[-1].say("events", before_arrow[0])
            if topic:
                steps[-1].say("event topic", topic)
        elif "→" in text and not is_event(names[0].text) and not only_reads(naming.words(names[0].text)[0].lower()):
            service = plain(re.split(r"[,(;.]", before_arrow[1])[0])
            found = Found(names[0].text, number, service or None, {"command": f"`{names[0].text}`"})
            if topic:
                found.say("command topic", topic)
            steps.append(found)
    return [step for step in steps if "events" in step.said]


def _before_compensations(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Items up to where a line says that compensations follow."""
    stop = next(
        (
            n
            for n, line in enumerate(lines)
            if re.match(r"^\W*compensat\w+ (?:messages|commands|actions)", line, re.IGNORECASE)
        ),
        None,
    )
    return _items(lines[:stop])


def arrow_steps(lines: Sequence[str]) -> list[Found]:
    """Steps of a list such as `Inventory Service: **topic** Command → Event or Event (topic **t**)`."""
    steps = []
    for number, text in _forward_items(lines):
        owner, colon, rest = text.partition(":")
        left, arrow, right = rest.partition("→")
        names = [token for token in tokens(left) if token.is_name and not token.is_topic]
        said = re.search(r"\btopic\W{1,6}([\w.-]+)", right)
        published = said[1] if said else ""
        events = [one.text for one in tokens(right) if one.is_name and is_event(one.text) and one.text != published]
        if not colon or not arrow or not names or not events or len(owner.split()) > 5:
            continue
        titled = re.match(r"\*\*([^*`]+)\*\*\s*\(([^()]+)\)\s*$", owner)
        title, service = (plain(titled[1]), plain(titled[2])) if titled else (names[-1].text, plain(owner))
        found = Found(title, number, service, {"command": f"`{names[-1].text}`"})
        found.say("events", ", ".join(f"`{name}`" for name in events))
        found.say("command topic", _topic(tokens(left), names[-1].text))
        found.say("event topic", f"`{published}`" if published else _topic(tokens(right), *events))
        steps.append(found)
    return steps


def _topic(found: Sequence[Token], *names: str) -> str:
    return next((token.text for token in found if token.text not in names and (token.is_topic or token.marked)), "")


def _forward_items(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Items that do not stand under a title about compensation."""
    for number, titles, line in in_sections(lines):
        item = _ITEM.match(line)
        if item and not (titles and _COMPENSATES.search(titles[-1])):
            yield number, item[1]


def _items(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        item = _ITEM.match(line)
        if item:
            yield number, item[1]


def chained_steps(lines: Sequence[str]) -> list[Found]:
    """Steps of items such as `Reserve seat: Desk → `ReserveSeat` → Hall Planner → `SeatReserved` | `HallFull``."""
    return [
        found for number, text in _forward_items(lines) if text.count("→") > 1 and (found := _chained(text, number))
    ]


def _chained(text: str, number: int) -> Found | None:
    told, *behind = _UNDO_BEHIND.split(text, maxsplit=1)
    parts = told.split("→")
    names = [[one.text for one in tokens(part) if one.marked and one.is_name and not one.is_topic] for part in parts]
    asked = next((place for place, own in enumerate(names) if own and not is_event(own[0])), None)
    events = [name for own in names[asked + 1 :] for name in own] if asked is not None else []
    if asked is None or not events:
        return None
    title = re.match(r"\W*([^:`→]{3,60}?)\**\s*:", parts[0])
    found = Found(plain(title[1]) if title else names[asked][0], number, None, {"command": f"`{names[asked][0]}`"})
    owner = next((plain(part) for part, own in zip(parts[asked + 1 :], names[asked + 1 :], strict=True) if not own), "")
    found.say("service", owner)
    found.say("events", ", ".join(f"`{name}`" for name in events))
    found.say("command topic", _topic(tokens(parts[asked]), names[asked][0]))
    found.say("undo", behind[0] if behind else "")
    return found


def split_events(text: str, asked: str = "") -> tuple[list[str], list[str]]:
    """The events of a text that tell success of the command that was asked, and those that tell failure."""
    names = [token.text for token in tokens(text) if token.is_name or token.is_topic]
    good = [name for name in names if not says_failure(name, asked)]
    done = [name for name in good if _is_done(name, asked)]
    topics = [name for name in good if Token(name, False).is_topic]
    if len(done) == 1 and done[0] not in topics:
        good = [*done, *topics]
    elif len(good) == len(names) == 2 and len(topics) != 1:
        good = done if len(done) == 1 else good[:1]
    return good, [name for name in names if name not in good]


def _is_done(name: str, asked: str) -> bool:
    """Whether the event tells that what was asked is done: `BudgetReserved` of `ReserveBudget`."""
    words = naming.words(asked)
    verb = base_form(words[0]) if words else None
    return verb is not None and any(base_form(word) == verb for word in naming.words(name))
