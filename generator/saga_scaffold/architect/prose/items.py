"""One list item as a step: who does it, what is done, and what else the item says."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import item
from saga_scaffold.architect.prose.conditions import CASE_AHEAD
from saga_scaffold.architect.prose.limit_words import only_limits
from saga_scaffold.architect.prose.notes import with_notes
from saga_scaffold.architect.prose.placed import placed_verb
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.sentences import outside_brackets, sentences
from saga_scaffold.architect.prose.signs import NONE
from saga_scaffold.architect.prose.stems import stems
from saga_scaffold.language.foreign import NOTHING, foreign_verb
from saga_scaffold.language.verbs import base_form, is_verb

_OWN_UNDO = re.compile(
    r"\s*(?:[-,;.|/(\[:]+|->)?\s*\b(?:comp(?=:)|(?:to )?undo(?:ne by| by| with)?|rollback|"
    r"on (?:undo|rollback|failure)(?: downstream| later(?: on)?)?|(?:to )?compensate(?=:)|"
    r"(?:if|when|should) (?:we|it|something|anything|this|that|things|needed|necessary)\b[^:;,]{0,40}(?=:)|"
    r"if (?:any|some)thing (?:later |downstream )?(?:fails|goes wrong)(?: later(?: on)?| downstream)?|"
    r"compensat(?:ion action|ing action|ion|e by|e with|ed by|able)|compensable|revers(?:al|ed by)|"
    r"(?:(?:is|are|gets?|can be|to be) )?(?:undone|taken back|reversed|rolled back|reverted|compensated|countered|"
    r"backed out|unwound|put right|cleaned up) (?:by|with|through|via)|(?:the )?(?:way|road) back|counterpart|opposite|"
    r"inverse|"
    r"revert(?:s|ed)?|if (?:it|this|that) fails|counter-?action|rückgängig|storno|annul(?:ation|er)|"
    r"compensa(?:ción|ção|tion)|deshacer|desfazer|anular)\b\s*(?:is|action)?\s*(?::|=|->|\bby\b|-|"
    r"(?<=by)(?=\s)|(?<=with)(?=\s)|(?<=through)(?=\s)|(?<=via)(?=\s))\s*(?P<undo>[^)\]]+?)[)\]]?\s*(?=$|"
    r"[;.](?:\s|$)|\((?:compensatable|pivot|retriable)\))",
    re.IGNORECASE,
)
_GOES_WRONG = (
    r"(?:(?:if|when|whenever|should|in case|once)\s+(?:any|some)thing\b[^).;]*?\b"
    r"(?:fail\w*|goes? wrong|breaks?|went wrong)|"
    r"(?:on|upon|after)\s+(?:a\s+|any\s+)?(?:later\s+)?(?:failure|error|rollback|abort))"
)
_IN_BRACKETS = re.compile(
    rf"[(\[]\s*(?:and |but )?(?P<undo>[^()\[\]]{{4,80}}?)\s+(?:again\s+)?{_GOES_WRONG}[^)\]]*[)\]]", re.IGNORECASE
)
_RELATIVE = re.compile(
    r",\s+(?:which|who)\s+(?:is|are|gets?|must be|has to be|have to be|will be)\s+(?P<verb>\w+)\s+"
    rf"(?:again\s+)?{_GOES_WRONG}",
    re.IGNORECASE,
)
_ONLY = re.compile(r"^(?:only )?(?:if|when|where)\s+(?P<when>[^:,]{3,80})[:,]\s+(?=\S)", re.IGNORECASE)
_KIND_BEHIND = re.compile(
    r",\s+(?:the |a )?(?P<kind>pivot|retriable|retryable|compensatable|compensable)(?: step)?(?=\s*[.;]?$)",
    re.IGNORECASE,
)
PREFIX = re.compile(r"^(?P<name>[^:]{2,48}?)\s*:\s+(?P<rest>\S.*)$")
_DASHED = re.compile(r"^(?P<left>.{2,80}?)\s+-\s+(?P<right>\S.*)$")
TASK = re.compile(
    r"\b(?:(?:service|user|send|script|manual|business)\s*)?(?:task|activity)\s+[\"'](?P<name>[^\"']+)[\"']",
    re.IGNORECASE,
)
LANE = re.compile(
    r"\b(?:lane|pool|swimlane)\s+[\"']?(?P<name>[A-Z][^:\"'->]*?)[\"']?\s*(?=:|->|,|$|[()])", re.IGNORECASE
)


def read_item(text: str, index: int, line: int) -> Seen | None:
    """The step that a list item tells: its action, who does it, and what else the item says."""
    raw = text
    text = re.sub(r"\*\*|__|`|^\s*[!*] ?(?=\w)", "", text).strip()
    told_undo = _OWN_UNDO.search(text)
    undo = told_undo["undo"].strip() if told_undo else None
    aside = None if told_undo else _undo_aside(text)
    undo = aside or undo
    doing, beside = without_counterpart(text) if undo is None else (text, None)
    text, undo = doing, undo or beside
    nothing = undo is not None and bool(NOTHING.match(undo) or NONE.match(undo))
    if told_undo:
        text = (text[: told_undo.start()] + " " + text[told_undo.end() :]).strip()
    only = _ONLY.match(text) or CASE_AHEAD.match(text)
    marked = _KIND_BEHIND.search(text)
    if marked:
        text = text[: marked.start()] + text[marked.end() :]
    head = next(iter(sentences(outside_brackets(text[only.end() :] if only else text, ";")[0])), "")
    parallel = _BESIDE_ANOTHER.match(head)
    action = _read_head(_without_limits(head[parallel.end() :] if parallel else head))
    if action is not None and parallel:
        action = replace(action, notes=(*action.notes, parallel[0].strip(" ,:")))
    if action is None or not re.search(r"[^\W\d_]{2}", action.text):
        return None
    kind = "compensatable" if told_undo and re.search(r"\bcompensa(?:t)?able\b", told_undo[0], re.IGNORECASE) else None
    notes = (*action.notes, "nothing to undo") if nothing else action.notes
    kind = kind or (marked["kind"].lower() if marked else None)
    told = None if nothing else undo
    return with_notes(Seen(action, raw, index, line, told, notes, kind, only["when"].strip(" :,") if only else None))


_SIDES = re.compile(r"^(?P<doing>[^/|]{4,90}?)\s+[/|]\s+(?P<undo>[^/|]{3,90}?)(?P<notes>\s*(?:\([^()]*\)\s*)*)$")


def without_counterpart(text: str) -> tuple[str, str | None]:
    """`freeze the script / unfreeze the script`: the step, and what stands beside it and takes it back."""
    match = _SIDES.match(text)
    if match is None:
        return text, None
    prefix = PREFIX.match(match["doing"])
    one, other = item(prefix["rest"] if prefix else match["doing"]), item(match["undo"])
    if one is None or other is None or not one.verb or not other.verb or one.verb == other.verb:
        return text, None
    about_the_same = stems(other.thing) <= stems(one.thing) | stems(one.verb)
    return (match["doing"] + match["notes"], match["undo"]) if about_the_same else (text, None)


def _without_limits(head: str) -> str:
    """The item without the pieces that only tell limits: `send the SMS, retried for ever`."""
    first, *pieces = re.split(r"(?<=[^\d]),\s+", head)
    return ", ".join([first, *(one for one in pieces if not only_limits(one) and not _CONDITION.match(one))])


_CONDITION = re.compile(r"(?:but |and )?(?:only|not|except) (?:if|when|for|where|with|in)\b", re.IGNORECASE)


_BESIDE_ANOTHER = re.compile(
    r"(?:in parallel|parallel|at the same time|together|simultaneously) (?:with|to|as) (?:step |no\.? ?|"
    r"number )?\d{1,2}[,:]?\s+",
    re.IGNORECASE,
)


def _undo_aside(text: str) -> str | None:
    """`(and deregisters the seller if anything goes wrong)`, `which is deleted again on failure`."""
    bracket, clause = _IN_BRACKETS.search(text), _RELATIVE.search(text)
    if bracket:
        return bracket["undo"]
    return base_form(clause["verb"]) if clause else None


def _read_head(head: str) -> Action | None:
    head = re.sub(r"^\s*(?:\d{1,2}[.)]|\[[ xX]\])\s*", "", head)
    task = TASK.search(head)
    if task:
        lane = LANE.search(head) or re.match(r"^(?P<name>[A-Z][\w ]{2,40}?):", head)
        action = item(task["name"])
        return replace(action, service=services.tidy(lane["name"]) if lane else action.service) if action else None
    prefix = PREFIX.match(head)
    if prefix and not (_is_phrase(prefix["name"]) and not _is_title_of(prefix["name"], prefix["rest"])):
        action = item(prefix["rest"])
        told = services.without_brackets(prefix["name"])
        return replace(action, service=services.tidy(told.text), notes=(*action.notes, *told.notes)) if action else None
    if prefix and _is_phrase(prefix["name"]):
        action = item(prefix["name"])
        if action and services.may_be_service(prefix["rest"].rstrip(".")):
            return replace(action, service=services.tidy(prefix["rest"]))
        return (
            item(prefix["rest"]) if action is None else replace(action, service=action.service or _doer(prefix["rest"]))
        )
    dashed = _DASHED.match(head)
    if dashed:
        return _dashed(dashed["left"], dashed["right"])
    return item(head)


def _doer(sentence: str) -> str | None:
    """Who does what the sentence behind a step's name tells."""
    told = item(next(iter(sentences(sentence)), ""))
    return told.service if told else None


