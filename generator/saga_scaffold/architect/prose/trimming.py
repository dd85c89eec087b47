"""What of a clause belongs to its action: words in front and behind are cut, articles go."""

import re

_LEAD = re.compile(
    r"^(?:(?:last of all|first of all|last but not least|(?:as |for )?(?:the |a )?(?:very )?(?:first|"
    r"second|third|fourth|next|last|final) (?:thing|"
    r"step|point|item|act|"
    r"job|move|part|one|off)(?: (?:to (?:do|happen)|that happens|we do))?(?: (?:is|comes|follows|"
    r"of all)(?: that| when|:)?)?|"
    r"and|but|so|also|then|now|next|first(?:ly| of all)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|"
    r"afterwards?|thereafter|finally|last(?:ly)?|later(?: on)?|immediately|"
    r"subsequently|eventually|only then|just then|after (?:that|this|which)|at the (?:very )?(?:end|start|"
    r"beginning)|at last|last but not least|last of all|first of all|"
    r"(?:every|each|on) (?:(?:\w+ )?(?:night|day|morning|evening|hour|week|weekend|month|quarter|year|"
    r"season|spring|summer|autumn|winter)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?: (?:morning|evening|night|afternoon))?)|"
    r"daily|nightly|in the end|to (?:begin|start)(?: with)?|"
    r"in parallel|at the same time|meanwhile|simultaneously|concurrently|otherwise|either|both|please|once "
    r"(?:that|this) (?:has happened|is done|works|worked|is through)|"
    r"(?:when|once|after) (?:that|this|it|all (?:of )?(?:that|this)) (?:is|has|was|have|are)(?: been)? \w+|"
    r"what (?:happens|comes|follows) (?:next|then|first|last) is(?: that)?|from (?:there|then|here|"
    r"that point|now) on(?:wards?)?|"
    r"it is then that|(?:and )?only (?:after (?:that|this)|now)|in a (?:first|second|third|next|last|final) step|"
    r"obviously|usually|just|simply|here|"
    r"as (?:a|the) (?:first|second|third|next|last|final) step|as soon as (?:that|this) (?:is|has) \w+)\b[,:]?\s+)+",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^(?:in order )?to [a-z]+ (?:(?:an?|the|its|our) [\w-]+(?: [\w-]+){0,2}?|it|this|that|things)(?: off| up| all)?,? "
    r"(?=(?:(?:the|our|an?|we)\s|(?-i:[A-Z]))\S+\s\S)",
    re.IGNORECASE,
)
TRAILING = re.compile(
    r"(?<!\b[Tt]he)(?<!\b[Aa])(?<!\bour)(?<!\bits)\s+(?:so that|because|although|though|as long as|as soon as|"
    r"in order to|in that order|in this order|"
    r"which|who|until|till|unless|whenever|when|where|once|if|while|"
    r"since|before|after|that|meaning|provided|depending|whether)\b.*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:again|too|as well|afterwards?|first|then|finally|at once|immediately|in parallel|at the same time|"
    r"simultaneously|concurrently|automatically|manually|"
    r"for (?:it|them|him|her)|to (?:it|them)|of (?:it|them)|on it|with it|right away|straight away|in turn|"
    r"only|just|now|endlessly|repeatedly|accordingly|successfully|beforehand|"
    r"in reverse(?: order)?|last|if (?:needed|necessary|any)|(?:within|in|after|for) (?:at most |up to |"
    r"max\.? |a maximum of )?\d+\s*\w+|with (?:up to |at most )?\w+ retries)$",
    re.IGNORECASE,
)
_ARTICLES = re.compile(
    r"\b(?:[Tt]he|a|an|[Ii]ts|[Tt]heir|[Oo]ur|[Yy]our|[Hh]is|[Hh]er|[Tt]his|[Tt]hese|[Tt]hose|[Aa]ll|[Aa]ny|"
    r"[Ee]ach|[Ee]very|[Ss]ome)\s+|^(?:An?|THE)\s+"
)
PARTICLES = frozenset("up out off back down in over away on through aside apart".split())
_ALWAYS = frozenset("up out off down aside apart away".split())
_WITH_OBJECT = {
    "in": frozenset("check pencil plug fill bring let hand key type call".split()),
    "on": frozenset("turn switch put take".split()),
    "over": frozenset("hand take turn carry sign bring".split()),
}
_PHRASAL = frozenset(
    "roll set pick pay carry clean tear warm cool shut sign check hand take put turn bring switch call back "
    "stand fail pour throw tear strike lay wipe cross strip cut break wash push pull drop close sort split phase free "
    "draw dish "
    "give send wind scale spin fill ship print clear read write load lock log move look pump".split()
)


def strip_lead(text: str) -> str:
    """The clause without `first`, `and then`, `after that`, and without the purpose that it begins with."""
    return _PURPOSE.sub("", _LEAD.sub("", text.strip(" .,:;-")).strip(" ,"))


def with_particle(verb: str, rest: str) -> tuple[str, str]:
    first, _, after = rest.partition(" ")
    if (verb, first) == ("let", "go"):
        return "let go", after
    if after and (first.lower() in _ALWAYS or verb in _WITH_OBJECT.get(first.lower(), ())):
        return f"{verb} {first.lower()}", after
    if first.lower() in PARTICLES and verb in _PHRASAL and first.lower() not in {"in", "on", "through"}:
        return f"{verb} {first.lower()}", after
    if (
        first.lower() in {"out", "in", "on"}
        and verb in {"pay", "check", "carry", "sign", "hand", "print", "cash", "log"}
        and first.lower() != "on"
        and not _ARTICLES.match(after)
    ):
        return f"{verb} {first.lower()}", after
    return verb, rest


def bare_subject(subject: str) -> str:
    """The subject without a leading prepositional phrase: `In a holiday package the flight` is `the flight`."""
    if re.match(r"(?:in|for|with|on|at|after|before|from|during|once|when|as|of)\b", subject, re.IGNORECASE):
        found = re.split(r"\b(?=(?:the|an?|its|their)\s)", subject, flags=re.IGNORECASE)
        subject = (
            found[-1]
            if len(found) > 2 or (len(found) == 2 and not subject.lower().startswith(found[-1].lower()))
            else subject
        )
    return subject.strip()


def kept_rest(rest: str) -> str:
    """What of the words behind a participle belongs to the action: where to, what for."""
    rest = TRAILING.sub("", " " + rest).strip()
    return (
        rest
        if re.match(
            r"(?:to|for|from|into|as|back|with|in|on|offline|online|down|apart|away|free|aside|live|loose|"
            r"open|ready|off|up)\b",
            rest,
            re.IGNORECASE,
        )
        else ""
    )


def object_of(text: str) -> str:
    """The object without articles, pronoun tails and adverbs."""
    text = re.sub(r"\s{2,}", " ", text).strip(" ,.;:!-")
    previous = None
    while previous != text:
        previous = text
        text = _TAIL.sub("", " " + text).strip(" ,.;:!")
    text = _ARTICLES.sub("", text + " ").strip()
    text = re.sub(r"\s+(?:and|or|but)$", "", text)
    return re.sub(r"^(?:it|them|him|her|that|this|so)$|\s+(?:'s)\b", "", text).replace("'s ", " ").strip()
