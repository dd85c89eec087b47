"""One clause in any voice: `payment-service takes the payment`, `the payment is taken`, `take the payment`."""

import re

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.clause import NOTHING, Clause, Voice
from saga_scaffold.architect.prose.grammar import (
    ADVERB,
    HAS_BEEN,
    HUMAN,
    MODAL,
    MODAL_ACTIVE,
    NEGATION,
    NOBODY,
    NOUNS_TOO,
    PASSIVE,
    SIDE,
    WE,
    is_stative,
)
from saga_scaffold.architect.prose.leading import done, leading_verb
from saga_scaffold.architect.prose.nominals import noun
from saga_scaffold.architect.prose.placed import acts_by_place
from saga_scaffold.architect.prose.subjects import (
    OF_ONESELF,
    PERSONAL,
    acts_on_nothing,
    from_its_subject,
    many_act,
)
from saga_scaffold.architect.prose.trimming import (
    PARTICLES,
    TRAILING,
    bare_subject,
    kept_rest,
    object_of,
    strip_lead,
    with_particle,
)
from saga_scaffold.language.verbs import base_form, guess_base, is_participle, is_third_person, is_verb

_GOES_BACK = re.compile(r"^(?P<what>(?:the |its )?[\w-]+(?: [\w-]+)?) (?:goes|go) back\b")
_CLEFT = re.compile(
    r"^it(?:'s| is) (?P<who>(?:the |our |an? )?[\w-]+(?: [\w-]+){0,3}?) (?:that|who|which) (?=\w+s\b)", re.IGNORECASE
)
_LETS_GO = re.compile(
    r"^(?:(?P<who>\S.*?) )?lets? (?P<what>(?:the|its|all|our|that|an?) \S.*?|\w+|it|them) (?P<how>go|loose|free)\b",
    re.IGNORECASE,
)
UP_TO = re.compile(
    r"^(?:it(?:'s| is)|that's|that is|it remains) (?:then |now |next |finally )*(?:up to|on|for|the (?:job|"
    r"task|turn|duty) of) "
    r"(?P<who>(?:the |our )?[\w-]+(?: [\w-]+){0,3}?) to (?=[a-z]+ )",
    re.IGNORECASE,
)
_GOES_LIVE = re.compile(
    r"^(?P<what>(?:the |its |an? |all )?[\w-]+(?: [\w-]+)?) (?:goes|go) (?P<how>on sale|live|online|public|"
    r"to print|to press)\b"
)
_GOES_OUT = re.compile(r"^(?P<what>(?:the |its |an? )?[\w-]+(?: [\w-]+)?) (?:goes|go) (?:out|off)(?= to\b|$)")
_ASKS = re.compile(r"\basks? (?P<who>(?:the |an? )?[\w-]+(?: [\w-]+){0,3}?) for (?P<what>\S.*)$")


def read_alike(text: str, known: frozenset[str]) -> Clause | None:
    """A clause built like an active one before it, its subject and its verb unknown: `parser decodes payload`."""
    match = re.match(r"(?P<subject>[a-z][\w-]*|the [\w-]+(?: [\w-]+)?) (?P<verb>[a-z]{3,}s) (?P<rest>\S.*)$", text)
    if (
        match is None
        or match["verb"].endswith(("ss", "us", "is"))
        or is_third_person(match["subject"])
        or match["verb"] in {"ones", "others", "times", "days", "weeks", "always", "sometimes", "towards"}
        or match["subject"] in {*NOBODY, *"the a an its our their only just some most any such other all".split()}
    ):
        return None
    if match["rest"].split()[0].lower() in {"is", "are", "and", "or", "of"}:
        return None
    return done(Voice.ACTIVE, guess_base(match["verb"]), match["rest"], match["subject"], known)


def read_clause(text: str, known: frozenset[str] = frozenset()) -> Clause:
    """The action that a clause tells."""
    if OF_ONESELF.match(text):
        return NOTHING
    text = _ASKS.sub(r"requests \g<what> from \g<who>", strip_lead(text))
    text = _CLEFT.sub(r"\g<who> ", _GOES_BACK.sub(r"return \g<what>", text))
    text = _GOES_LIVE.sub(r"put \g<what> \g<how>", _GOES_OUT.sub(r"send \g<what>", text))
    if not text or len(text) > 600:
        return NOTHING
    if SIDE.match(text):
        return NOTHING
    text = re.sub(r"^(?:i\.?e\.?|e\.?g\.?)\s*,?\s*", "", text).replace('"', "").replace("`", "").replace("*", "")
    main = TRAILING.sub("", text).strip(" ,.;:!")
    if not main:
        return NOTHING
    negated = bool(NEGATION.search(main))
    clause = _read(main, known)
    if negated and (clause.voice is not Voice.NOUN or re.match(r"(?:no|not|without|nothing)\b", main, re.IGNORECASE)):
        return Clause(Voice.NOTHING, negated=True)
    return clause