def _is_phrase(name: str) -> bool:
    """Whether what stands before the colon is an action and not a service."""
    words = services.without_brackets(name).text.split()
    if not words or services.SYSTEM_NOUN.search(name):
        return False
    return (
        (is_verb(words[0]) or foreign_verb(name) is not None)
        and len(words) > 1
        and not words[-1].lower().endswith("service")
    )


def _is_title_of(name: str, rest: str) -> bool:
    """Whether a capitalised name that begins like a verb is a service all the same: `Shop Floor: produce the order`."""
    first = rest.split()[0].strip(",.")
    return all(word[0].isupper() for word in name.split()) and first.islower() and base_form(first) is not None


def _tells_at_length(text: str) -> bool:
    """Whether the text is a verb with an article behind it: `send the mail`."""
    return bool(re.match(r"\w+\s+(?:the|an?|its|their)\s", text)) and is_verb(text.split()[0])


def _names_a_service(right: str) -> bool:
    short = len(right.split()) <= 2 and not is_verb(right.split()[0])
    return short or right[:1].isupper() or bool(services.SYSTEM_NOUN.search(right))


def _dashed(left: str, right: str) -> Action | None:
    """`Reserve stock - Inventory Service` or `Inventory Service - reserve stock`."""
    right = right.rstrip(" .")
    one, other = item(left), item(right)
    named = _is_title_of(left, right) or (_tells_at_length(right) and not _tells_at_length(left))
    if _is_phrase(left) and one and not (other and named):
        named = services.may_be_service(right) and _names_a_service(right)
        return replace(one, service=one.service or services.tidy(right)) if named else one
    if other and (base_form(right.split()[0]) or placed_verb(right.split()) or _is_phrase(right)):
        return replace(other, service=other.service or services.tidy(left))
    return one
