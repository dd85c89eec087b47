"""Who does what a clause tells: where its subject begins, and subjects and verbs that tell no step."""

import re

from saga_scaffold.architect.prose.trimming import with_particle
from saga_scaffold.language.verbs import base_form, is_verb

OF_ONESELF = re.compile(
    r"(?:and )?(?:i|we|he|she|they|you|my \w+|our \w+) (?:run|own|operate|manage|have|has|keep|work|live|like|"
    r"love|pay|know|met|got|wrote|"
    r"think|believe|guess|hope|promise|owe|drink|eat)s?\s+(?:an?|the only|two|three|in|with|at|for|on|from|it|"
    r"you|that|about|him|her)\b",
    re.IGNORECASE,
)


def many_act(words: list[str], index: int) -> bool:
    """Whether the word is the verb of several: `Payments transfer the money`, `the stacks fetch the volume`."""
    return (
        1 <= index <= 3
        and is_verb(words[index])
        and words[index].islower()
        and words[index - 1].endswith("s")
        and (words[0][0].isupper() or words[0] in {"the", "our"} or (index == 2 and base_form(words[1]) is None))
        and " ".join(words[index + 1 : index + 2]).lower()
        in {"the", "a", "an", "its", "their", "it", "them", "all", "both"}
    )


_NO_OBJECT = re.compile(
    r"(?:(?:in|on|at|near|since|during|like|under|until|every|because|next|last|always|often|usually)\s(?!(?:the|a|an|its)\s\w+ing\b)|and\s(?:he|she|they|we|i|you)\b)",
    re.IGNORECASE,
)


def acts_on_nothing(verb: str, rest: str) -> bool:
    """Whether a verb has no object, as in `runs on her laptop`, though `checks in the guest` has one."""
    if verb in _IN_OR_ON and re.match(r"(?:in|on) (?:the|an?|its)\b", rest.strip()):
        return False
    return bool(_NO_OBJECT.match(rest.strip())) and with_particle(verb, rest.strip())[0] == verb


_IN_OR_ON = frozenset(
    "draw mark write note enter pull put pencil fill bring phase plug call take turn switch lay hand type key".split()
)
PERSONAL = re.compile(
    r"(?:my|your|his|her|i|he|she|you|they|nobody|somebody|someone|everybody|everyone)\b", re.IGNORECASE
)
_PLACED = re.compile(r"(?:at|in|for|on|with|during|after|before|from|upon|within|by|via|under|per)\s", re.IGNORECASE)


_ARTICLE = re.compile(r"\b(?:the|our|an?|its)\s", re.IGNORECASE)
_SUBJECT_AND_VERB = re.compile(
    r"\b(?:the|our|an?|its)(?:\s[\w&'-]+){1,4}?\s(?P<verb>[a-z]+s)\s(?:the|an?|its|their|all|it|them)\s", re.IGNORECASE
)


def from_its_subject(text: str) -> str:
    """`At a house closing the agent opens an account` from its subject on; other clauses as they are."""
    if not _PLACED.match(text):
        return text
    clause = _SUBJECT_AND_VERB.search(text)
    if clause is None or clause.start() > 60:
        return text
    return text[max(match.start() for match in _ARTICLE.finditer(text, clause.start(), clause.start("verb"))) :]
