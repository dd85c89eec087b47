"""Steps of lines with arrows: `ReserveSeat → Hall Service, topic **t**`, `Hall: ReserveSeat → SeatReserved / HallFull`, and back `←`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.labels import is_label
from saga_scaffold.architecture.evidence.sections import in_sections
from saga_scaffold.architecture.evidence.state_names import is_state
from saga_scaffold.architecture.evidence.tokens import is_event, plain, tokens
from saga_scaffold.architecture.evidence.topic_sides import side_of
from saga_scaffold.language.verbs import base_form, only_reads
from saga_scaffold.spec import naming

_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+(.*)$")
_UNDO_BEHIND = re.compile(
    r"\s*[;,.(–—]\s*(?:undo|undone by|compensat\w+(?: by)?|kompensation|rollback)\s*[:=]\s*", re.IGNORECASE
)
_OTHER_WAYS = re.compile(
    r"compensat|rollback|roll back|undo|backward|kompens|annul|补偿|reversal|unhappy|\bfail|error|échec|fehler|falla|falha|recover"
    r"|example|beispiel|ejemplo|exemple|exemplo|event.?store|idempot",
    re.IGNORECASE,
)
_TURNS = re.compile(r"^\W*compensat\w+ (?:messages|commands|actions)", re.IGNORECASE)
_CARRIED_OUT = re.compile(r"[A-ZÀ-Þ][\w&-]*(?:\s+[\w&-]+){0,4}|[a-z]+(?:-[a-z]+)+")


@dataclass(frozen=True)
class _Part:
    """What stands between two arrows."""

    text: str
    names: tuple[str, ...]
    topics: tuple[str, ...]

    @property
    def service(self) -> str:
        """Who is named, where no message is."""
        lead = plain(re.split(r"[,(;.]|\b(?:on|via|over)\b", self.text)[0])
        return lead if not self.names and _CARRIED_OUT.fullmatch(lead) else ""


def arrow_steps(lines: Sequence[str]) -> list[Found]:
    """A step for each line that leads from a command to who carries it out, or to what is answered; `←` adds answers."""
    steps: list[Found] = []
    for number, text in _forward(lines):
        if "←" in text and steps:
            answers = text.split("←", 1)[0]
            steps[-1].say("events", answers)
            steps[-1].say("event topic", _listed(_part(text).topics[:1]))
        elif "→" in text and (step := _step(text, number)):
            steps.append(step)
    told = [step for step in steps if "events" in step.said]
    return told if len(told) > 1 or len(told) == len(steps) else steps


def _forward(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Items that do not stand under a title about another way than the good one."""
    for number, titles, line in in_sections(lines):
        item = _ITEM.match(line)
        if _TURNS.match(line):
            return
        if item and not is_label(line) and not (titles and _OTHER_WAYS.search(titles[-1])):
            yield number, item[1]


def _step(text: str, line: int) -> Found | None:
    told, *behind = _UNDO_BEHIND.split(text, maxsplit=1)
    parts = [_part(one) for one in told.split("→")]
    at = next((place for place, part in enumerate(parts) if _command_of(part)), None)
    if at is None:
        return None
    command = _command_of(parts[at])
    title, service = _led_by(parts[0].text, command)
    after = parts[at + 1 :]
    events = [name for part in after for name in part.names]
    owner = service or next((part.service for part in after if part.service), "")
    asked, answered = _topics(parts[at], after)
    reads = only_reads(naming.words(command)[0].lower()) and not asked
    if not events and (reads or not owner or len(after) > 1):
        return None
    if events and not any(map(is_event, events)):
        return None
    found = Found(title or command, line, owner or None, {"command": f"`{command}`"})
    found.say("service", owner)
    found.say("events", _listed(events))
    found.say("command topic", asked and f"`{asked}`")
    found.say("event topic", answered and f"`{answered}`")
    found.say("undo", behind[0] if behind else "")
    return found


def _part(text: str) -> _Part:
    told = tokens(text)
    published = re.search(r"\btopic\W{1,6}([\w./-]+)", text)
    topics = tuple(
        one.text
        for one in told
        if one.is_topic or (published and one.text == published[1].strip(".")) or one.says_topic
    )
    names = tuple(one.text for one in told if one.is_name and one.text not in topics and _is_message(one.text))
    return _Part(text, names, topics)


def _command_of(part: _Part) -> str:
    """The command of a part: a name that tells what to do."""
    return next((name for name in reversed(part.names) if not is_event(name)), "")


def _led_by(text: str, command: str) -> tuple[str, str]:
    """The title and the service of `**Reserve seat** (Hall Service): ...`, `Hall Service: ...` or `Reserve seat: ...`."""
    lead, colon, _ = text.partition(":")
    if not colon or command in lead:
        return "", ""
    titled = re.match(r"\W*([^*`()]+?)\W*\(([^()]+)\)\W*$", lead)
    if titled:
        return plain(titled[1]), plain(titled[2])
    words = naming.words(lead)
    is_action = len(words) > 1 and base_form(words[0].lower()) is not None
    return (plain(lead), "") if is_action else ("", plain(lead) if len(words) < 6 else "")


def _topics(asked: _Part, after: Sequence[_Part]) -> tuple[str, str]:
    """The topic of the command and that of what is answered: by what they are called, else by where they stand."""
    told = [*asked.topics, *(topic for part in after for topic in part.topics)]
    by_side = {side: topic for topic in reversed(told) if (side := side_of(topic))}
    beside = [topic for part in after if not part.names for topic in part.topics]
    behind = [topic for part in after if part.names for topic in part.topics]
    command = next(iter(asked.topics), None) or by_side.get("command topic") or next(iter(beside), "")
    event = by_side.get("event topic") or next(iter(behind), "")
    return command, "" if event == command else event


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _is_message(name: str) -> bool:
    return is_event(name) or not is_state(name)
