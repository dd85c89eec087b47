"""The signs of English grammar that clauses are read by: modals, auxiliaries, negation, verbs of no action."""

import re

SIDE = re.compile(
    r"^(?:because|although|though|since|so that|whether|whereas|which|who|that|unless|until|till|as soon as)\b",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"(?<!-)\b(?:not|never|no(?!-)|nothing|nobody|none|neither|cannot|can't|don't|doesn't|didn't|won't|isn't|aren't|"
    r"wasn't|hasn't|haven't|shouldn't|without|dont|doesnt)\b",
    re.IGNORECASE,
)
_BE = r"(?:is|are|gets?|got|being|be|been)"
MODAL = (
    r"(?:shall|must|should|will|has to|have to|needs? to|may|can|could|would|is to|are to|ought to|"
    r"is supposed to|is responsible for|takes care of)"
)
ADVERB = (
    r"(?:(?:then|also|finally|first|now|later|afterwards|immediately|just|subsequently|automatically|only|always|"
    r"simply|next|either|in parallel|at the same time|again|already|in turn|successfully)\s+|"
    r"then,\s+|,\s*in parallel,\s*)"
)
PASSIVE = re.compile(
    rf"^(?P<subject>.{{1,120}}?)\s+(?:(?P<modal>{MODAL})\s+)?{ADVERB}*{_BE}\s+{ADVERB}*(?:(?:to\s+)?be(?:en)?\s+)?{ADVERB}*(?P<verb>[A-Za-z][\w'-]*)(?P<rest>\b.*)$",
    re.IGNORECASE,
)
HAS_BEEN = re.compile(r"^(?:has|have)\s+(?:to\s+)?be(?:en)?\s+(?P<verb>[\w-]+)(?P<rest>.*)$", re.IGNORECASE)
MODAL_ACTIVE = re.compile(
    rf"^(?P<subject>.{{1,100}}?)\s+(?P<modal>{MODAL})\s+(?:,?\s*{ADVERB})*(?P<verb>[A-Za-z][\w-]*)(?P<rest>\b.*)$",
    re.IGNORECASE,
)
WE = re.compile(
    rf"(?:^|^.*?\s)(?:we|you|I|they)\s+(?:(?:{MODAL}|want to|"
    rf"do)\s+)?(?:{ADVERB})*(?P<verb>[A-Za-z][\w-]*)(?P<rest>\b.*)$",
    re.IGNORECASE,
)
STATIVE = frozenset(
    "be do have want need like hate love wait live come cost last know think say see mean sleep own use exist "
    "stay remain belong depend matter help happen contain "
    "include consist require expect allow support describe work take-part keep let try agree ask look note "
    "remember go become seem appear concern "
    "fail run-out cause lead depend feel start begin end stop finish continue proceed guess care mind "
    "maintain suffice learn speak talk hear try wish hope plan-to "
    "show win lose stand sit hang call-for sound doubt prefer deserve".split()
)
MEANS_AN_ACTION = re.compile(
    r"^(?:start|stop|end|finish|run|keep|show|go|note|ask|hang|work out|guess|win|begin|support)\b", re.IGNORECASE
)


def is_stative(verb: str) -> bool:
    return verb in STATIVE and not MEANS_AN_ACTION.match(verb)


NO_VERB = frozenset(
    "until under unless unique unit units union united universal unusual university unlimited unknown "
    "unsuccessful".split()
)
HUMAN = re.compile(
    r"^(?:the|a|an|our|each|every)?\s*(?:new )?(?:customer|user|guest|buyer|traveller|traveler|passenger|"
    r"patient|applicant|student|employee|client|member|attendee|seller|merchant|recipient|tenant|owner|fan|"
    r"visitor|shopper|player|citizen|subscriber|donor|winner)s?$",
    re.IGNORECASE,
)
NOUNS_TOO = frozenset(
    "access account answer archive audit balance bank bill block book call cancel charge check claim clone "
    "close contact copy cost credit debit "
    "deposit design display document draft draw email estimate exchange export file filter finish flag "
    "forecast fund hold host import increase "
    "index invoice issue label launch lease list load lock log mail map mark match merge mirror monitor need "
    "order pack park pass pay "
    "place plan post price print process profile program project promise purchase push query queue quote rate "
    "record refund release rent "
    "repair replay report request reserve result return review reward route run sale scan schedule score "
    "search share ship show sign "
    "snapshot start stop stock store stream study supply support swap switch table tag target tax test ticket "
    "trace track trade transfer "
    "transport trigger update upgrade upload use value view visit wait want warehouse watch work".split()
)
NOBODY = frozenset(
    "it he she they we you i nobody somebody someone everybody everyone this that which who what there one "
    "both all each these those if when no".split()
)
