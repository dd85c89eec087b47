"""Steps under titles: a heading, a bold line or a numbered item, with the labels that follow it."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.tables import labels_of, tables
from saga_scaffold.architecture.evidence.tokens import plain

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.+?)\s*#*\s*$")
_BOLD_LINE = re.compile(r"^\s{0,3}\*\*(.+?)\*\*\s*(\(.*\))?\s*:?\s*$")
_ITEM = re.compile(r"^(\s*)(\d{1,2})[.)]\s+(.+)$")
_LABEL = re.compile(
    r"^\s*(?:[-*+]\s+|\d+[.)]\s+|\d+\.\d+\.?\s+)?(?:\*\*|__)?\s*(?P<label>[^:*|`→=]{2,48}?)\s*(?:\*\*|__)?\s*"
    r"(?:[:：]\s*(?:\*\*|__)?(?![/\\])|\s(?=`|\*\*)|\s?=\s)\s*(?P<value>.*)$"
)
_LABELS_BESIDE = re.compile(
    r"[;,]\s+(?=\W{0,4}(?:success|failure|compensation|undo|timeout|retries|kind|topic)\W{0,4}:)", re.IGNORECASE
)
_STATE = re.compile(r"^state\s+`([A-Z]\w+)`$", re.IGNORECASE)
_WORDS_ONLY = re.compile(
    r"^\s*[-*+]\s+(?P<value>(?:no|not) .*|timeout .*|retriable.*|.*\bpivot\b.*|"
    r"can(?:not|'t| not) be (?:undone|compensated|reversed|rolled back|taken back)\b.*|"
    r"(?:is |must be |to be )?retried (?:until|for ?ever)\b.*)$",
    re.IGNORECASE,
)
_NEVER_UNDONE = re.compile(
    r"^can(?:not|'t| not) be (?:undone|compensated|reversed|rolled back|taken back)\b", re.IGNORECASE
)
_PREFIX = re.compile(
    r"^(?:[A-Z]?\d+(?:\.\d+)*[.):]?\s*)?(?:[-–—]\s*)?"
    r"(?:(?:step|phase|stage|schritt|etape|étape|paso|passo|action|krok|bước|步骤|단계|状态)\s*#?\d*(?:\.\d+)?\s*[.:)–—-]*\s*)?"
    r"(?:state\s+|context\s*:\s*|command\s*:\s*)?",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"\(([^()]{2,60})\)\s*(?:,.*)?$")
_NOT_STEPS = re.compile(
    r"event.?store|idempoten|snapshot|schema|orchestrator|overview|failure strateg|ordering|split.?brain|retr(y|ies)|terminal( |-|$)"
    r"|topics?$|states?$|fsm|summary|compensation (order|matrix|flow|sequence)|backward|rollback|conclusion|ereignisspeicher",
    re.IGNORECASE,
)


def groups(lines: Sequence[str]) -> Iterator[Found]:
    """Every titled group that says enough to be a step, in order."""
    return (found for found in _all(lines) if found.is_step and not _NOT_STEPS.search(found.title))


def _all(lines: Sequence[str]) -> Iterator[Found]:
    current, fenced, under_compensation = Found("", 0), False, False
    tabled = {table.line: table for table in tables(lines)}
    rows = {line for table in tabled.values() for line in range(table.line - 1, table.line + 1 + len(table.rows))}
    for index, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        title = title_of(line)
        if title is not None:
            yield current
            under_compensation = bool(re.search(r"compensat|rollback|undo|kompens|补偿", title, re.IGNORECASE))
            current = Found("" if under_compensation else cleaned(title), index + 1, service_in(title), note=title)
            state = _STATE.match(title)
            if state:
                current.say("state", f"`{state[1]}`")
        elif index + 1 in tabled and tabled[index + 1].holds_labels:
            for role, value in labels_of(tabled[index + 1]).items():
                current.say(role, value)
        elif index not in rows:
            for part in _LABELS_BESIDE.split(line):
                _read_label(current, part)
    yield current


def _read_label(current: Found, line: str) -> None:
    found = _LABEL.match(line)
    role = role_of(found["label"]) if found else None
    if found and role and role != "of" and len(found["label"].split()) < 7:
        if role == "topic":
            role = "command topic"
        value = found["value"]
        current.say(role, f"**{value}" if value.count("**") % 2 else value)
        return
    words = _WORDS_ONLY.match(line)
    if words:
        for part in re.split(r";\s+", words["value"]):
            current.say(_role_of_words(part), "none" if _NEVER_UNDONE.match(part) else part)


def _role_of_words(words: str) -> str:
    lower = words.lower()
    if lower.startswith("timeout"):
        return "timeout and retries"
    if re.search(r"^(no|not) .*compens", lower) or _NEVER_UNDONE.match(words):
        return "undo"
    return "kind" if re.search(r"pivot|retriable|retried", lower) else "note"


def title_of(line: str) -> str | None:
    """The title that a line is: of a heading, a line in bold, or a numbered item that is one."""
    heading = _HEADING.match(line)
    if heading:
        return heading[2]
    bold = _BOLD_LINE.match(line)
    if bold and role_of(bold[1]) is None:
        return f"{bold[1]} {bold[2] or ''}".strip()
    item = _ITEM.match(line)
    if item and len(item[1]) < 4 and (item[3].startswith("**") or len(item[3].split()) < 9) and ":" not in item[3][:-1]:
        return None if _is_message_item(item[3]) else item[3]
    return None


def _is_message_item(text: str) -> bool:
    return "→" in text or "←" in text


def cleaned(title: str) -> str:
    """`### **Step 1 — Create Work Order** (Manufacturing)` is `Create Work Order`."""
    text = _SERVICE.sub("", plain(title)).strip()
    for _ in range(2):
        text = _PREFIX.sub("", text, count=1).strip(" .:–—-")
    return re.sub(r"\s+(context|phase|step)$", "", text, flags=re.IGNORECASE)


def service_in(title: str) -> str | None:
    """The service that a title names in parentheses, or that it is: `Inventory context`."""
    text = plain(title)
    found = _SERVICE.search(text)
    if found:
        return found[1]
    owner = re.fullmatch(r"(?:\d+(?:\.\d+)*[.)]?\s*)?(.{2,40}?)\s+(?:bounded\s+)?context", text, re.IGNORECASE)
    return owner[1] if owner else None
