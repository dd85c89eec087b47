"""Steps in running text: which sentences tell the way forward, and their actions."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.cases import lacking, tells_undo
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.conditions import CASE_AHEAD
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.limit_words import NONE, only_limits, read_limits
from saga_scaffold.architect.prose.matching import TAKES_BACK
from saga_scaffold.architect.prose.nominals import nominal
from saga_scaffold.architect.prose.notes import with_notes
from saga_scaffold.architect.prose.passages import MOST_STEPS, Form, Passage
from saga_scaffold.architect.prose.pieces import is_an_outcome, pieces
from saga_scaffold.architect.prose.seen import Seen, best
from saga_scaffold.architect.prose.services import without_brackets
from saga_scaffold.architect.prose.signs import NOTHING, REMARK, SMALL_TALK, is_failure
from saga_scaffold.architect.prose.stems import stems
from saga_scaffold.architect.prose.title_steps import without_title
from saga_scaffold.architect.prose.trimming import strip_lead
from saga_scaffold.architect.prose.turning import RETURN
from saga_scaffold.architect.prose.voices import UP_TO
from saga_scaffold.language.verbs import base_form, guess_base, third_person

NEVER = frozenset(
    "retry repeat skip ignore forget answer undo compensate abort query fail attempt tell like expect care keep "
    "look wait restart propose drink eat think recommend recover "
    "overall respond continue hate mean help guess cost decide describe".split()
) | {"turn out", "look out"}
_OPENING = re.compile(
    r"^(?:first(?:ly)?|at the (?:very )?(?:start|beginning|outset)|to begin with|to start(?: with)?|"
    r"step (?:one|1)|initially|it (?:all )?(?:starts|begins))\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(r"^(?P<lead>[^:.]{3,110}):\s+(?P<rest>\S.*)$")
_TURNING = re.compile(
    r"\b(?:point of no return|no (?:way|going|turning) back|no return|binding|never rolled back|move forward|"
    r"only forward|go(?:es)? forward|repeated until|can(?:not|'t) (?:be|go)|retried|stays? public|out of "
    r"scope|nothing (?:can|may|will|is) (?:be )?\w+(?:ed|en|wn|one))\b",
    re.IGNORECASE,
)
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
_ONLY_A_NUMBER = re.compile(
    r"#?\d[\w.,:%]*(?: (?:s|secs?|seconds?|min\w*|hours?|days?|weeks?|times|x|of them))?$", re.IGNORECASE
)
_THE_STEPS = re.compile(
    r"(?:(?:following|next|necessary|same|rest|remaining|these|other) ?)+(?:\w+ )?(?:steps?|actions?|"
    r"things?|tasks?|activities|calls?)?$|"
    r"(?:steps|actions|tasks)\b",
    re.IGNORECASE,
)
_TELLS_SOMEBODY = re.compile(r"\btells? (?:the|our|an?) |\b(?:is|are|gets?) told\b", re.IGNORECASE)
_TURN = re.compile(
    rf"(?:(?:\s*[,:;]|\s+-)?\s+(?:so|and|which|after which|but|this|that|it)|(?:\s*[,:;]|\s+-)\s+(?:from|past|"
    rf"after|beyond|once|with|there|"
    rf"nothing|no))\s[^,;(]*?(?:{_TURNING.pattern})[^,;]*$",
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
_CUSTOMER = re.compile(
    r"^(?:the|a|an|our)?\s*(?:customer|buyer|user|visitor|guest|traveller|traveler|shopper|client)s?\b", re.IGNORECASE
)
_ENTERS = frozenset("place submit click buy request order visit choose select pick fill want start press".split())


def from_prose(passages: tuple[Passage, ...], known: frozenset[str]) -> tuple[Seen, ...]:
    """The steps of the sentences that tell the way forward."""
    indexes = [index for index, passage in enumerate(passages) if passage.form in {Form.SENTENCE, Form.LINE}]
    forward = [index for index in indexes if passages[index].role is Role.FORWARD]
    required = [index for index in indexes if passages[index].number and passages[index].role is not Role.ASIDE]
    for chosen in (
        forward,
        required,
        [index for index in indexes if passages[index].role in {Role.UNKNOWN, Role.FORWARD}],
    ):
        found = _from_sentences(passages, chosen, known)
        if len(found) > 1:
            return found
    return ()


def _from_sentences(passages: tuple[Passage, ...], indexes: list[int], known: frozenset[str]) -> tuple[Seen, ...]:
    opening = next((index for index in indexes if _OPENING.match(passages[index].text)), None)
    found: list[Seen] = []
    failing = False
    for index in indexes:
        if opening is not None and index < opening:
            continue
        if len(found) > MOST_STEPS:
            break
        passage = passages[index]
        lacks = lacking(passage.text, tuple(found), known) if index != indexes[-1] else None
        told = forward_actions(lacks or passage.text, known) or _turning_action(passage.text, tuple(found), known)
        failing = failing or (lacks is None and is_failure(without_brackets(passage.text).text) and not told)
        told = [_resolved(one, found) for one in told]
        if tells_undo(passage.text, tuple(found), known):
            failing = True
            continue
        kept = [one for one in told if not (failing and one.verb in TAKES_BACK)]
        kept = [one for one in kept if not _told_before(one, found, index)]
        if (
            len(found) > 1
            and passage.text.rstrip(")").endswith("!")
            and all(one.voice is Voice.IMPERATIVE for one in kept)
        ):
            continue
        found += [with_notes(Seen(one, one.piece, index, passage.line, notes=one.notes)) for one in kept]
    return without_title(tuple(found), passages)


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
        return [_plain(one) for one in actions(sentence[case.end() :], known) if _counts(one)]
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
        return [_plain(one) for one in told if _counts(one)]
    told = [_plain(one) for one in actions(sentence, known) if _counts(one)]
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


def _told_before(action: Action, found: list[Seen], passage: int) -> bool:
    """Whether a sentence before has told the action, so that this one only says more about it."""
    thing = stems(action.thing)
    return any(
        seen.action.verb == action.verb and thing and thing <= seen.family and seen.passage != passage for seen in found
    )


def _resolved(action: Action, found: list[Seen]) -> Action:
    """`The editor reviews it`: what `it` is, the sentence before has said."""
    if action.thing or not found or not re.search(r"\b(?:it|them|this|that)$", action.piece.strip(" .,")):
        return action
    return replace(action, thing=found[-1].action.thing)


def _turning_action(sentence: str, found: tuple[Seen, ...], known: frozenset[str]) -> list[Action]:
    """`Processing the sample uses it up, so there is no way back` tells a step, unless a step before has told it."""
    if not _TURNING.search(sentence) or not re.match(r"[A-Z]?\w+ing\s+(?:the|a|an|its)\b", sentence):
        return []
    gerund = re.split(
        r"\s+(?:is|uses|marks|means|makes|ends|closes|cannot|can't|must|may|should|shall|has|have|can|will|"
        r"needs?|takes?|gets?)\b|,",
        sentence,
    )[0]
    told = [replace(one, voice=Voice.IMPERATIVE) for one in actions(gerund, known)[:1]]
    return [one for one in told if best(one.text, found, 0.9) is None]


def _leads_elsewhere(sentence: str) -> bool:
    """Whether an arrow leads away from something that happened: `anything red => revert the canaries`."""
    left, arrow, _ = sentence.partition(" -> ")
    words = left.split()
    return bool(arrow and words) and (base_form(words[0]) != words[0].lower() or is_an_outcome(left))


def _named(piece: str) -> Action:
    """`the null check` is `check null`, `label printing` is `print label`."""
    clause = nominal(piece)
    return Action(clause.verb, clause.thing, piece=piece)


def _counts(action: Action) -> bool:
    if (
        (_is_no_step(action.verb) and not _TELLS_SOMEBODY.search(action.piece))
        or _TURNING.search(without_brackets(action.piece).text)
        or action.voice in {Voice.GERUND}
        or len(action.text.split()) > 12
        or _ONLY_A_NUMBER.match(action.thing)
        or _THE_STEPS.match(action.thing)
        or only_limits(action.piece)
        or (action.verb == "ask" and not re.search(r"\basks? (?:the|our|an?|all) ", action.piece))
        or _is_about_a_gerund(action.piece)
    ):
        return False
    if _CUSTOMER.match(action.piece) and action.voice is Voice.ACTIVE and action.verb in _ENTERS:
        return False
    return bool(action.thing) or action.voice in {Voice.IMPERATIVE, Voice.ACTIVE, Voice.THIRD}


def _is_no_step(verb: str) -> bool:
    return verb in NEVER or verb.partition(" ")[0] in {"retry", "repeat", "wait"}


def _is_about_a_gerund(piece: str) -> bool:
    """Whether `testing is automated` speaks of an action, rather than telling one; `housekeeping is told` tells one."""
    doing = re.match(
        r"(?i:(\w+ing)) (?:(?:the|an?|its|their|both|all|this|that|any)\s[\w' -]{2,40}?\s)?(?:is|are|gets?|has|"
        r"have|had|must|may|should|shall|"
        r"can|could|will|needs?|takes?|counts?)\b",
        piece,
    )
    return doing is not None and base_form(doing[1]) is not None


def _plain(action: Action) -> Action:
    return (
        replace(action, thing=re.sub(r"\s+of (?:the )?(?:time|holiday)\b.*$", "", action.thing))
        if " of " in action.thing
        else action
    )
