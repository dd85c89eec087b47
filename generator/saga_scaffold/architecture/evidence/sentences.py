"""Steps that one line tells: a title, then labels, or a sentence such as `svc` receives `Command`, answers `Event` on `topic`."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.labels import is_label, labels_in
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_LEAD = re.compile(
    r"^\s*(?:[-*+]\s+|(?P<count>\d{1,2})[.)]\s+)?(?:\*\*|\*|__)(?P<title>[^*`_]{3,70})(?:\*\*|\*|__)\s*"
    r"(?:\((?P<service>[^()]{2,60})\))?\s*[-–—:.]?\s*(?P<rest>.*)$"
)
_ID = re.compile(
    r"^(?P<id>[A-Z]{1,2}-?\d{1,2}|(?:step|schritt|étape|paso|passo)\s+\d{1,2})[.:)]?\s+(?:[-–—]\s+)?(?=\S)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*+]\s+|\d{1,2}[.)]\s+)?(?=\S)")
_TRIGGER = re.compile(r"^(?:on|when|after|upon|once)\s+[*`]+\w+[*`]+[^,;.`*]{0,30}?,?\s+(?=\w)", re.IGNORECASE)
_TAKES = re.compile(
    r"\b(?:receives?|takes|picks up|reads|handles?|executes?|gets?|accepts?|consumes?|processes|listens|is asked|is sent|runs?|performs?|"
    r"is called with|carries out|sends?|dispatch(?:es)?|issues?)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(r"^[*`]*\w+[*`]*\s*→\s*(?P<service>[^→`|]{3,40}?)\s*→")
_ANSWERS = re.compile(
    r"\b(?:repl(?:y|ies)(?: with)?|answers?(?: with)?|emits?|publishes|responds?(?: with)?|returns?|raises)\b|→",
    re.IGNORECASE,
)
_ANSWERING = re.compile(
    r"[.;]\s+(?:the\s+)?(?P<service>[A-Z][\w ]{1,40}?)\s+(?:shall |will |must |then )?(?:repl(?:y|ies)|answers?|responds?|emits?|publish(?:es)?)\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"\b(?:enters?|moves? (?:in)?to|goes to|is in|state)\s+(?:the\s+)?(?:state\s+)?`(?P<state>[A-Z]\w+)`", re.IGNORECASE
)
_UNDO = re.compile(
    r"\b(?:compensat\w+|undone|undo|rolled back|reversed|rollback|kompens\w+|annul\w+)\b(?:\s+(?:by|with|is|action|via|it))*\s*[:=-]?",
    re.IGNORECASE,
)
_NO_UNDO = re.compile(
    r"\bno (?:compensation|undo|rollback)|nothing to (?:undo|compensate)|not compensated", re.IGNORECASE
)


def sentence_steps(lines: Sequence[str]) -> list[Found]:
    """A step for each line that names a command and what comes of it, and who carries it out."""
    told = (
        (line, number)
        for number, line in enumerate(lines, 1)
        if not line.lstrip().startswith(("|", "#")) and not _is_chain(line)
    )
    return [found for line, number in told if (found := _labelled(line, number) or _sentence(line, number))]


def _is_chain(line: str) -> bool:
    """Whether the line is nothing but names with arrows between them."""
    parts = [part.strip() for part in _ITEM.sub("", line).split("→")]
    return len(parts) > 2 and all(part and " " not in part for part in parts)


def _labelled(line: str, number: int) -> Found | None:
    """`1. **Validate data** (Data Service) - topic: **t**`: a title with labels behind it."""
    lead = _LEAD.match(line)
    told = labels_in(f"- {lead['rest']}") if lead and is_label(f"- {lead['rest']}") else []
    if lead is None or not {role for role, _ in told} - {"takes", "gives"} or not _names_a_step(lead):
        return None
    found = _titled(lead, number)
    found.take(told)
    return found


def _names_a_step(lead: re.Match[str]) -> bool:
    """Whether the title is a step's: it has a number or a service, or says what to do."""
    words = naming.words(lead["title"])
    acts = len(words) > 1 and base_form(words[0]) is not None and words[-1].lower() not in {"context", "service"}
    return bool(lead["service"] or _ID.match(lead["title"]) or acts)


def _titled(lead: re.Match[str], number: int) -> Found:
    title = plain(lead["title"]).strip(" .:")
    id = _ID.match(title)
    found = Found(title[id.end() :] if id else title, number, lead["service"])
    found.say(
        "number", id["id"] if id and "-" in id["id"] + "-" and id["id"][0].isupper() and " " not in id["id"] else ""
    )
    return found


def _sentence(line: str, number: int) -> Found | None:
    lead = _LEAD.match(line)
    lead = lead if lead and _names_a_step(lead) and re.search(r"`|\*\*", lead["rest"]) else None
    item = _ITEM.match(line)
    text = lead["rest"] if lead else line[item.end() :] if item else line
    text = _TRIGGER.sub("", text)
    passed = _PASSED.match(text)
    if not passed and not _TAKES.search(text) and not (lead and "→" in text):
        return None
    undo = _UNDO.search(text)
    told = text[: undo.start()] if undo else text
    names = [token for token in tokens(told) if token.is_name and not token.is_topic]
    commands = [token for token in names if not is_event(token.text) and not token.text.isupper()]
    answers = _ANSWERS.search(told)
    events = [token for token in names if is_event(token.text)]
    if commands and answers and not passed and told.find(commands[0].text) < answers.start():
        later = [token for token in tokens(told[answers.end() :]) if token.is_name and not token.is_topic]
        events = [token for token in later if token.marked and not token.text.isupper()] or events
    if not commands and not events and answers:
        commands, events = tokens(told[: answers.start()])[-1:], tokens(told[answers.end() :])
    if not commands or not events:
        return None
    found = _titled(lead, number) if lead else Found(commands[0].text, number)
    found.say("command", f"`{commands[0].text}`")
    found.say("events", ", ".join(f"`{one.text}`" for one in events))
    found.say("service", (plain(passed["service"]) if passed else None) or found.service or _service(text) or "")
    at = told.find(events[0].text)
    cut = answers.start() if answers and told.find(commands[0].text) < answers.start() < at else at
    found.say("command topic", _topic(told[:cut], commands[0]))
    found.say("event topic", _topic(told[cut:], events[0]))
    entered = _ENTERED.search(told)
    found.say("state", f"`{entered['state']}`" if entered else "")
    if undo:
        found.say("undo", "none" if _NO_UNDO.search(text) else text[undo.end() :].split(". ", 1)[0])
    return found


def _topic(text: str, named: Token) -> str:
    """The topic of a part of the sentence, in a code span."""
    told = [token.text for token in tokens(text) if token.text != named.text and token.is_topic]
    told = [
        one for one in told if re.search(rf"(?:\bon|\bto|\bvia|\bover|\btopic|\bfrom|→|\(|@)\W*{re.escape(one)}", text)
    ]
    return f"`{told[0]}`" if told else ""


def _service(text: str) -> str | None:
    """Who takes the command: who answers, else what stands in front of the verb."""
    answering = _ANSWERING.search(text)
    if answering:
        return answering["service"]
    takes = _TAKES.search(text)
    subject = plain(text[: takes.start()]) if takes else ""
    subject = re.sub(r"^(?:then|the|next|first|finally|and)\s+", "", subject.strip(" -–—,"), flags=re.IGNORECASE)
    return subject if 0 < len(subject.split()) <= 5 else None