def _read(text: str, known: frozenset[str]) -> Clause:
    for reader in (_lets_go, _we, _bare_modal, _has_been, _modal, _passive, _active, leading_verb, _ellipsis):
        clause = reader(text, known)
        if clause is not None:
            return clause
    return noun(text)


def _we(text: str, known: frozenset[str]) -> Clause | None:
    match = WE.match(text)
    if match is None or len(text) - len(match["rest"]) > 160 or not is_verb(match["verb"]):
        return None
    before = text[: match.start("verb")].lower()
    if re.search(r"\b(?:they|you|i|what|that|which|how|where|as|parts?)\s(?:we\s)?", before):
        return NOTHING
    return done(Voice.ACTIVE, match["verb"].lower(), match["rest"], None, known)


def _lets_go(text: str, known: frozenset[str]) -> Clause | None:
    """`Stock lets the items go` is `let items go`."""
    match = _LETS_GO.match(text)
    if match is None:
        return None
    voice = Voice.ACTIVE if match["who"] else Voice.IMPERATIVE
    service = services.tidy(match["who"]) if match["who"] and match["who"].lower() not in {"we", "it", "they"} else None
    return Clause(voice, "let", f"{object_of(match['what'])} {match['how'].lower()}".strip(), service)


def _bare_modal(text: str, known: frozenset[str]) -> Clause | None:
    """`... and shall retry`: who does it stands in the clause before."""
    match = re.match(rf"{MODAL}\s+(?:{ADVERB})*(?P<verb>[A-Za-z][\w-]*)(?P<rest>\b.*)$", text, re.IGNORECASE)
    if match is None or not is_verb(match["verb"]):
        return None
    return done(Voice.THIRD, match["verb"].lower(), match["rest"], None, known)


def _modal(text: str, known: frozenset[str]) -> Clause | None:
    match = MODAL_ACTIVE.match(text)
    if match is None or match["verb"].lower() in {"be", "have", "has"} or not _may_act(match["verb"]):
        return None
    if match["modal"].lower() in {"may", "can", "could", "would"}:
        return NOTHING
    if match["modal"].lower() == "will" and not services.is_service_subject(match["subject"], known):
        return NOTHING
    if acts_on_nothing(guess_base(match["verb"]), match["rest"]):
        return NOTHING
    return done(
        Voice.ACTIVE,
        guess_base(match["verb"]) if match["modal"].endswith("for") else match["verb"].lower(),
        match["rest"],
        match["subject"],
        known,
    )


def _may_act(word: str) -> bool:
    return is_verb(word) or base_form(word) is not None or len(word) > 3


def _passive(text: str, known: frozenset[str]) -> Clause | None:
    match = PASSIVE.match(text)
    if match is None or match["verb"].lower() in {"a", "an", "the"} or match["subject"].endswith((" as", " and")):
        return None
    verb = match["verb"]
    if not is_participle(verb):
        return NOTHING
    if re.match(
        r"(?:planned|supposed|needed|allowed|tired|based|interested|used|meant|known|named|done|finished|"
        r"described|agreed|fixed|located|expected|required)$",
        verb,
        re.IGNORECASE,
    ):
        return NOTHING
    subject = bare_subject(match["subject"])
    base, kept = with_particle(guess_base(verb), match["rest"].strip())
    if (
        not subject
        or len(subject.split()) > 8
        or is_stative(base)
        or re.match(
            r"(?:they|it|this|that|everything|both|we|these|those|he|she|you|what|all of (?:this|that|it|them))\b",
            subject,
            re.IGNORECASE,
        )
    ):
        return NOTHING
    if (match["modal"] or "").lower() in {"can", "may", "could", "would"}:
        return NOTHING
    rest, service = services.agent(" " + kept, known)
    thing = object_of(f"{subject} {kept_rest(rest.strip())}")
    return Clause(Voice.PASSIVE, base, thing, service, bare=False)


