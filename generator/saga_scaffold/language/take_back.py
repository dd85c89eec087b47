"""Verbs that take something back whatever it was: cancel, refund, tear up; and the particles that make others do so."""

import re

from saga_scaffold.language.verbs import base_form

_STRONG = frozenset("""
annul cancel invalidate nullify refund reimburse rescind revert revoke undo unreserve unwind void withdraw
""".split())
_ALL = _STRONG | frozenset("""
abandon abort abolish bin burn debit decline decommission decompose deallocate delete delist demolish deny deprovision
deregister destroy detach disable disassemble disband discard discharge disconnect disengage dismantle dismiss dispose
disqualify dissolve drain drop dump eject erase evict exclude expel expunge forfeit forgo free halt kill leave lift
pardon purge quash recall reclaim recredit redeposit reinsert reinstate reject release relinquish remove renounce repay
repeal replenish reset restock restore retract return reverse scrap scratch scrub shelve shred strike strip surrender
terminate trash uninstall vacate waive wipe
""".split())
_PARTICLES = frozenset("back off away loose home".split())
_PHRASAL = re.compile(
    r"^(?:give|tear|rip|hand)\b.*\bup\b|^(?:pull|take|tear|shut|bring|strip|roll|turn|stand)\b.*\bdown\b|"
    r"^(?:pull|strike|back|cross|buy|throw|pour|rub|cut|blot|wipe)\b.*\bout\b|^let\b.*\bgo\b|^(?:set|give|make)\b.*\bfree\b",
    re.IGNORECASE,
)
_PREFIXED = re.compile(r"^(?:un|dis)(?P<rest>[a-z]{3,})$")


def takes_back_by_its_words(verb: str, words: str) -> bool:
    """Whether the verb, or the particle among the words of its clause, takes back what was done."""
    first = verb.split()[0] if verb else ""
    if first in _ALL or _PHRASAL.match(f"{verb} {words}".lower()):
        return True
    prefixed = _PREFIXED.match(first)
    return bool(prefixed and base_form(prefixed["rest"])) or bool(_PARTICLES & set(words.lower().split()))


def always_takes_back(verb: str) -> bool:
    """Whether the verb can do nothing else: refund, void, unwind."""
    return bool(verb) and verb.split()[0] in _STRONG
