"""Labels in lines: `- **Command:** ReserveStock`, `Timeout: 5 s | Attempts: 3`, and words that are labels by themselves."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.answered import answers_behind
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tokens import is_event, names_a_receiver, tokens
from saga_scaffold.architecture.evidence.units import with_unit

Labelled = tuple[str, str]
_LABEL = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)]\s+|\d+\.\d+\.?\s+)?(?:\*{1,2}|_{1,2})?\s*(?P<label>[^:*|`→=]{2,48}?)\s*(?:\*{1,2}|_{1,2})?\s*"
    r"(?:[:：]\s*(?:\*{1,2}(?=\s|$)|\*\*|__)?(?![/\\])|\s(?=\(?(?:`|\*\*))|\s?[=→]\s|\s+[-–—]\s)\s*(?P<value>.*)$"
)
_BESIDE = re.compile(r"\s*[;,.|·•]\s+(?=\W{0,4}(?P<label>[^:*|`→=;,.]{2,40}?)(?:\*\*|__)?\s?[:：→])")
_WORDS_ONLY = re.compile(
    r"^\s*(?:[-*+]\s+)?(?P<value>(?<=[-*+] )(?:no|not) .*|nothing to (?:undo|compensate|roll back)\b.*|timeout .*|waits? (?:at most|up to) .*|retriable.*|.*\bpivot\b.*|"
    r"(?:starts|begins|runs) (?:after|once|in parallel)\b.*|in parallel with .*|"
    r"can(?:not|'t| not) be (?:undone|compensated|reversed|rolled back|taken back)\b.*|"
    r"(?:is |must be |to be )?retried (?:until|for ?ever)\b.*)$",
    re.IGNORECASE,
)
_TELLS_OTHERS = re.compile(r"\bpivot\b.*\b(?:retr[iy]able|compensatable)\b|\bcompensatable\b.*\bpivot\b", re.IGNORECASE)
_NEVER_UNDONE = re.compile(
    r"^can(?:not|'t| not) be (?:undone|compensated|reversed|rolled back|taken back)\b", re.IGNORECASE
)
_ANNOTATED = re.compile(r"(?:\*\*|`)+(?P<name>[\w.-]+)(?:\*\*|`)+\s*\((?P<role>[^()]{2,24})\)")
_HEARS = re.compile(
    r"(?:listens|receives|consumes|accepts|hört|empfängt|écoute|reçoit|escucha|recibe|recebe)\b", re.IGNORECASE
)
_SEVERAL = {
    "topic": {
        "command": "command topic",
        "events": "event topic",
        "success": "success topic",
        "failure": "failure topic",
    },
    "events": {"undo": "undo event"},
    "command": {},
}
_TOPIC_OF = {"command": "command topic", "events": "event topic"}
# What a service calls the topics on its two sides, where nothing but a topic stands behind it.
_SIDES = dict.fromkeys(("in", "inbox", "input", "inbound", "eingang", "entrada", "entrée"), "command topic")
_SIDES |= dict.fromkeys(("out", "outbox", "output", "outbound", "ausgang", "salida", "saída", "sortie"), "event topic")
_TOPIC = re.compile(r"\W*[a-z0-9]+(?:[._/-][a-z0-9]+)+\W*")
_ASKS = {"command", "action"}
_FEWEST_IN_A_SHEET = 3


def labels_in(line: str) -> list[Labelled]:
    """The labels of a line by role, with their values, in order."""
    return [labelled for part in _parts(line) for labelled in _labelled(part)]


def sheet_of(block: Sequence[str]) -> list[Labelled]:
    """The labels of a fenced block that is a sheet of `label: value` about one step; empty for any other block."""
    told = [line for line in block if line.strip()]
    found = [labelled for line in told for labelled in labels_in(line) if not line.lstrip().startswith("-")]
    roles = [role for role, _ in found]
    if len(set(roles)) < _FEWEST_IN_A_SHEET or len(set(roles)) < len(roles) or 2 * len(roles) < len(told):
        return []
    return found


def _parts(line: str) -> list[str]:
    """The line, divided before each label that stands beside another one."""
    if line.lstrip().startswith("|"):
        return [line]
    cuts = [cut for cut in _BESIDE.finditer(line) if role_of(cut["label"]) is not None]
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(line)]
    return [line[start:end] for start, end in zip(starts, ends, strict=True)]


def is_label(line: str) -> bool:
    """Whether the line begins with a label, rather than with words that are one by themselves."""
    found = _LABEL.match(line)
    return found is not None and role_of(found["label"]) is not None


def annotated(value: str) -> list[Labelled]:
    """Names that a label lists with their roles in parentheses: `**a** (commands), **b** (events)`."""
    told = ((role_of(found["role"]), found["name"]) for found in _ANNOTATED.finditer(value))
    return [(role, name) for role, name in told if role is not None]


def _labelled(part: str) -> Iterator[Labelled]:
    found = _LABEL.match(part)
    role = role_of(found["label"]) if found else None
    if found and role and role != "of" and len(found["label"].split()) < 7:
        told = found["value"].split(" → ")[0] if role == "failure" else found["value"]
        value = with_unit(found["label"], told)
        several = annotated(value) if role in _SEVERAL else []
        if several:
            yield from ((_SEVERAL[role].get(kind, kind), f"`{name}`") for kind, name in several)
            yield from _topic_beside(role, value, {name for _, name in several})
            return
        value = f"**{value}" if value.count("**") % 2 else value
        asked, answers = answers_behind(value) if role in _ASKS else (value, "")
        yield _by_value(found["label"], role, asked), asked
        yield from [("events", answers)] if answers else []
        return
    if found and (side := _SIDES.get(found["label"].lower())) and _TOPIC.fullmatch(found["value"]):
        yield side, found["value"]
        return
    words = _WORDS_ONLY.match(part)
    if words:
        for said in re.split(r";\s+", words["value"]):
            if _TELLS_OTHERS.search(said):
                continue
            yield _role_of_words(said), "none" if _NEVER_UNDONE.match(said) else said


def _topic_beside(role: str, value: str, names: set[str]) -> Iterator[Labelled]:
    """The topic that a label names once for all its messages: `A` (success), `B` (failure) on **t**."""
    beside = [one.text for one in tokens(value) if one.is_topic and one.text not in names]
    if role in _TOPIC_OF and len(beside) == 1:
        yield _TOPIC_OF[role], f"`{beside[0]}`"


def _by_value(label: str, role: str, value: str) -> str:
    """The role of a label by its value too: `Consumes **stock-commands**` names a topic, `Sent to: Billing` a service."""
    told = tokens(value)
    if role == "action" and len(told) == 1 and told[0].marked and told[0].is_name and not is_event(told[0].text):
        return "command"
    if role == "command topic" and names_a_receiver(label, [value]):
        return "service"
    if (
        role in _TOPIC_OF
        and len(told) == 1
        and told[0].says_topic
        and not re.search(r"\w", value.replace(told[0].text, ""))
    ):
        return _TOPIC_OF[role]
    if role == "command" and len(told) > 1 and all(one.is_topic and one.says_topic for one in told):
        return "note"  # Channels of several services, in a list of its own.
    if role == "success" and sum(is_event(one.text) and not one.is_topic for one in told) > 1:
        return "events"
    alone = tokens(re.sub(r"\([^()]*\)", "", value))
    if role == "action" and len(alone) == 1 and alone[0].marked and alone[0].is_name and not is_event(alone[0].text):
        return "command"
    if _HEARS.match(label.strip(" *_")) and told and is_event(told[0].text) and not told[0].is_topic:
        return "events"
    return "command topic" if role == "topic" else role


def _role_of_words(words: str) -> str:
    lower = words.lower()
    if lower.startswith(("timeout", "wait")):
        return "timeout and retries"
    if re.search(r"^(?:no|not) .*compens|^nothing to", lower) or _NEVER_UNDONE.match(words):
        return "undo"
    if re.match(r"(?:starts|begins|runs|in parallel)\b", lower):
        return "after"
    return "kind" if re.search(r"pivot|retriable|retried", lower) else "note"
