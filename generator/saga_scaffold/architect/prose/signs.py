"""Signs by which a sentence shows what it is about: failure, undoing, nothing to undo, small talk."""

import re

FAILURE = re.compile(
    r"\b(?:fail(?!(?:s|ed|ing)?[ -]?over)\w*|error\w*|exceptions?|nok|n\.?o\.?k|not ok(?:ay)?|exceed(?:s|"
    r"ed)|negative|gets? stuck|cannot|can ?not|can't|could ?not|couldn't|unable|declin\w+|reject(?:s|"
    r"ed|ion)?|refus(?:es?|ed|al)|denied|denies|(?:go|goes|going|went) wrong|"
    r"do(?:es)?(?:n't| not) (?:work|succeed|go|come|answer|respond|arrive|get|happen|pass|fit|show|match|"
    r"clear)\w*|break(?:s|ing)?|broke|abort\w*|tim(?:es?|ed|ing) out|problems?|"
    r"unavailable|(?:not|isn't|aren't|no longer) (?:\w+ )?(?:available|possible|there|reachable|enough|valid)|"
    r"no (?:\w+ )?\w+ (?:is available|available|(?:can|could) be \w+)|out of stock|sold out|(?:in|"
    r"for) (?:that|this|such a) case|insufficient|"
    r"anomal(?:y|ies)|expire[sd]?|"
    r"crash\w*|(?:not|n't|\w+n't|never) (?:be |been |get )?\w{3,}(?:ed|en|id|ne|nt)|^should|^(?:and |but |so )?(?:if|"
    r"when|whenever|"
    r"should|in case)\b[^,:]{0,60}\b(?:do(?:es)?|did)(?:n't| not) (?!have|need|want|exist|own|qualify|require|"
    r"belong|use|possess)\w+|^any(?:thing|one)?\b(?=[^,]{0,60}(?:->|:))|says? no|missing|too short|"
    r"(?<!that )(?:is|are) "
    r"short|stopped|interrupted|unsuccessful\w*|trouble|hiccups?|mishap|falls? through|backs? out|unhappy|"
    r"bounces?|bounced|overbooked|too late|unreachable|^no (?:\w+ )?\w+(?=\s*(?::|->))|never (?:arrives?|comes?))\b",
    re.IGNORECASE,
)
UNDOING = re.compile(
    r"\b(?:undo(?:es|ne|ing|s)?|roll(?:s|ed|ing)?[ -]?backs?|rollbacks?|compensat\w+|revers(?:e|es|ed|al|"
    r"ing)\b(?! order)|unw(?:ind\w*|ound)|undid|back(?:ed|ing)? out|clean(?:ed)?[ -]?up|(?:the |a )?(?:deletion|"
    r"cancellation|"
    r"refund|reversal|removal|withdrawal|revocation|closure|dissolution|annulment|repayment|termination|"
    r"release) of|recall(?:ed|s)?|"
    r"taken back|put back|counter-?action)\b",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"^(?:on |in case of |upon |the |per[- ]step )?(?:undo(?:s|ing)?|roll[ -]?backs?|compensat(?:e|ion|ions|"
    r"ing)|revers(?:e|al|als)|reverse path|clean-?up|abort\w*|fail(?:s|ed|ure|ures)?|errors?|cancell?ation|"
    r"way back|unwind|backwards?|any (?:fail\w*|error|problem))\b[^:]{0,80}?(?::|->|<-|=)\s*|"
    r"^(?:on|upon) (?:any )?(?:fail|failure|error|abort)\s+(?!of\b|in\b|with\b|at\b|during\b|to\b|the\b|an?\b|we\b|"
    r"all\b|every\b|it\b|its\b)(?=[a-z]+\s)",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"\b(?:nothing (?:to|needs to be|has to be|must be) (?:undo|undone|compensate\w*|revert\w*|roll\w*)|"
    r"nothing is undone|leaves? (?:nothing|no trace\w*)(?: behind)?|(?:has|have|needs?|needing|requires?|with|"
    r"there is|there's) no "
    r"(?:compensation|undo|rollback|roll-back|reversal|undoing)|(?:is|are|need|needs)(?:n't| not| never)(?: "
    r"to be)? (?:undone|compensated|recalled|reversed|reverted|rolled back|taken back)|"
    r"never (?:undone|compensated|recalled|reversed|reverted)|(?:compensations?|undos?|rollbacks?) (?:don't|"
    r"do not|doesn't|does not) exist|nobody undoes|stays? (?:as|where) (?:it|they) (?:is|are)|only reads?\b|"
    r"(?:is|are) read-only|without (?:compensation|undo)|no (?:compensation|undo|rollback) (?:for|needed|"
    r"necessary|required)|"
    r"(?:no|not) (?:compensat\w+|undone)|side[- ]effect[- ]free|no side effects?)\b",
    re.IGNORECASE,
)
NONE = re.compile(
    r"^\W*(?:-|n/?a\.?|none|no|nothing|not (?:possible|needed|applicable|required)|\(?(?:not possible|none|"
    r"pivot|impossible)\)?|no compensation|no undo|nothing to undo|cannot be undone|can't be undone|"
    r"irreversible|final|no way back|keine?s?)?\W*$",
    re.IGNORECASE,
)
SMALL_TALK = re.compile(
    r"^(?:as (?:promised|agreed|discussed|announced|requested|said|mentioned|usual|always|planned|you (?:know|"
    r"asked|may))(?=\W*$)|hi|hello|hallo|hey|dear|thanks?|thank you|cheers|best|regards|kind regards|greetings|some "
    r"background|background|context|nice to have|fyi|ps|p\.s\.?|note|nb|todo|by the way|btw|please|pls|"
    r"sorry|ok|okay|well|careful|disclaimer|motivation|budget|kpis?|as (?:an?|the) [\w ]+ i want|i want|would "
    r"be|it would be|that's|out of scope|goal|open question)\b",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"^(?:this is|that's|here is|here's|there (?:is|are)|we (?:are|use|have|want|need|run on)|we're|it's|we "
    r"(?:host|sell|run|operate|offer|provide|own|serve|deliver|rent|produce|"
    r"make|build) (?!the\b|an?\b|it\b))\b",
    re.IGNORECASE,
)


_PUT_BACK = re.compile(r"\b(?:put|taken) back\b", re.IGNORECASE)


def is_failure(text: str) -> bool:
    """Whether the sentence tells what goes wrong or what is undone, and so gives no step."""
    return bool(FAILURE.search(text) or UNDOING.search(_PUT_BACK.sub(" ", text)) or LABEL.match(text))
