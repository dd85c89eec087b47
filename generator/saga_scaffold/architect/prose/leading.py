"""Clauses that begin with their verb: `take the payment`, `takes the payment`, `taking the payment`."""

import re

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.clause import NOTHING, Clause, Voice
from saga_scaffold.architect.prose.grammar import MEANS_AN_ACTION, NO_VERB, STATIVE
from saga_scaffold.architect.prose.placed import placed_verb
from saga_scaffold.architect.prose.trimming import PARTICLES, object_of, with_particle
from saga_scaffold.language.verbs import base_form, guess_base, is_participle, is_third_person, is_verb

_BEHIND_A_PARTICIPLE = PARTICLES | frozenset("to by in with from for at via as into again too".split())


def leading_verb(text: str, known: frozenset[str]) -> Clause | None:
    words = text.split()
    first = words[0].strip(",:")
    lower, rest = first.lower(), " ".join(words[1:])
    if re.fullmatch(r"[a-z]+(?:[-_][a-z]+)+", lower) and is_verb(re.split("[-_]", lower)[0]):
        parts = re.split("[-_]", lower)
        return done(Voice.IMPERATIVE, parts[0], " ".join(parts[1:]) + " " + rest, None, known)
    if re.match(r"[A-Za-z][a-z]+(?:[A-Z][a-z]+)+$", first):
        parts = re.findall(r"[A-Za-z][a-z]+", first)
        if is_verb(parts[0]):
            return done(Voice.IMPERATIVE, parts[0].lower(), " ".join(parts[1:]).lower() + " " + rest, None, known)
    if lower in {"have", "let"} and len(words) > 3:
        return _causative(words)
    if is_verb(lower):
        if _names_what_was_done(words):
            return None
        return done(Voice.IMPERATIVE, lower, rest, None, known)
    if re.fullmatch(r"un[a-z]{3,}(?<!ing)", lower) and rest and lower not in NO_VERB:
        return done(Voice.IMPERATIVE, lower, rest, None, known)
    if is_third_person(lower) and re.match(
        r"(?:for|about|of|from|on|between|that|which|who|are|is|were|was|have|has|had|must|can|may|should|will|need|stay)\b",
        rest,
    ):
        return None
    if is_third_person(lower):
        return done(Voice.THIRD, guess_base(lower), rest, None, known)
    if lower.endswith("ing") and base_form(lower):
        return done(Voice.GERUND, base_form(lower) or lower, rest, None, known)
    placed = placed_verb(words)
    if placed:
        voices = {"": Voice.IMPERATIVE, "s": Voice.THIRD, "ing": Voice.GERUND}
        return done(voices[placed[1]], placed[0], rest, None, known)
    if is_participle(lower) and (
        len(words) == 1 or words[1].lower() in {"to", "by", "in", "with", "from", "for", "at", "via", "as", "into"}
    ):
        kept, service = services.agent(" " + rest, known)
        return Clause(Voice.PARTICIPLE, guess_base(lower), object_of(kept), service)
    return None


def _names_what_was_done(words: list[str]) -> bool:
    """Whether the first word is a noun though it could be a verb: `berth given up`, `mint reverted`."""
    if len(words) < 2 or not is_participle(words[1]) or is_verb(words[1]):
        return False
    return len(words) == 2 or words[2].lower() in _BEHIND_A_PARTICIPLE


def _causative(words: list[str]) -> Clause:
    """`have the drone turn back` is `turn drone back`; `let the driver go` stays as it is."""
    if words[0].lower() == "let" and words[1] == "go":
        return Clause(Voice.IMPERATIVE, "let go", object_of(" ".join(words[2:])))
    if words[0].lower() == "let":
        return Clause(Voice.IMPERATIVE, "let", object_of(" ".join(words[1:])))
    for index in range(2, len(words)):
        if is_verb(words[index]):
            return Clause(
                Voice.IMPERATIVE, words[index].lower(), object_of(" ".join([*words[1:index], *words[index + 1 :]]))
            )
    return NOTHING


def done(voice: Voice, verb: str, rest: str, subject: str | None, known: frozenset[str]) -> Clause:
    phrasal = with_particle(verb, rest.strip())[0]
    if (
        verb in STATIVE
        and not (phrasal != verb and phrasal.partition(" ")[2] in {"out", "up", "off", "down", "aside"})
        and not (verb == "let" and re.match(r"\s*go\s", rest))
        and not (
            MEANS_AN_ACTION.match(verb)
            and rest.strip()
            and not re.match(r"\s*(?:with|by|to|from|in|at|over|on|every)\b", rest)
        )
        and f"{verb} {rest.strip()}".lower() != "go live"
        and not re.match(r"(?:stand\b.*\bdown|fail over)\b", f"{verb} {rest.strip()}")
    ):
        return Clause(Voice.NOTHING)
    service = None
    if subject == "IT":
        service = subject
    elif subject is not None and not re.fullmatch(
        r"(?:the |our )?(?:system|app|application|saga|process|workflow|it|orchestrator|platform)",
        subject.strip(),
        re.IGNORECASE,
    ):
        service = services.tidy(subject)
    verb, rest = with_particle(verb, rest.strip())
    kept, by = services.agent(" " + rest, known)
    thing = object_of(kept)
    return Clause(voice, verb, thing, service or by, bare=not rest.strip(" ,"))
