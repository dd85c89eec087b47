"""Titles: of a heading, a line in bold, or a numbered line; and what a title says besides the name of its step."""

import re

from saga_scaffold.architecture.evidence.roles import role_of
from saga_scaffold.architecture.evidence.state_names import is_state
from saga_scaffold.architecture.evidence.tokens import plain
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s*(.+?)\s*#*\s*$")
_BOLD_LINE = re.compile(r"^\s{0,3}\*\*([^*]+)\*\*\s*(\*?\(.*\)\*?)?\s*:?\s*$")
_ITEM = re.compile(r"^(\s*)(\d{1,2}(?:\.\d{1,2})+\.?|\d{1,2}[.)])\s+(.+)$")
_PREFIX = re.compile(
    r"^(?:\[[A-Z]?\d{1,2}\]\s*|[A-Z]?-?\d+(?:\.\d+)*[.):]?\s*)?(?:[-–—·•|]\s*)?"
    r"(?:(?:step|phase|stage|schritt|etape|étape|paso|passo|action|krok|bước|步骤|단계|状态)(?!s\b)\s*#?\d*(?:\.\d+)?(?:\s*(?:of|/|von|de|sur)\s*\d+)?\s*[.:)–—-]*\s*)?"
    r"(?:state\s+|(?:state|status|zustand|état|estado)\s*:\s*|(?:status|zustand|état|estado)\s+(?=(?-i:[A-Z][A-Z_]+\b))|context\s*:\s*|command\s*:\s*)?",
    re.IGNORECASE,
)
_STATE = re.compile(r"^state\s+[A-Z]\w+$", re.IGNORECASE)
_ASIDE = re.compile(r"\(([^()]{2,60})\)\s*(?:,.*)?$")
_KIND = re.compile(
    r"\b(pivot\w*|retr(?:y|ies|i)\w*able|retriable|compens\w+able|reintentable|repetible|wiederholbar)\b", re.IGNORECASE
)

_OWNER = re.compile(r"[A-ZÀ-ÖØ-Þ][\w&-]*(?:\s+(?:[A-ZÀ-ÖØ-Þ&][\w&-]*|of|and|de|du|für|und)){0,4}")


# `– contexto Espaços`, `— Billing context`: who does it, behind a dash and with the word for it.
_CONTEXT = r"(?:bounded\s+)?context|service|contexto(?:\s+delimitado)?|contexte(?:\s+délimité)?|kontext|serviço|servicio|dienst"
_BESIDE = re.compile(
    rf"\s+[-–—·|]\s+(?:(?i:{_CONTEXT})\s*:?\s+(?P<after>[A-ZÀ-ÖØ-Þ][\w &-]{{1,40}})|(?P<before>[A-ZÀ-ÖØ-Þ][\w &-]{{1,40}}?)\s+(?i:(?:bounded\s+)?context|kontext))\s*$"
)
_CONDITION = re.compile(
    r"(?:[,;–—-]|\()\s*(?P<condition>(?:optional\w*[,:]?\s+)?(?:only (?:if|when|for)|if|when|unless|s[oó]lo si|si|nur (?:wenn|falls|bei)|wenn|falls|seulement si"
    r"|uniquement si|s[oó] se|apenas se|somente se|se)\s+[^()]{3,}?)\)?\s*$",
    re.IGNORECASE,
)


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
    text = _BESIDE.sub("", _ASIDE.sub("", _CONDITION.sub("", plain(title)))).strip()
    for _ in range(2):
        text = _PREFIX.sub("", text, count=1).strip(" .:–—-")
    return re.sub(r"\s+(context|phase|step)$", "", text, flags=re.IGNORECASE)


def state_in(title: str) -> str:
    """The state that a title is, beside a service or alone: `RESERVING` of `[M1] RESERVING - Fleet Service`."""
    name = re.split(r"\s+[-–—:]\s+", cleaned(title))[0]
    spelled = name.isupper() or f"`{name}`" in title
    return name if spelled and (is_state(name) or _STATE.match(plain(title))) else ""


def service_in(title: str) -> str | None:
    """The service that a title names in parentheses, or that it is: `Inventory context`."""
    text = _CONDITION.sub("", plain(title))
    beside_it = _BESIDE.search(text)
    if beside_it:
        return beside_it["after"] or beside_it["before"]
    found = _ASIDE.search(text)
    if found:
        return None if _KIND.search(found[1]) else found[1]
    if state_in(title):
        beside = re.split(r"\s+[-–—]\s+", text, maxsplit=1)[1:]
        return beside[0] if beside else None
    owner = re.fullmatch(r"(?:\d+(?:\.\d+)*[.)]?\s*)?(.{2,40}?)\s+(?:bounded\s+)?context", text, re.IGNORECASE)
    return owner[1] if owner else None


def divided(title: str) -> tuple[str, str | None]:
    """A title that tells an action and who does it, apart: `Lease the aircraft — Fleet Exchange`, or the other way round."""
    parts = [part.strip() for part in re.split(r"\s+(?:[-–—|@/·]|←)\s+|:\s+", cleaned(title)) if part.strip()]
    if len(parts) != 2 or any(_KIND.search(part) or state_in(part) for part in parts):
        return cleaned(title), None
    ways = [(action, owner) for action, owner in (parts, parts[::-1]) if _is_action(action) and _OWNER.fullmatch(owner)]
    told = [way for way in ways if not _is_action(way[1])] or [way for way in ways if not _OWNER.fullmatch(way[0])]
    if len(told) == 1:
        return told[0]
    return cleaned(title), None


def _is_action(text: str) -> bool:
    words = naming.words(text)
    return len(words) > 1 and base_form(words[0]) is not None


def condition_in(title: str) -> str:
    """When a step runs, as far as its title says: `if the order is a gift` of `Wrap parcel (only if the order is a gift)`."""
    found = _CONDITION.search(plain(title))
    return found["condition"] if found else ""


def kind_in(title: str) -> str:
    """What a title says in parentheses of the kind of its step: `pivot` of `Charge deposit (pivot transaction)`."""
    found = _ASIDE.search(plain(title))
    kind = _KIND.search(found[1]) if found else None
    return kind[1].lower() if kind else ""
