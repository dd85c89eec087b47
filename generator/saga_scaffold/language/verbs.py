"""Verbs by any of their forms: `base_form('reserved')`, `gerund('ship')`, `usual_undo('deduct')`."""

from collections.abc import Callable
from functools import cache

from saga_scaffold.language import morphology
from saga_scaffold.language.objects import usual_undo_of
from saga_scaffold.language.verb_table import DOUBLING, IRREGULAR, NOTHING_TO_UNDO, READS_ONLY, UNDONE_BY


def gerund(verb: str) -> str:
    """`'reserve'` is `'reserving'`, `'roll back'` is `'rolling back'`; of a base form, any case."""
    return _first_word(verb, morphology.gerund)


def participle(verb: str) -> str:
    """`'reserve'` is `'reserved'`, `'withdraw'` is `'withdrawn'`; of a base form, any case."""
    return _first_word(verb, morphology.participle)


def past(verb: str) -> str:
    """`'take'` is `'took'`; of a base form, any case."""
    return _first_word(verb, morphology.past)


def third_person(verb: str) -> str:
    """`'process'` is `'processes'`; of a base form, any case."""
    return _first_word(verb, morphology.third_person)


def is_verb(word: str) -> bool:
    """Whether the word is the base form of a verb that is known here."""
    return word.lower() in _known() or _stem_of_prefixed(word.lower()) in _known()


def base_form(word: str) -> str | None:
    """The verb that the word is a form of: `'reserved'` and `'Reserving'` are `'reserve'`; None where none is known."""
    return _forms().get(word.lower()) or _prefixed_base(word.lower())


def guess_base(word: str) -> str:
    """Like `base_form`, and by spelling alone where the verb is not known: `'whitelists'` is `'whitelist'`."""
    known = base_form(word)
    if known:
        return known
    lower = word.lower()
    if lower.endswith("eed") and len(lower) > 4:
        return lower[:-1]
    stem = next(
        (lower[: -len(end)] for end in ("ed", "ing") if lower.endswith(end) and len(lower) > len(end) + 2), None
    )
    return _spelled(stem) if stem else next(morphology.bases(lower))


def is_participle(word: str) -> bool:
    """Whether the word is, or by its ending may be, a past participle."""
    lower = word.lower()
    return (
        lower in _participles()
        or _stem_of_prefixed(lower) in _participles()
        or (lower.endswith("ed") and len(lower) > 4 and lower not in _known())
    )


def is_third_person(word: str) -> bool:
    """Whether the word is the form of a known verb that follows he, she or it."""
    lower = word.lower()
    return lower in _third_persons() or (lower.endswith("s") and _prefixed_base(lower) not in {None, lower})


def usual_undo(verb: str, thing: str = "") -> str | None:
    """The verb that usually takes it back, of that thing: `usual_undo('process', 'payment')` is `'refund'`."""
    base = base_form(verb) or verb.lower()
    return usual_undo_of(base, thing) or UNDONE_BY.get(base)


def only_reads(verb: str) -> bool:
    """Whether the verb usually leaves nothing behind: validate, check, fetch."""
    return (base_form(verb) or verb.lower()) in READS_ONLY


def _prefixed_base(form: str) -> str | None:
    """`unschedules` is `unschedule`: the verb behind the prefix is known."""
    stem = _stem_of_prefixed(form)
    return form.removesuffix(stem) + _forms()[stem] if stem else None


def _stem_of_prefixed(form: str) -> str | None:
    """What stands behind `un`, `de`, `dis` or `re`, where that is a form of a known verb."""
    for prefix, shortest in _PREFIXES:
        stem = form.removeprefix(prefix)
        if stem != form and len(stem) >= shortest and stem in _forms():
            return stem
    return None


_PREFIXES = (("un", 3), ("de", 5), ("dis", 4), ("re", 5))


def _first_word(phrase: str, inflect: Callable[[str], str]) -> str:
    first, space, rest = phrase.strip().lower().partition(" ")
    return inflect(first) + space + rest


@cache
def _known() -> frozenset[str]:
    single = {verb.split()[0] for verb in (*UNDONE_BY, *UNDONE_BY.values())}
    return frozenset({*single, *NOTHING_TO_UNDO, *IRREGULAR, *DOUBLING} - {"be", "have"})


@cache
def _forms() -> dict[str, str]:
    found: dict[str, str] = {}
    for verb in sorted(_known()):
        for inflect in (morphology.third_person, morphology.gerund, morphology.past, morphology.participle):
            found.setdefault(inflect(verb), verb)
        found[verb] = verb
    return found | {verb: verb for verb in _known()} | _SPELLED_OTHERWISE


_SPELLED_OTHERWISE = {
    "canceled": "cancel",
    "canceling": "cancel",
    "labeled": "label",
    "totaled": "total",
    "payed": "pay",
    "felt": "feel",
}


@cache
def _participles() -> frozenset[str]:
    return frozenset({morphology.participle(verb) for verb in _known()} | {"canceled", "labeled", "payed"})


@cache
def _third_persons() -> frozenset[str]:
    return frozenset(morphology.third_person(verb) for verb in _known())


def _spelled(stem: str) -> str:
    """The verb of an unknown stem: `whitelist`, `containeris` and an `e`."""
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem + "e" if stem.endswith(("at", "is", "iz", "uc", "ag", "iv", "v", "c", "ur", "u")) else stem
