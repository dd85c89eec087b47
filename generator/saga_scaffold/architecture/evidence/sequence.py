"""The steps of messages from one to the other, in a Mermaid diagram or in lines: what is asked for, what is answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.course import Course
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.taking_back import taken_back_by
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, tokens
from saga_scaffold.spec import naming

_OPENS = re.compile(r"^\s*(?:sequenceDiagram|@startuml\b.*)\s*$")
_WHO = re.compile(
    r"^\s*(?:participant|actor|database|queue|control|boundary|entity)\s+"
    r"(?:\"(?P<quoted>[^\"]+)\"(?:\s+as\s+(?P<alias>[\w-]+))?|(?P<short>[\w-]+)(?:\s+as\s+(?P<name>.+?))?)\s*$"
)
_MESSAGE = re.compile(
    r"^\s*(?P<sender>\w[\w-]*?)\s*(?:→\s*>?|-{1,2}[)x])\s*[+-]?(?P<receiver>[\w-]+)\s*:\s*(?P<text>.+?)\s*$"
)
_EXCHANGE = re.compile(
    r"^\s*(?:[-+]|\*(?!\*)|\d{1,2}[.)])?\s*\W{0,3}(?P<sender>[^\W\d][\w -]{1,40}?)\W{0,2}\s*→\s*\W{0,2}(?P<receiver>[^\W\d][\w -]{1,40}?)"
    r"\s*[*`_]{0,2}\s*(?::|[-–—]\s)\s*[*_]{0,2}\s*(?P<text>.+)$"
)
_BACK = re.compile(
    r"compensat|rollback|undo|kompens|annul|failure|fehler|échec|fallo|falha|compensa[cç]", re.IGNORECASE
)
_OPENS_BLOCK = re.compile(r"^\s*(alt|opt|break|par2?|loop|rect|critical|group)\b", re.IGNORECASE)
_ENDS = re.compile(r"^\s*end\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"(?:time-?out|deadline|within|max\.?|at most|frist|délai|plazo|prazo)\W{0,3}\d+(?:[.,]\d+)?\s*[a-z]+|\d+(?:[.,]\d+)?\s*[a-z]+\s+(?:time-?out|deadline)",
    re.IGNORECASE,
)
_CONDUCTS = re.compile(r"orchestr|orquestr|orquest|saga|steuer|coordinat|conductor|process manager", re.IGNORECASE)


@dataclass(frozen=True)
class _Message:
    sender: str
    receiver: str
    name: str
    topic: str
    backward: bool
    line: int
    names: tuple[str, ...] = ()
    limit: str = ""
    parallel: bool = False


def sequence_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the sequence diagrams of the document, or else of the messages that its lines tell."""
    names: dict[str, str] = {}
    return _steps(list(_messages(lines, names)), names) or _steps(list(_written(lines)), {})


def _steps(told: list[_Message], names: dict[str, str]) -> list[Found]:
    named = next((one.sender for one in told if _CONDUCTS.search(names.get(one.sender, one.sender))), None)
    conductor = named or _hub(told)
    if conductor is None:
        return []
    steps: list[Found] = []
    asked: dict[str, Found] = {}
    taking_back: dict[str, Found] = {}
    for one in told:
        if one.sender == conductor and one.receiver != conductor and not is_event(one.name):
            known = [step for step in steps if step.said["command"] == f"`{one.name}`"]
            taken_back = None if known else _taken_back(one, names.get(one.receiver, one.receiver), steps)
            if known:
                asked[one.receiver] = known[0]
            elif taken_back is not None:
                taken_back.say("undo", f"`{one.name}`")
                taking_back[one.receiver] = taken_back
            elif not one.backward:
                service = names.get(one.receiver, one.receiver)
                found = Found(_phrase(one.name), one.line, service, {"command": f"`{one.name}`", "service": service})
                found.say("command topic", one.topic and f"`{one.topic}`")
                found.say("timeout", one.limit)
                found.say("note", "parallel" if one.parallel else "")
                steps.append(found)
                asked[one.receiver] = found
        elif one.receiver == conductor and one.sender in taking_back:
            taking_back.pop(one.sender).say("undo event", f"`{one.name}`" if _answers(one.name) else "")
        elif one.receiver == conductor and one.sender in asked and (_answers(one.name) or one.names):
            asked[one.sender].say("events", ", ".join(f"`{name}`" for name in one.names or (one.name,)))
            asked[one.sender].say("event topic", one.topic and f"`{one.topic}`")
    return steps


