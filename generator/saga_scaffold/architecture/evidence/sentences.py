"""Steps that one sentence tells: `svc` receives `Command` on `topic`, answers with `Event` or `Event` on `topic`."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, tokens

_ITEM = re.compile(r"^\s*(?:[-*+]\s+|\d{1,2}[.)]\s+)?(?=\S)")
_TAKES = re.compile(
    r"\b(?:receives?|handles?|executes?|gets?|accepts?|consumes?|processes|listens|is asked|is sent|runs?|performs?|"
    r"is called with|carries out|sends?)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(r"^[*`]*\w+[*`]*\s*→\s*(?P<service>[^→`|]{3,40}?)\s*→")
_ANSWERS = re.compile(
    r"\b(?:repl(?:y|ies)(?: with)?|answers?(?: with)?|emits?|publishes|responds?(?: with)?|returns?|raises)\b",
    re.IGNORECASE,
)
_UNDO = re.compile(
    r"\b(?:compensat\w+|undone|undo|rolled back|reversed|rollback|kompens\w+|annul\w+)\b(?:\s+(?:by|with|is|action|via|it))*\s*[:=-]?",
    re.IGNORECASE,
)
_NO_UNDO = re.compile(
    r"\bno (?:compensation|undo|rollback)|nothing to (?:undo|compensate)|not compensated", re.IGNORECASE
)
_RETRIED = re.compile(
    r"\b(?:is|are) (?:only )?retried until|retried (?:for ever|forever|until)|\bretriable\b", re.IGNORECASE
)


def sentence_steps(lines: Sequence[str]) -> list[Found]:
    """A step for each line that names a command and what comes of it, and who carries it out."""
    return [found for number, line in enumerate(lines, 1) if (found := _read(line, number))]


def _read(line: str, number: int) -> Found | None:
    if "|" in line or line.startswith("#"):
        return None
    text = line[len(_ITEM.match(line)[0]) :] if _ITEM.match(line) else line  # type: ignore[index]
    passed = _PASSED.match(text)
    if not passed and not _TAKES.search(line):
        return None
    undo = _UNDO.search(text)
    told = text[: undo.start()] if undo else text
    names = [token for token in tokens(told) if token.is_name and not token.is_topic]
    commands = [token for token in names if not is_event(token.text) and not token.text.isupper()]
    events = [token for token in names if is_event(token.text)]
    answers = _ANSWERS.search(told)
    if not commands and not events and answers:
        commands, events = tokens(told[: answers.start()])[-1:], tokens(told[answers.end() :])
    if not commands or not events:
        return None
    title = re.match(r"\*\*([^*`]{3,60})\*\*\s*[-–—:.]", text)
    found = Found(plain(title[1]) if title else commands[0].text, number)
    found.say("command", f"`{commands[0].text}`")
    found.say("events", ", ".join(f"`{one.text}`" for one in events))
    service = plain(passed["service"]) if passed else _service(told[title.end() :] if title else told)
    if service:
        found.say("service", service)
    at = told.find(events[0].text)
    found.say("command topic", _topic(told[:at], commands[0]))
    found.say("event topic", _topic(told[at:], events[0]))
    if undo:
        found.say("undo", "none" if _NO_UNDO.search(text) else text[undo.end() :].split(".", 1)[0])
    if _RETRIED.search(text):
        found.say("kind", "retriable")
    return found


def _topic(text: str, named: Token) -> str:
    """The topic of a part of the sentence, in a code span."""
    told = [token.text for token in tokens(text) if token.text != named.text and token.is_topic]
    told = [
        one for one in told if re.search(rf"(?:\bon|\bto|\bvia|\bover|\btopic|\bfrom|→|\()\W*{re.escape(one)}", text)
    ]
    return f"`{told[0]}`" if told else ""


def _service(text: str) -> str | None:
    """Who takes the command: what stands in front of the verb."""
    takes = _TAKES.search(text)
    subject = plain(text[: takes.start()]) if takes else ""
    subject = re.sub(r"^(?:then|the|next|first|finally|and)\s+", "", subject.strip(" -–—,"), flags=re.IGNORECASE)
    return subject if 0 < len(subject.split()) <= 5 else None
