"""The actions of a sentence: what a piece of it leaves out stands in the piece before."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.clause import Clause, Voice
from saga_scaffold.architect.prose.limit_words import bare_timeout, only_limits
from saga_scaffold.architect.prose.nominals import nominal
from saga_scaffold.architect.prose.pieces import pieces
from saga_scaffold.architect.prose.subordinate import without_subordinate
from saga_scaffold.architect.prose.trimming import strip_lead
from saga_scaffold.architect.prose.voices import UP_TO, read_alike, read_clause
from saga_scaffold.language.foreign import foreign_verb, without_article
from saga_scaffold.language.verbs import is_verb

BOOKING = frozenset(
    "book reserve rent hire order buy purchase cancel release undo refund delete void revoke remove return".split()
)
_PLURAL = re.compile(r"(?P<subject>[\w-]+(?: [\w-]+)?) (?P<verb>[a-z]+) (?P<rest>(?:the|their|its|an?|all)\s.*)$")
_PERSON = re.compile(r"(?:i|we|you|they)\b", re.IGNORECASE)
_POINTING = re.compile(r"\b(?:it|them|this|that|these|those|both)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"(?:they|it|we|this|that|both|these two|nobody|somebody)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r",?\s+\(?(?:(?:all|both)(?: (?:two|three|four|five|of them|\d))? )?(?:in parallel|at the same time|"
    r"simultaneously|concurrently|"
    r"in that order|in this order|at once|"
    r"side by side)\)?(?:,|(?=\s)|(?=[.;]?$))",
    re.IGNORECASE,
)


_ONLY = re.compile(
    r"(?:but |and )?(?:(?:only|not) (?:if|when|for|where|with|in)|except|unless|only (?:[\w-]+ )+(?:older|"
    r"younger|over|above|below|under|with|without|of|"
    r"from|that|who|which)\b)",
    re.IGNORECASE,
)
_CAUSING = re.compile(
    r"^(?:(?:we|I|you|they|it|(?:the |our )?[\w-]+(?: [\w-]+)?)\s+(?:then |also |must |will |shall |should )*)?"
    r"(?:have(?! to)|has(?! to)|let|lets|makes?|gets?|asks?|tells?|instructs?|requests?|prompts?|"
    r"orders?)\s+(?=\S+(?: \S+){0,3}? (?:to )?[a-z]+ (?:the|an?|its|their|all)\b)"
)
_MADE_TO = re.compile(
    r"^(?P<who>(?:the |our )?(?!(?:the|our|an?|its|their|it|them|to|be|been|not|"
    r"no)\b)[A-Za-z][\w-]*(?: [\w-]+){0,2}?) (?:to )?(?P<verb>[a-z]+) (?P<rest>(?:the|an?|its|their|his|her|all)\s.*)$"
)


def actions(sentence: str, known: frozenset[str] = frozenset(), every: bool = False) -> list[Action]:
    """The actions of a sentence in its order. With `every`, each object of a verb is an action of its own."""
    main, aside = without_subordinate(UP_TO.sub(r"\g<who> has to ", strip_lead(sentence)))
    reading = _Sentence(known, every, aside)
    parts = pieces(_BESIDE.sub(_gap, main).rstrip(" .;!:"))
    reading.terse = _is_terse([piece for piece, _ in parts])
    for piece, joint in parts:
        reading.take(piece, joint)
    return reading.finished()


def _gap(beside: re.Match[str]) -> str:
    """What stays of `, side by side,`: a comma where a remark follows, nothing where the clause goes on."""
    remark = re.match(
        r"\s*(?:neither|nobody|none|no|we|which|it|this|that|order|the order)\b", beside.string[beside.end() :]
    )
    return ", " if beside[0].endswith(",") and remark else " "


def _is_terse(parts: list[str]) -> bool:
    """Whether a list is one of short commands, so that a word at the head of a piece is a verb though none knows it."""
    told = [part.split() for part in parts]
    if len(told) < 3 or not all(1 <= len(words) <= 5 for words in told):
        return False
    return sum(is_verb(words[0]) and len(words) > 1 for words in told) >= 0.6 * len(told)


def item(text: str, known: frozenset[str] = frozenset()) -> Action | None:
    """The one action of a list item: `check the balance and put a hold on it` is one."""
    told = services.without_brackets(text)
    if foreign_verb(told.text):
        first, _, rest = told.text.rstrip(" .;!,").partition(" ")
        return _action(Clause(Voice.IMPERATIVE, first.lower(), without_article(rest)), told)
    clause = read_clause(told.text.rstrip(" .;!,"), known)
    if clause.voice is Voice.NOTHING:
        return None
    if not clause.thing and clause.service and clause.voice is Voice.IMPERATIVE and " " in told.text:
        clause = replace(clause, thing=told.text.rstrip(" .;!,").partition(" ")[2])
    return _action(nominal(told.text) if clause.voice is Voice.NOUN and not clause.verb else clause, told)


class _Sentence:
    """Reads piece by piece: what a piece leaves out stands in the piece before it."""

    def __init__(self, known: frozenset[str], every: bool, aside: str) -> None:
        self.known, self.every, self.aside = known, every, aside
        self.found: list[Action] = []
        self.waiting: list[str] = []
        self.last: Clause | None = None
        self.causing = self.terse = False
        self.piece = ""
        self.idle = False

    def take(self, piece: str, joint: str) -> None:
        told = services.without_brackets(strip_lead(without_subordinate(piece)[0] if joint else piece))
        if self._several(told, piece, joint):
            return
        if self.found and (bare_timeout(told.text) is not None or (joint and only_limits(told.text))):
            self.found[-1] = replace(self.found[-1], notes=(*self.found[-1].notes, told.text, *told.notes))
            return
        if joint and self.found and _ONLY.match(told.text):
            return
        clause = (
            self._relative(told.text)
            or self._caused(told.text)
            or self._alike(told.text)
            or read_clause(told.text, self.known)
        )
        self.piece = told.text
        if clause.voice is Voice.GERUND and " " not in told.text:
            clause = Clause(Voice.NOUN, thing=told.text)
        if clause.voice is Voice.IMPERATIVE and joint in {"and", "or", "&"} and self.idle and not self.found:
            return
        self.idle = clause.voice is Voice.NOTHING
        if clause.voice is Voice.NOTHING:
            if told.notes and self.found:
                self.found[-1] = replace(self.found[-1], notes=(*self.found[-1].notes, *told.notes))
            self.last = clause if clause.negated else self.last
            return
        readers = {Voice.NOUN: self._noun, Voice.PARTICIPLE: self._participle}
        readers.get(clause.voice, self._full)(clause, told, piece, joint)

    def _several(self, told: services.Told, piece: str, joint: str) -> bool:
        """`CRM, billing and analytics erase their copies`: one action for each of them."""
        match = _PLURAL.match(told.text)
        if not self.waiting or match is None or not is_verb(match["verb"]) or _PERSON.match(match["subject"]):
            return False
        clause = read_clause(f"{match['verb']} {match['rest']}", self.known)
        for name in (*self.waiting, match["subject"]):
            self._add(replace(clause, service=services.tidy(name)), told, piece, joint)
        self.waiting = []
        return True

    def _alike(self, text: str) -> Clause | None:
        return (
            read_alike(text, self.known)
            if self.last and self.last.voice is Voice.ACTIVE and self.last.service
            else None
        )

    def _caused(self, text: str) -> Clause | None:
        """`we have Sales delete the quote, Stock free the goods`: each name is followed by what it is made to do."""
        causing = _CAUSING.match(text)
        rest = text[causing.end() :] if causing else text
        match = _MADE_TO.match(rest) if causing or self.causing else None
        if match is None or not is_verb(match["verb"]):
            return None
        self.causing = True
        clause = read_clause(f"{match['verb']} {match['rest']}", self.known)
        return replace(clause, voice=Voice.ACTIVE, service=services.tidy(match["who"])) if clause.verb else None

    def _relative(self, text: str) -> Clause | None:
        """`... with inventory, who reserve the stock`: who does it stands at the end of the piece before."""
        match = re.match(
            r"(?:who|which)\s+(?:(?:then|also|in turn)\s+)*(?P<verb>\S+\s+(?:the|a|an|its|their|all)\s.*)$",
            text,
            re.IGNORECASE,
        )
        if match is None:
            return None
        clause = read_clause(match["verb"], self.known)
        before = re.search(
            r"(?:with|to|by|from|at|in|via|is|comes?|follows|turn of)\s+(?:the\s+)?([\w-]+(?:\s+[\w-]+){0,2})$",
            self.piece,
        )
        return replace(clause, service=before[1] if before else None)

    def _full(self, clause: Clause, told: services.Told, piece: str, joint: str) -> None:
        if not clause.thing and not clause.bare and _POINTING.search(told.text):
            clause = replace(clause, thing=self._antecedent())
        elif re.search(r"\b(?:it|them|him|her) (?:an?|the|its|their)\b", told.text):
            clause = replace(clause, thing=re.sub(r"^(?:it|them|him|her)\s", "", clause.thing))
        elif re.match(r"(?:it|them)\s", clause.thing):
            clause = replace(
                clause, thing=f"{_subject_of(self._antecedent())} {clause.thing.partition(' ')[2]}".strip()
            )
        if self._shares_the_object(clause, joint):
            before = self.found.pop()
            merged = replace(clause, thing=f"and {clause.verb} {clause.thing}", verb=before.verb)
            self._add(merged, told, before.piece + " " + piece, before.joined, before.service)
            return
        if joint == "then" and clause.voice is Voice.THIRD and self.found and self._was_a_name():
            clause = replace(clause, service=services.tidy(self.found.pop().piece))
        elif joint == "then" and clause.voice is Voice.THIRD and clause.service is None and self.waiting:
            clause = replace(clause, service=services.tidy(self.waiting.pop()))
        inherits = (
            clause.service is None
            and clause.voice in {Voice.THIRD, Voice.IMPERATIVE, Voice.GERUND}
            and told.service is None
        )
        if clause.voice in {Voice.THIRD, Voice.IMPERATIVE} and self.last and self.last.negated:
            return
        for thing in self.waiting if clause.voice in {Voice.PASSIVE, Voice.ELLIPSIS} else ():
            self._add(replace(clause, thing=thing), told, piece, joint)
        self.waiting = []
        self._add(clause, told, piece, joint, self._subject() if inherits else None)

    def _was_a_name(self) -> bool:
        """Whether the piece before only looks like an action: `Launch Control then gives the command`."""
        before = self.found[-1]
        return before.voice is Voice.IMPERATIVE and all(word[0].isupper() for word in before.piece.split())

    def _antecedent(self) -> str:
        """What `it` stands for: the subject of the clause in front, or the object before."""
        subject = (
            re.split(r"\s+(?:is|are|has|have|was|were|\w+s(?= (?:the|a|an|its)\b|$))(?:\b|$)", self.aside)[0]
            if self.aside
            else ""
        )
        bare = re.sub(r"^(?:the|a|an|its|all)\s+", "", subject.strip(), flags=re.IGNORECASE)
        if bare and bare != self.aside and len(bare.split()) <= 3:
            return bare
        return _subject_of(self.found[-1].thing) if self.found else ""

    def _shares_the_object(self, clause: Clause, joint: str) -> bool:
        """`checks and holds the stock`: the first verb has no object of its own."""
        before = self.found[-1] if self.found else None
        return bool(
            before
            and not before.thing
            and self.last
            and before.voice in {Voice.ACTIVE, Voice.IMPERATIVE, Voice.THIRD}
            and clause.voice in {Voice.THIRD, Voice.IMPERATIVE}
            and clause.thing
            and joint == "and"
            and not before.notes
            and before.piece.split()[-1:] != ["live"]
            and self.last.bare
        )

    def _subject(self) -> str | None:
        return self.found[-1].service if self.found and self.found[-1].voice in {Voice.ACTIVE, Voice.THIRD} else None

    def _participle(self, clause: Clause, told: services.Told, piece: str, joint: str) -> None:
        """`... and reported to the provider`: the object is that of the passive before."""
        if self.last and self.last.voice in {Voice.PASSIVE, Voice.ELLIPSIS, Voice.PARTICIPLE} and self.found:
            thing = " ".join(part for part in (_subject_of(self.last.thing), clause.thing) if part)
            self._add(replace(clause, thing=thing), told, piece, joint)

    def _noun(self, clause: Clause, told: services.Told, piece: str, joint: str) -> None:
        """A further object of the verb before, the first subject of the verb to come, or an action named by a noun."""
        before = self.found[-1] if self.found else None
        if _PRONOUN.match(told.text):
            return
        if clause.verb and clause.nominal:
            self._add(clause, told, piece, joint)
        elif before and told.service and before.service and told.service != before.service and before.verb:
            self._add(replace(clause, verb=before.verb, voice=before.voice), told, piece, joint)
        elif (
            before
            and (self.every or before.verb in BOOKING)
            and self.last
            and self.last.voice is not Voice.NOTHING
            and before.voice not in {Voice.NOUN}
        ):
            self._add(replace(clause, verb=before.verb, voice=before.voice), told, piece, joint, before.service)
        elif (
            joint in {",", ";"}
            and (len(self.found) > 1 or (self.terse and self.found))
            and _may_be_told(told.text)
            and all(one.voice is Voice.IMPERATIVE for one in self.found)
        ):
            verb, _, thing = told.text.lower().partition(" ")
            self._add(replace(clause, verb=verb, thing=thing, voice=Voice.IMPERATIVE), told, piece, joint)
        elif (
            before
            and self.last
            and before.thing
            and joint in {"and", "&", "+", "as well as"}
            and before.voice is not Voice.PASSIVE
        ):
            notes = (*before.notes, *told.notes)
            self.found[-1] = replace(
                before, thing=f"{before.thing} and {clause.thing}", service=before.service or told.service, notes=notes
            )
            self.waiting = [clause.thing]
        elif clause.thing:
            self.waiting.append(clause.thing)

    def _add(self, clause: Clause, told: services.Told, piece: str, joint: str, service: str | None = None) -> None:
        self.found.append(replace(_action(clause, told, service), piece=piece, joined=joint))
        self.last = clause

    def finished(self) -> list[Action]:
        """What was found, actions without a verb left out unless nouns count."""
        told = [one for one in self.found if one.verb]
        return [_with_object(one, told[index - 1] if index else None) for index, one in enumerate(told)]


def _with_object(action: Action, before: Action | None) -> Action:
    """In `monitor reaction, quench`, the reaction is quenched."""
    if action.thing or before is None or action.voice is not Voice.IMPERATIVE:
        return action
    return replace(action, thing=_subject_of(before.thing))


def _may_be_told(text: str) -> bool:
    """Whether a piece in a list of imperatives may be one though its verb is unknown: `peer networks`."""
    words = text.split()
    if len(words) == 1:
        return bool(re.fullmatch(r"[a-z]{4,}", text)) and text not in {
            "done",
            "finished",
            "ready",
            "thanks",
            "cheers",
            "please",
        }
    return (
        2 <= len(words) <= 4
        and text.islower()
        and not re.match(r"(?:the|an?|its|their|no|not|in|on|at|to|for|with|by|from|of|as|or|etc)\b", text)
        and text.isascii()
    )


def _action(clause: Clause, told: services.Told, service: str | None = None) -> Action:
    named = told.service or clause.service or service
    return Action(clause.verb, clause.thing, named, told.notes, told.text, clause.voice)


def _subject_of(thing: str) -> str:
    """The bare object of a passive: `results to provider` is `results`."""
    return re.split(r"\s+(?:to|from|for|in|at|with|on|into)\s+", thing)[0]
