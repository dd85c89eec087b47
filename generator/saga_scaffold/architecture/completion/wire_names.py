"""Class names for names that are spelled for the wire: `wallet.hold-funds.v1` is `HoldFunds`."""

import re

from saga_scaffold.language.verbs import is_participle, is_verb
from saga_scaffold.spec import naming

_SPELLED_FOR_THE_WIRE = re.compile(r"[A-Za-z0-9][./:-][A-Za-z0-9]")
_VERSION = re.compile(r"v\d+(?:[._]\d+)*|\d+", re.IGNORECASE)
_ABOUT_THE_WIRE = frozenset(
    "cmd command commands evt event events reply replies response responses request requests topic queue msg message "
    "messages saga ack dlq".split()
)


def class_name(name: str) -> naming.MessageName:
    """The class of a message under that name: what it does, without service, version and kind of message."""
    if not _SPELLED_FOR_THE_WIRE.search(name):
        return naming.message_name(name)
    parts = [told for part in re.split(r"[./:]+", name) if (told := _words(part))]
    if not parts:
        return naming.message_name(name)
    *before, last = parts
    if len(last) == 1 and before:
        return naming.message_name(" ".join(_verb_first(before[-1], last[0])))
    if is_verb(last[-1]) and not is_verb(last[0]):
        last = [last[-1], *last[:-1]]
    return naming.message_name(" ".join(last))


def spoken(text: str) -> str:
    """A text whose words can be read: `inventory.hold.v1` is `HoldInventory`, and several words stay as they are."""
    is_for_the_wire = " " not in text and re.search(r"[A-Za-z0-9][./:][A-Za-z0-9]", text)
    return class_name(text) if is_for_the_wire else text


def _verb_first(about: list[str], last: str) -> list[str]:
    """`inventory.reserve` is `reserve inventory`, and `inventory.reserved` stays."""
    return [last, *about] if is_verb(last) and not is_participle(last) else [*about, last]


def _words(part: str) -> list[str]:
    return [word for word in naming.words(part) if _tells(word)]


def _tells(word: str) -> bool:
    return word.lower() not in _ABOUT_THE_WIRE and not _VERSION.fullmatch(word)
