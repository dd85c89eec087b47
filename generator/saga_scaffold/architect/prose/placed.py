"""Verbs that no table knows, by their place: what stands in front of an article, and is no small word, is one."""

import re

from saga_scaffold.language.verbs import guess_base

_SMALL = frozenset("""
a about above across afterwards after against all along also although always among and any are around as at be because
been before behind below beside besides between beyond both but by can could despite did do does down during each
either else even every except finally for from had half has have hence here how however if in including inside instead
into is its just less like may meanwhile might minus more most must near neither no nor not now of off on once only
onto or other otherwise our out outside over past per perhaps plus quite rather regarding shall should since so some
sometimes still such than that the their then there therefore these this those though through throughout thus to
too toward towards under unless until up upon versus via was were what when where whereas whether which while who whom
whose why will with within without would yet
""".split())
_BEFORE_AN_OBJECT = frozenset("the a an its their our his her all it them each every both".split())


_PARTICLES = frozenset("in up out off down over away back on".split())


def placed_verb(words: list[str]) -> tuple[str, str] | None:
    """The base form and the ending (`""`, `"s"` or `"ing"`) of the first word, where its place shows a verb."""
    particle = len(words) > 2 and words[1].lower() in _PARTICLES
    if len(words) < 2 or words[1 + particle].lower().strip(",") not in _BEFORE_AN_OBJECT:
        return None
    lower = words[0].lower()
    if not re.fullmatch(r"(?:[a-z]{2,}-)?[a-z]{3,}", lower) or lower in _SMALL or lower.endswith("ly"):
        return None
    if particle and not lower.endswith("s"):
        return None
    if lower.endswith("ing") and len(lower) > 5:
        return guess_base(lower), "ing"
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return guess_base(lower), "s"
    return lower, ""


def acts_by_place(words: list[str], index: int) -> bool:
    """Whether the word is a verb in `-s`, known or not: `the exporter dumps the table`, `Art Handler crates it`."""
    if not words[index].islower() or (placed_verb(words[index:]) or ("", ""))[1] != "s":
        return False
    subject = words[:index]
    return not {word.lower() for word in subject[1:]} & _SMALL and (
        subject[0].lower() in {"the", "a", "an", "our"} or (subject[0].lower() not in _SMALL and index <= 4)
    )
