"""The way forward: the actions of one sentence, whatever stands around them."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.conditions import CASE_AHEAD
from saga_scaffold.architect.prose.counting import NEVER, TURNING, counts
from saga_scaffold.architect.prose.limit_words import NONE, read_limits
from saga_scaffold.architect.prose.nominals import nominal
from saga_scaffold.architect.prose.pieces import is_an_outcome, pieces
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import NOTHING, REMARK, SMALL_TALK, is_failure
from saga_scaffold.architect.prose.trimming import strip_lead
from saga_scaffold.architect.prose.turning import RETURN
from saga_scaffold.architect.prose.voices import UP_TO
from saga_scaffold.language.verbs import base_form, guess_base, third_person

_ANNOUNCED = re.compile(r"^(?P<lead>[^:.]{3,110}):\s+(?P<rest>\S.*)$")
_NAMES_THE_WHOLE = re.compile(
    r"^(?:the |these |our )?(?:steps?|flow|process|procedure|sequence|workflow|happy path)\b(?! \w+s\b)", re.IGNORECASE
)
_CONSISTS = re.compile(
    r"^.{3,80}?\b(?:consists? of|comprises?|involves?|is made up of|boils down to|means)\s+(?=(?:\w+ ){0,2}\w+ing\b)",
    re.IGNORECASE,
)
_BEGINS_WITH = re.compile(
    r"^.{0,80}?\b(?:begins?|starts?|opens?) with (?=(?:the|our|an?) [\w-]+(?: [\w-]+)? \w+ing\b)", re.IGNORECASE
)
_TURN = re.compile(
    rf"(?:(?:\s*[,:;]|\s+-)?\s+(?:so|and|which|after which|but|this|that|it)|(?:\s*[,:;]|\s+-)\s+(?:from|past|"
    rf"after|beyond|once|with|there|"
    rf"nothing|no))\s[^,;(]*?(?:{TURNING.pattern})[^,;]*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:(?:ok|okay|so|well|right|anyway|alright|now)[:,]\s+)+|^(?:hi|hello|hey|hallo|"
    r"dear)(?: \w+)?[,!]\s+(?=\w+ \w+ \w+ \w+)",
    re.IGNORECASE,
)
_BOUNDED = re.compile(
    r"^(?:as long as|so long as|until|up to|unless|(?:before|prior to)\b[^,]*:|at any time|any time)(?:\b|(?<=:))",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:goes?|works?|looks?|runs?|happens?|is|are) (?:done )?(?:(?:exactly |roughly |more or less |"
    r"a bit )?like that|this way|so)[.:]?$|"
    r"\b(?:as follows|as described below|like (?:this|so)|in the following (?:order|way|steps)|"
    r"in \w+ (?:steps|moves|stages|phases|parts))\W*$",
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"^(?:(?:so|and|but|ok|okay|well|now),? )*(?:(?:this|that|here) is |here's |that's )?how (?:we|the|it|"
    r"this|our|an?)\b(?!.*:)|"
    r"\b(?:word|words|note|notes|story|summary|description|explanation|question|idea|picture) (?:on|of|"
    r"about) how\b(?!.*:)|"
    r"\b(?:ask(?:ed|s)|said|says|told|wondered|wonders|mentioned|wrote|explained|knows?|remembers?|decided|"
    r"agreed|want(?:s|ed)? to know)"
    r" (?:me |us |you )?(?:how|why|what|whether|if|where|that)\b",
    re.IGNORECASE,
)
_OF_EVERY = re.compile(r"^(?:each|every|all|any|no)\b", re.IGNORECASE)
_WHEN_INSIDE = re.compile(
    r"\b(?P<when>(?:when|once|whenever|as soon as|after|if)\s+(?:an?|the|some\w+)\s+[^,:]{3,80})$", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ITS_OWN_WORK = re.compile(r"\b(?:revers(?:e|es|ed)|recall(?:s|ed)?|clean(?:s|ed)?[ -]?up)\b", re.IGNORECASE)
_APPOSED = re.compile(
    r"^(?:then |next |after that,? )*(?:two|three|four|five|several|both|\d)\s+\w+(?:,|:|"
    r"\s-)\s+(?P<names>.+?)(?:,|\s-)?\s+(?:then )?(?:run|are run|happen|are done|are performed|take place|are "
    r"carried out|start|follow)\b",
    re.IGNORECASE,
)
_RUN_BESIDE = re.compile(
    r"^(?P<names>.+?)\s+(?:then )?(?:run|happen|are run|are done|are performed|take place|go on)\s+(?:in "
    r"parallel|at the same time|simultaneously|concurrently|side by side)",
    re.IGNORECASE,
)
_ABOUT_STEPS = re.compile(
    r"^(?:the )?(?:steps? \d|[A-Z]{1,5}-?\d{1,4}\b)(?:[\d ,and-]|[A-Z]{1,5}-?\d)*(?:can|may|shall|will|should|"
    r"have|need|runs?|are|is|happens?|must|only|do|does|start)\b",
    re.IGNORECASE,
)
_OWNED = re.compile(r"\bbelongs? to the\b", re.IGNORECASE)


def forward_actions(sentence: str, known: frozenset[str]) -> list[Action]:
    """The actions of a sentence that tells the way forward; none of one that speaks of failure or of the world."""
    sentence = UP_TO.sub(r"\g<who> has to ", strip_lead(sentence)) if UP_TO.search(strip_lead(sentence)) else sentence
    sentence = _begun(_GREETING.sub("", _up_to_the_turn(_TURN.sub("", sentence))))
    sentence = _what_follows(sentence, known)
    if (
        _ANNOUNCES.search(sentence)
        or _leads_elsewhere(sentence)
        or _ABOUT_STEPS.match(sentence)
        or _OWNED.search(sentence)
    ):
        return []
    outside = without_brackets(sentence).text
    if (
        (is_failure(outside) and not _only_reverses(outside, known))
        or NOTHING.search(outside)
        or SMALL_TALK.match(sentence)
        or _BOUNDED.match(sentence)
        or sentence.endswith("?")
        or _REPORTS.search(sentence)
        or (_OF_EVERY.match(sentence) and read_limits(sentence) != NONE)
        or (len(sentence.split()) < 2 and not re.fullmatch(r"[a-z]{3,}", sentence))
    ):
        return []
    case = CASE_AHEAD.match(sentence)
    if case:
        return [_plain(one) for one in actions(sentence[case.end() :], known) if counts(one)]
    announced = _ANNOUNCED.match(sentence)
    if announced and actions(announced["rest"], known)[:1] and actions(announced["rest"], known)[0].verb in NEVER:
        return []
    if announced and (
        _NAMES_THE_WHOLE.match(announced["lead"])
        or len(actions(announced["rest"], known)) > 1
        or all(one.voice in {Voice.GERUND, Voice.NOUN} for one in actions(announced["lead"], known))
    ):
        when = _WHEN_INSIDE.search(announced["lead"])
        sentence = f"{when['when']}, {strip_lead(announced['rest'])}" if when else announced["rest"]
    elif REMARK.match(sentence):
        return []
    named = _APPOSED.match(sentence) or _RUN_BESIDE.match(sentence)
    if named:
        told = [_named(piece) for piece, _ in pieces(named["names"])]
        if len(told) > 1 and all(one.verb for one in told):
            return told
    listed = _CONSISTS.match(sentence)
    if listed:
        told = actions(sentence[listed.end() :], known)
        told = [replace(one, voice=Voice.IMPERATIVE) if one.voice is Voice.GERUND else one for one in told]
        return [_plain(one) for one in told if counts(one)]
    told = [_plain(one) for one in actions(sentence, known) if counts(one)]
    return [] if len(told) == 1 and told[0].voice is Voice.NOUN else told


def _what_follows(sentence: str, known: frozenset[str]) -> str:
    """`someone gets a garden -> the office draws up a lease, ...` from its arrow on; other sentences as they are."""
    event, arrow, rest = sentence.partition(" -> ")
    if not arrow or " -> " in rest or is_failure(event) or not _leads_elsewhere(sentence):
        return sentence
    return rest if len(actions(rest, known)) > 1 else sentence


def _only_reverses(sentence: str, known: frozenset[str]) -> bool:
    """Whether nothing but the verb of a service speaks of undoing: `Accounting Service reverses the authorization`."""
    if not _ITS_OWN_WORK.search(sentence) or is_failure(_ITS_OWN_WORK.sub("takes", sentence)):
        return False
    told = actions(sentence, known)
    return bool(told) and all(one.service and one.voice is Voice.ACTIVE for one in told)


def _up_to_the_turn(sentence: str) -> str:
    """The sentence without its last part, where that only says that there is no way back from here."""
    turn = RETURN.search(_IN_BRACKETS.sub(lambda inside: " " * len(inside[0]), sentence))
    cut = max(sentence.rfind(mark, 0, turn.start()) for mark in (", ", "; ", ": ", " - ", " and ")) if turn else -1
    return sentence[:cut] if cut > 15 and len(sentence[:cut].split()) > 2 else sentence


def _begun(sentence: str) -> str:
    """`It begins with the desk registering the donor` is `the desk registers the donor`."""
    if not _BEGINS_WITH.match(sentence):
        return sentence
    rest = _BEGINS_WITH.sub("", sentence)
    return re.sub(r"\b(\w+ing)\b", lambda doing: third_person(guess_base(doing[1])), rest, count=1)


def _leads_elsewhere(sentence: str) -> bool:
    """Whether an arrow leads away from something that happened: `anything red => revert the canaries`."""
    left, arrow, _ = sentence.partition(" -> ")
    words = left.split()
    return bool(arrow and words) and (base_form(words[0]) != words[0].lower() or is_an_outcome(left))


def _named(piece: str) -> Action:
    """`the null check` is `check null`, `label printing` is `print label`."""
    clause = nominal(piece)
    return Action(clause.verb, clause.thing, piece=piece)


def _plain(action: Action) -> Action:
    return (
        replace(action, thing=re.sub(r"\s+of (?:the )?(?:time|holiday)\b.*$", "", action.thing))
        if " of " in action.thing
        else action
    )