def _has_been(text: str, known: frozenset[str]) -> Clause | None:
    """`... and has to be approved by the owner`: the subject stands in the clause before."""
    match = HAS_BEEN.match(text)
    if match is None or not is_participle(match["verb"]):
        return None
    rest, service = services.agent(" " + match["rest"].strip(), known)
    return Clause(Voice.PARTICIPLE, guess_base(match["verb"]), object_of(rest), service)


def _active(text: str, known: frozenset[str]) -> Clause | None:
    words = from_its_subject(text).split()
    for index in range(1, min(len(words), 7)):
        word = words[index].strip(",")
        if not is_third_person(word) and not acts_by_place(words, index) and not many_act(words, index):
            continue
        if word[0].isupper() and not rest_is_titled(words[index + 1 :]):
            continue
        subject = " ".join(words[:index])
        if (
            index == 1
            and is_verb(subject)
            and subject.lower() not in services.DEPARTMENTS
            and not re.match(r"(?:the|an?|its|their|it|them)\b", " ".join(words[2:]), re.IGNORECASE)
        ):
            continue
        if subject in {"it", "It", "it then", "which then"}:
            return done(Voice.THIRD, guess_base(word), " ".join(words[index + 1 :]), None, known)
        if re.search(r"(?:^|\s)(?:the|a|an|of|to|for|and|in|on|with|by|from|its|their)$", subject, re.IGNORECASE):
            continue
        rest = " ".join(words[index + 1 :])
        if HUMAN.search(subject) and guess_base(word) in {"get", "receive"} and rest:
            told = done(Voice.ACTIVE, "send", rest, None, known)
            return Clause(Voice.ACTIVE, "send", f"{told.thing} to {object_of(subject)}", told.service)
        if acts_on_nothing(guess_base(word), rest) or PERSONAL.match(subject):
            continue
        known_doer = services.is_service_subject(subject, known) or _acts(subject, words[index + 1 :])
        if known_doer or _tells(subject, guess_base(word), words[index + 1 :]):
            return done(Voice.ACTIVE, guess_base(word), rest, subject, known)
    return None


def rest_is_titled(words: list[str]) -> bool:
    """Whether the words go on in capitals, as in a title; otherwise `Works` in `Civil Works digs` is a name."""
    long = [word for word in words if len(word) > 3]
    return not long or long[0][0].isupper()


def _tells(subject: str, verb: str, rest: list[str]) -> bool:
    """Whether `port authority assigns berth` tells an action: its verb is nothing but a verb."""
    words = subject.lower().split()
    plain = len(words) <= 2 and words[0] not in NOBODY and all(re.fullmatch(r"[a-z-]+", word) for word in words)
    return (
        plain
        and verb not in NOUNS_TOO
        and bool(rest)
        and rest[0].lower() not in {"that", "to", "of", "and", "or", "for"}
    )


def _acts(subject: str, rest: list[str]) -> bool:
    """Whether a subject that is no service does something all the same: `the owner approves the budget`."""
    words = subject.lower().split()
    if len(words) > 4 or (words[0] not in {"the", "an", "a", "our"} and (len(words) > 2 or words[0] in NOBODY)):
        return False
    if rest and rest[0].lower() in PARTICLES:
        rest = rest[1:]
    return bool(rest) and rest[0].lower() in {"the", "a", "an", "its", "their", "his", "her", "all", "it", "them"}


def _ellipsis(text: str, known: frozenset[str]) -> Clause | None:
    """`its requisition verified`, `a credit check run`: the auxiliary stands in the clause before."""
    kept, service = services.agent(" " + text, known)
    words = kept.split()
    if {"is", "are", "was", "were", "stays", "stay", "remains", "remain", "keeps", "looks", "seems"} & set(words):
        return None
    for index in range(1, len(words)):
        word = words[index]
        following = words[index + 1].lower() if index + 1 < len(words) else ""
        if (
            is_participle(word)
            and not is_stative(guess_base(word))
            and (
                not following
                or following in {*PARTICLES, "to", "from", "for", "again", "with", "as", "into", "in", "too"}
            )
        ):
            subject = bare_subject(" ".join(words[:index]))
            base, rest = with_particle(guess_base(word), " ".join(words[index + 1 :]))
            return Clause(Voice.ELLIPSIS, base, object_of(f"{subject} {kept_rest(rest)}"), service)
    return None
