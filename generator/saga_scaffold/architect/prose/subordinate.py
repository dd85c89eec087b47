"""The clause in front of a main clause: `once the order is reserved, ...`."""

import re

_CLAUSES = frozenset(
    "when once after as soon as if where whenever before because while since provided given assuming unless".split()
)
_SUBORDINATE = re.compile(
    r"^(?P<conjunction>when|once|after|as soon as|with|for|in|if|where|whenever|before|because|while|on|upon|"
    r"(?:were|had)(?= (?:the|an?|one|any|our|its)\b)|from|at|during|since|provided|given|assuming|unless|as|to)\b"
    r"(?P<clause>[^,]{3,160}),\s+(?:then\s+)?",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"^(?:(?:once|when|after|as soon as)\s+(?P<clause>(?:[\w '()-]|, (?!(?:the|an?|its|our|we|"
    r"\w+ing)\b)){3,80}?\b(?:is|are|has|have)(?: been| all| both| finally| also)* (?:\w+ed|"
    r"\w+en|signed off|on board|up|done|through|ready|complete|paid|sent|sold|made|held|built|put|met|"
    r"found|in place|there))|"
    r"(?:whenever|when|once|as soon as|after) (?:an?|the|"
    r"some\w+) [\w' -]{3,50}?(?= the [\w-]+(?: [\w-]+)? \w+s (?:the|an?|its|all)\b)|"
    r"(?:once|when|whenever|after|as soon as|while|if) (?!we\b)[^,]{3,80}?(?=\s+we\s+[a-z]+\s)|"
    r"(?:after|upon|on|following|during|alongside|besides|(?:in )?parallel (?:to|with)|at the same time as|"
    r"together with) "
    r"(?:the |this |that )?\w+(?= (?:the (?:[\w-]+ ){1,3}\w+s \w|"
    r"(?-i:[A-Z][\w-]*(?: [A-Z][\w-]*)*) \w+s (?:the|an?|its|all)\b))|"
    r"(?:if|when|whenever) there (?:is|are) (?:no|not enough) [\w ]{2,40}?|only (?:for|if|when|with) "
    r"[^,]{3,60}?),?\s+"
    r"(?=(?:the|a|an|we|its|our)\s|(?-i:[A-Z]))",
    re.IGNORECASE,
)
_MAIN_INSIDE = re.compile(
    r"\S+\s+\S+.*?\swe\s+[a-z]+\s|\S+\s+\S+\s+\S+.*\b(?:the|an?|its|our|their)\s+\w+(?:\s\w+)?\s+(?:is|are|"
    r"gets?)\s+\w+ed\b",
    re.IGNORECASE,
)
_VERB_INSIDE = re.compile(
    r"\b(?:we|is|are|shall|must|has to|have to|will|then)\s|"
    r"\b(?:the|our|an?|its)\s[\w&'-]+(?:\s[\w&'-]+){0,2}?\s[a-z]+s\s(?:the|an?|its|their|all)\s",
    re.IGNORECASE,
)


def without_subordinate(sentence: str) -> tuple[str, str]:
    """The sentence without the clause in front of its main clause, and that clause."""
    loose = _LOOSE.match(sentence)
    if loose:
        return sentence[loose.end() :], (loose["clause"] or "").strip()
    match = _SUBORDINATE.match(sentence)
    if match is None or (_MAIN_INSIDE if match["conjunction"].lower() in _CLAUSES else _VERB_INSIDE).search(
        match["clause"]
    ):
        return sentence, ""
    return sentence[match.end() :], match["clause"].strip()
