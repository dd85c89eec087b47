"""Who does it: services in brackets, behind `by` or `via`, before a colon, or as the subject of a sentence."""

import re
from dataclasses import dataclass

from saga_scaffold.language.verbs import base_form, is_verb

_NOUNS = (
    "service|services|system|systems|api|apis|app|gateway|platform|engine|module|component|desk|department|"
    "dept|team|provider|manager|planner|handler|"
    "controller|farm|store|registry|ledger|warehouse|catalog|catalogue|pool|processor|validator|server|portal|"
    "site|backend|bank|core|broker|"
    "scheduler|calculator|bus|crm|erp|wms|tms|hub|office|bureau|scada|function|worker|agent|bot|orchestrator|"
    "adapter|microservice|shop|clinic|lab|"
    "registrar|exchange|network|vault|directory|cluster|database|repository|daemon|job|operator|underwriter|"
    "carrier|courier|supplier|vendor|partner"
)
SYSTEM_NOUN = re.compile(
    rf"(?:\b|-|_)(?:{_NOUNS})$|[a-z](?:Service|Management|Gateway|System|Api|API|Manager)$", re.IGNORECASE
)
DEPARTMENTS = frozenset(
    "finance inventory manufacturing accounting logistics billing treasury legal marketing sales procurement "
    "purchasing hr compliance shipping support "
    "warehouse fulfilment fulfillment payroll underwriting risk security operations production catering "
    "housekeeping reception payments crm erp "
    "wallet ledger pricing identity notification notifications mailer scheduling dispatch fraud kyc editorial "
    "transport".split()
)
_BRACKET = re.compile(r"\s*(?:\(([^()]{1,200})\)|\[([^\[\]]{1,200})\])")
_AT = re.compile(r"\s*@\s?([A-Za-z][\w-]*(?: [A-Z][\w-]*)*)")
_AGENT = re.compile(
    r"\s+(?P<how>by|via|through|using|with|in|from|at|on|to|towards|against)\s+(?:means of\s+|the help "
    r"of\s+)?(?:(?:the|our|a|an)\s+)?(?P<name>[\w&./'-]+(?:\s+[\w&./'-]+){0,4}?)"
    r"(?=\s+(?:by|via|through|with|in|from|at|to|for|on|within|of|as|into|against)\s|[,.;:]|\s*$)"
)
_LIMIT = re.compile(
    r"\b(?:retr\w+|tries|attempts?|time-?out|max|pivot|retriable|compensatable|undo\w*)\b|\b\d+ ?(?:m?s|sec\w*|"
    r"min\w*|h|hours?|days?)\b",
    re.IGNORECASE,
)
_SURE = frozenset("by via through using".split())
_NOT_A_SERVICE = re.compile(
    r"\b(?:timeout|timeouts|retry|retries|retried|times?|undo|undone|undoes|compensat\w*|rollback|roll back|"
    r"return|pivot|retriable|retryable|optional|parallel|only|if|when|unless|"
    r"max|within|seconds?|minutes?|hours?|days?|sec|min|ms|started|step|see|draft|async\w*|sync\w*|same|e\.g|"
    r"i\.e|required|attempts?|tries|at most|at least|always|never|can(?:not|'t)?|not|nothing|also|external|point of)\b"
    r"|\d+ ?s\b|[+=<>?!]|^\d+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """A text without its brackets: who does it, and what else stood in brackets."""

    text: str
    service: str | None
    notes: tuple[str, ...]


def without_brackets(text: str) -> Told:
    """The text without brackets and `@service` marks."""
    service: str | None = None
    notes: list[str] = []
    for match in _BRACKET.finditer(text):
        inside = (match[1] or match[2]).strip()
        first, *others = [part.strip() for part in re.split(r"\s*[,;/]\s+", inside)]
        if service is None and may_be_service(inside):
            service = tidy(inside)
        elif service is None and others and _LIMIT.search(" ; ".join(others)) and may_be_service(first):
            service, notes = tidy(first), [*notes, *others]
        else:
            notes.append(inside)
    text = _BRACKET.sub(" ", text)
    at = _AT.search(text)
    if at:
        service, text = service or at[1], _AT.sub("", text)
    text = re.sub(r"\s*->\s*$", "", text)
    return Told(re.sub(r"\s+([,.;:])", r"\1", re.sub(r" {2,}", " ", text)).strip(), service, tuple(notes))


def may_be_service(inside: str) -> bool:
    """Whether what stands in brackets is a name and not a remark."""
    words = inside.split()
    if not 1 <= len(words) <= 6 or _NOT_A_SERVICE.search(inside) or inside.endswith((".", ":")):
        return False
    first = words[0].lower()
    if len(words) > 2 and first in {"the", "a", "an", "this", "it", "we", "often"} and not SYSTEM_NOUN.search(inside):
        return False
    return not (len(words) > 2 and is_verb(first) and not SYSTEM_NOUN.search(inside)) and not re.search(r"[,;]", inside)


def agent(text: str, known: frozenset[str] = frozenset()) -> tuple[str, str | None]:
    """The text without `by the X service`, and that service; the last one where there are several."""
    found: re.Match[str] | None = None
    for match in _AGENT.finditer(text):
        if _is_agent(match, known):
            found = match
    if found is None:
        return text, None
    return (text[: found.start()] + text[found.end() :]).strip(), tidy(found["name"])


def _is_agent(match: re.Match[str], known: frozenset[str]) -> bool:
    name, how = match["name"].strip(), match["how"]
    lower = name.lower()
    if re.match(
        r"(?:it|them|this|that|which|\d|parallel|order|reverse|full|advance|hand|mail|e-?mail|sms|phone|turn)\b", lower
    ) or (base_form_gerund(lower) and not re.match(r"\s+by (?:the|a|an|our) ", match[0])):
        return False
    if how == "by":
        return True
    if how in _SURE:
        return bool(SYSTEM_NOUN.search(name)) or name[0].isupper() or len(name.split()) <= 3
    named = lower in known or any(lower == one.removesuffix(" service") for one in known)
    if how in {"to", "towards", "on", "against"}:
        return (
            named
            or bool(SYSTEM_NOUN.search(name) and len(name.split()) > 1)
            or _camel(name)
            or (name[0].isupper() and how == "against")
        )
    return named or bool(SYSTEM_NOUN.search(name)) or name[0].isupper() or lower in DEPARTMENTS


def base_form_gerund(word: str) -> bool:
    """Whether the phrase begins with a gerund: `by clearing the cart` names no service."""
    first = word.split()[0]
    return first.endswith("ing") and base_form(first) is not None and len(word.split()) > 1


def _camel(name: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]*)+", name))


def is_service_subject(subject: str, known: frozenset[str]) -> bool:
    """Whether a subject is a service by its noun, its spelling, or because the text has named it before."""
    bare = re.sub(r"^(?:the|our|a|an|your|their)\s+", "", subject, flags=re.IGNORECASE)
    words = bare.split()
    if not words or len(words) > 6:
        return False
    if bare.lower() in known or SYSTEM_NOUN.search(bare) or bare.lower() in DEPARTMENTS:
        return True
    return all(word[0].isupper() for word in words) and not re.match(
        r"(?:We|It|They|You|He|She|If|When|This|That|There|I)\b", bare
    )


def tidy(name: str) -> str:
    """The name of a service without article, quotes and leading `Lane`."""
    bare = name.strip(" \"'`*_.,:;")
    name = re.sub(
        r"^(?:(?:in|by|via|through|the|our|a|an|lane|pool|swimlane)\s+|(?:participant|actor|system|service|"
        r"owner)\s*:\s*)(?=\S)",
        "",
        bare,
        flags=re.IGNORECASE,
    )
    return re.sub(r"^(?:the|our|a|an)\s+", "", name, flags=re.IGNORECASE).strip()
