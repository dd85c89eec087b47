"""Under which condition alone a step runs, in the words of the text."""

import re

from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.order import BESIDE
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen, best, by_number
from saga_scaffold.architect.prose.signs import FAILURE
from saga_scaffold.architect.prose.subordinate import without_subordinate
from saga_scaffold.architect.prose.trimming import strip_lead

_IF = re.compile(
    r"^(?:(?:then|and|but|also),?\s+)*(?P<sign>only if|only when|only for|if|where|unless|provided(?: that)?|"
    r"in case|for)\b\s*(?P<what>[^,]{3,120}?)(?:,\s+(?:then\s+)?|\s+(?=(?:we|the|then)\s[^,]*$))",
    re.IGNORECASE,
)
CASE_AHEAD = re.compile(
    r"^(?P<when>(?:(?:only )?(?:for|with|on|in case of|where) [^:]{3,60}|(?:[\w-]+ ){1,4}(?:above|over|"
    r"below|under|beyond|exceeding|worth|"
    r"of more than|of at least|of less than|more than|less than|larger than|smaller than|outside|abroad|"
    r"with(?:out)?|from)\b[^:,]{1,50}?))"
    r"(?: only)?:\s+(?=\S)",
    re.IGNORECASE,
)
_AMOUNT_AHEAD = re.compile(
    r"^(?P<when>(?:(?:only )?(?:for|with|on|in) [^,]{2,40}?)?\b(?:above|over|below|under|beyond|from|up to|"
    r"at more than|more than)"
    r" (?:\w+ ){0,2}?[€$£]?\d[^,;:]{0,30}?),\s",
    re.IGNORECASE,
)
_REMARKED = re.compile(
    r",\s+(?:and |but )*(?P<sign>(?:only|not) (?:if|when|for|where|with|in)|(?:this|that|it|which) (?:is|"
    r"happens|applies|runs) only (?:done |needed |necessary |required )?(?:if|when|for|where)|"
    r"(?:this|that|it|which) is only (?:done|needed|necessary|required|run) (?:if|when|for|where)|"
    r"except (?:for|if|when|where|in)|unless|provided(?: that)?|but if|only(?! then\b| after\b| once\b|"
    r" now\b)(?= \w+ \w+))\b\s*(?P<what>[^.;)]{2,100})",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[,\s(]+(?:but )?(?P<sign>only if|only when|only for|if|unless|provided(?: that)?|for .{3,30} only|in "
    r"case of|in case|where)\b\s*(?P<what>[^.;)]{0,100})",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:(?:only )?(?:if|when|for|where|unless)\b.+|.+\bonly|optional\b.*|conditional\b.*|skipped (?:if|when|"
    r"for)\b.+)$",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"\b(?:(?:is|are|gets?|be|we) (?:skip(?:ped)?|left out|omitted|not needed)|skip (?:it|this|that|the)|"
    r"(?<!a )(?<!the )(?<!an )skips)\b",
    re.IGNORECASE,
)
_SPARED = re.compile(r"(?:for|with) (?P<who>[^,]{3,40}?),? no (?P<what>\S.{2,60}? (?:is|are|gets?) \w+)", re.IGNORECASE)
_ONLY_THEN = re.compile(
    r"(?:this|that|it)(?: step)? (?:must |should |shall |may |will )?(?:only |just )?(?:happens?|is done|be "
    r"done|applies|apply|runs?|is needed|is required)"
    r" (?:only )?(?:if|when|for|where) (?P<what>\S.*)$",
    re.IGNORECASE,
)
_ONLY_RUNS = re.compile(
    r"^(?P<what>(?!this\b|that\b|it\b)[^,;]{3,60}?)\s+"
    r"(?:(?:only|just)\s+(?:runs?|happens?|applies|apply|takes? place|is|are)|"
    r"(?:is|are|runs?|happens?)\s+(?:only|just))"
    r"(?:\s+(?:done|run|executed|needed|required|performed|called|taken|started))?"
    r"\s+(?:if|when|for|where)\s+(?P<when>\S.*)$",
    re.IGNORECASE,
)
_SCOPE = re.compile(r"for (?!only\b)(?![^,]*\b(?:over|above|more than|only)\b)", re.IGNORECASE)
_WAITS = re.compile(r"\bwaits? for\b(?P<what>.*?)\bbefore\b", re.IGNORECASE)


def conditions(steps: tuple[Seen, ...], passages: tuple[Passage, ...]) -> dict[int, str]:
    """For the index of a step: the condition under which alone it runs, in the words of the text."""
    found = {index: step.condition for index, step in enumerate(steps) if step.condition}
    for index, step in enumerate(steps):
        note = next((note for note in step.notes if _NOTE.match(note)), None)
        told = note or _in_item(step, steps)
        if told and index not in found:
            found[index] = told
    for place, passage in enumerate(passages):
        if passage.role in {Role.ASIDE}:
            continue
        here = [index for index, step in enumerate(steps) if step.passage == place]
        if here:
            condition = _in_front(passage.text)
            if condition and not (here[0] == 0 and _SCOPE.match(passage.text)):
                found.setdefault(here[0], condition)
            found = found | _remarked(passage.text, here, steps)
        else:
            earlier = [index for index, step in enumerate(steps) if 0 <= step.passage < place]
            found = (_of_the_last(passage.text, earlier) or _elsewhere(passage.text, steps)) | found
    return found


def _remarked(text: str, here: list[int], steps: tuple[Seen, ...]) -> dict[int, str]:
    """`..., but only if the guest ordered one`, said in its own piece of the sentence, of the step before it."""
    match = _REMARKED.search(text)
    if match is None or FAILURE.search(match[0]):
        return {}
    starts = {index: text.find(steps[index].action.piece) for index in here}
    if re.search(r"\b(?:and|then|but)$", text[: match.start()]):
        behind = [index for index in here if starts[index] > match.start()]
        return {behind[0]: _said(match["sign"], match["what"].partition(",")[0])} if behind else {}
    before = [index for index in here if 0 <= starts[index] < match.start()]
    return {before[-1]: _said(match["sign"], match["what"])} if before else {}


def _in_front(text: str, told: bool = True) -> str | None:
    ahead = CASE_AHEAD.match(text) or _AMOUNT_AHEAD.match(text)
    if told and ahead and not FAILURE.search(ahead["when"]):
        return ahead["when"].strip()
    match = _IF.match(text)
    if (
        match is None
        or (FAILURE.search(match["what"]) and not told)
        or (
            match["sign"].lower() == "for"
            and not re.search(
                r"\bonly\b|\borders?\s+(?:over|above|with|from|to)\b|\b(?:over|above|abroad|international|premium)\b",
                match["what"],
            )
        )
    ):
        return None
    if not text[: match.end()].rstrip().endswith((",", ", then")):
        return _said(match["sign"], _up_to_the_action(text[match.start("what") :]))
    if match["sign"].lower() in {"where"} and not without_subordinate(strip_lead(text))[1]:
        return None
    return _said(match["sign"], match["what"])


def _up_to_the_action(text: str) -> str:
    """The condition in front of an action that no comma sets apart."""
    for cut in re.finditer(r"\s+(?=(?:we|then|the|an?|its|our)\s)", text):
        told = actions(text[cut.end() :])
        if len(text[: cut.start()].split()) > 1 and told and told[0].voice in {Voice.ACTIVE, Voice.PASSIVE}:
            return text[: cut.start()]
    return text


def _in_item(step: Seen, steps: tuple[Seen, ...]) -> str | None:
    """A condition in the words of a step alone: `verify age, only if the cart has alcohol`."""
    match = _TAIL.search(re.sub(r"\([^)]*\)|\[[^\]]*\]", "", step.raw))
    if match is None or FAILURE.search(match[0]) or BESIDE.search(match[0]):
        return None
    if match["sign"].lower() in {"where", "in case"} or len(match["what"].split()) > 14:
        return None
    return _said(match["sign"], match["what"])


def _said(sign: str, what: str) -> str:
    lower = sign.lower()
    return f"{'unless ' if re.match('unless|not|except', lower) else ''}{what.strip(' ,')}" if what.strip() else lower


def _of_the_last(text: str, earlier: list[int]) -> dict[int, str]:
    """`This must only happen if the customer moved out`, said of the step before."""
    match = _ONLY_THEN.match(text)
    return {earlier[-1]: match["what"].strip(" .")} if match and earlier else {}


def _elsewhere(text: str, steps: tuple[Seen, ...]) -> dict[int, str]:
    """`Minors get no account, so that step is skipped for them`, `A parent waits for its children before ...`."""
    if _SKIPPED.search(text) and not re.search(r"\brun through this\b", text):
        place = best(re.sub(r"\bthat step\b|\bthis step\b", "", text), steps, 0.3)
        return {place: text.strip(" .")} if place is not None else {}
    spared = _SPARED.match(text)
    if spared:
        place = best(spared["what"], steps, 0.3)
        return {place: text.strip(" .")} if place is not None else {}
    runs = _ONLY_RUNS.match(text)
    if runs:
        place = next(iter(by_number(runs["what"], steps)), None)
        place = best(runs["what"], steps, 0.3) if place is None else place
        return {place: runs["when"].strip(" .")} if place is not None else {}
    waits = _WAITS.search(text)
    if waits:
        place = best(text[waits.end() :] + " " + text[: waits.start()], steps, 0.3)
        return {place: text.strip(" .")} if place is not None else {}
    return {}