def _taken_back(one: _Message, service: str, steps: Sequence[Found]) -> Found | None:
    """The step that a message takes back: on the way back one of its receiver, if there is such a step."""
    undone = [step for step in steps if step.said.get("undo") == f"`{one.name}`"]
    own = [step for step in steps if one.backward and step.service == service and "undo" not in step.said]
    found = undone[0] if undone else taken_back_by(one.name, one.backward, own)
    return found or (own[0] if len(own) == 1 else taken_back_by(one.name, one.backward, steps))


def _answers(name: str) -> bool:
    """Whether what comes back is an event, by its grammar or as several words in one: `DepositOverdue`."""
    return is_event(name) or (Token(name, False).is_name and len(naming.words(name)) > 1)


def _hub(told: Sequence[_Message]) -> str | None:
    """Where nobody is called the orchestrator: the one who asks more of the others than anybody else does."""
    asked: dict[str, set[str]] = {}
    for one in told:
        if one.sender != one.receiver and not is_event(one.name):
            asked.setdefault(one.sender, set()).add(one.receiver)
    most = sorted(asked, key=lambda sender: -len(asked[sender]))
    if not most or len(asked[most[0]]) < 2:
        return None
    return most[0] if len(most) == 1 or len(asked[most[1]]) < len(asked[most[0]]) else None


def _phrase(name: str) -> str:
    return " ".join(word.lower() for word in naming.words(name))


def _messages(lines: Sequence[str], names: dict[str, str]) -> Iterator[_Message]:
    """The messages; the participants' full names are written into `names`."""
    answers: dict[str, str] = {}
    inside, course = False, Course(answers)
    blocks: list[str] = []
    for number, line in enumerate(lines, 1):
        if _OPENS.match(line):
            inside, course = True, Course(answers)
            continue
        inside = inside and not line.lstrip().startswith("```")
        if not inside:
            continue
        course.read(line)
        opened = _OPENS_BLOCK.match(line)
        blocks = [*blocks, opened[1].lower()] if opened else blocks[:-1] if _ENDS.match(line) else blocks
        who, message = _WHO.match(line), _MESSAGE.match(line)
        if who:
            named = who["name"] or who["quoted"] or who["short"]
            names[who["short"] or who["alias"] or named] = named.strip("\"' ")
        elif message:
            name = re.search(r"[A-Za-z][\w]*(?:[._-]\w+)*", message["text"])
            if name:
                told, limit = _beside(message["text"], name[0]), _LIMIT.search(message["text"])
                yield _Message(
                    message["sender"],
                    message["receiver"],
                    name[0],
                    told,
                    course.is_back,
                    number,
                    limit=limit[0] if limit else "",
                    parallel="par" in blocks,
                )
                course.pass_on(message["sender"], message["receiver"], name[0])


def _beside(text: str, name: str) -> str:
    """The topic that stands beside the name of a message: `ReserveStock [stock.cmd]`, `ReserveStock on stock.cmd`."""
    return next((token.text for token in tokens(text.replace("\\n", " ")) if token.is_topic and token.text != name), "")


def _written(lines: Sequence[str]) -> Iterator[_Message]:
    """The messages of lines such as `3. **Orchestrator → Stock Service:** `ReserveStock` on **stock.commands**`."""
    backward = False
    for number, line in enumerate(lines, 1):
        backward = bool(_BACK.search(line)) if line.startswith("#") else backward
        told = _EXCHANGE.match(line)
        found = tokens(told["text"]) if told else []
        names = tuple(token.text for token in found if token.marked and token.is_name and not token.is_topic)
        if told and names:
            topic = next((token.text for token in found if token.is_topic), "")
            yield _Message(plain(told["sender"]), plain(told["receiver"]), names[0], topic, backward, number, names)
