"""Names: words out of any text, their spellings, and names that are safe where they end up.

`kebab`, `pascal`, ... respell the words of a text and say nothing about safety; `step_id`, `message_name`, ...
make a name that `check` accepts, or raise `ValueError` where no word is left to make one of.
"""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from typing import NewType

from saga_scaffold.language.verbs import gerund
from saga_scaffold.spec import reserved

StepId = NewType("StepId", str)
ContextName = NewType("ContextName", str)
MessageName = NewType("MessageName", str)
FieldName = NewType("FieldName", str)
PackageName = NewType("PackageName", str)

LONGEST = 64
LONGEST_TOPIC = 249 - len(".dlq")

KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
SCREAMING = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
WIRE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")
_TOPIC = re.compile(r"[A-Za-z0-9._-]+")

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z]\d)(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?![a-z]))")
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
    | {"đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N"}
    | {
        "'": "",
        "’": "",
        "ʼ": "",
        "`": "",
        "&": " and ",
        "€": " euro ",
        "$": " dollar ",
        "£": " pound ",
        "%": " percent ",
    }
)


def transliterate(text: str) -> str:
    """The text in ASCII: `'Größe prüfen'` is `'Grosse prufen'`; what has no counterpart becomes a space."""
    spelled = text.translate(_LETTERS)
    if spelled.isascii():
        return spelled
    decomposed = unicodedata.normalize("NFKD", spelled)
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else " " for letter in letters)


def words(text: str) -> list[str]:
    """The words of a phrase or of a name in any spelling: `'ReserveCRMPoints'` is Reserve, CRM, Points."""
    tokens = re.findall(r"[A-Za-z0-9]+", transliterate(text))
    return [word for token in tokens for word in _CAMEL.split(token)]


def kebab(text: str) -> str:
    """`'Reserve inventory'` is `'reserve-inventory'`."""
    return "-".join(words(text)).lower()


def snake(text: str) -> str:
    """`'ReserveInventory'` is `'reserve_inventory'`."""
    return "_".join(words(text)).lower()


def screaming(text: str) -> str:
    """`'ReserveInventory'` is `'RESERVE_INVENTORY'`."""
    return "_".join(words(text)).upper()


def pascal(text: str) -> str:
    """`'reserve CRM points'` is `'ReserveCRMPoints'`; `'RESERVE_STOCK'` is `'ReserveStock'`."""
    found = words(text)
    if all(word.isupper() or word.isdigit() for word in found) and len(found) > 1:
        found = [word.lower() for word in found]
    return "".join(word[0].upper() + word[1:] for word in found)


def sentence(text: str) -> str:
    """`'ReserveCRMPoints'` is `'Reserve CRM points'`."""
    found = words(text)
    shouted = len(found) > 1 and all(not any(letter.islower() for letter in word) for word in found)
    calm = [word.lower() if shouted or not _is_acronym(word) else word for word in found]
    return " ".join([calm[0][0].upper() + calm[0][1:], *calm[1:]]) if calm else ""


def running_state(command: str) -> str:
    """The label of a saga while the command runs: `'ReserveInventory'` is `'RESERVING_INVENTORY'`."""
    found = words(command)
    if len(found) > 1 and found[-1].lower() in {"command", "cmd"}:
        found = found[:-1]
    if found and found[0].isalpha():
        found = [gerund(found[0].lower()), *found[1:]]
    return screaming(" ".join(found))


def step_id(text: str) -> StepId:
    """A step id out of any words: kebab-case, never reserved, at most 64 characters."""
    return StepId(_safe(text, "-", reserved.STEP_IDS, "step"))


def context_name(text: str) -> ContextName:
    """The name of a context out of any words: kebab-case; its module can be imported beside the project's own."""
    return ContextName(_safe(text, "-", reserved.CONTEXTS, "context"))


def field_name(text: str) -> FieldName:
    """A field out of any words: snake_case, usable in a pydantic model and in a guard."""
    return FieldName(_safe(text, "_", reserved.FIELDS, "value"))


def message_name(text: str) -> MessageName:
    """A message's class name out of any words: PascalCase, never a name that the project already uses."""
    found = words(text)
    if not found:
        raise ValueError(f"there is no word in {text!r} to make a name of")
    name = pascal(" ".join(found))
    name = name if name[0].isalpha() else f"Run{name}"
    while len(name) > LONGEST and len(found) > 1:
        found = found[:-1]
        name = pascal(" ".join(found))
    name = name[:LONGEST]
    return MessageName(f"{name}Message" if reserved.is_message(name) else name)


def state_name(text: str) -> str:
    """A label of the saga out of any words: SCREAMING_SNAKE, at most 64 characters."""
    return _safe(text, "_", frozenset(), "state").upper()


def safe_package(text: str) -> PackageName:
    """A Python package name out of any text, a folder's name for instance; never a module that it would hide."""
    found = [word.lower() for word in words(text)] or ["saga", "project"]
    found = found if found[0][0].isalpha() else ["saga", *found]
    name = _bounded("_".join(found), "_")
    return PackageName(f"{name}_saga" if name in reserved.PACKAGES else name)


def distinct(name: str, taken: Container[str], joint: str = "-") -> str:
    """The name, or the first of `name-2`, `name-3`, ... that is not taken."""
    number, candidate = 2, name
    while candidate in taken:
        ending = f"{joint}{number}"
        candidate = name[: LONGEST - len(ending)] + ending
        number += 1
    return candidate


def is_topic(name: str) -> bool:
    """Whether Kafka takes the name for a topic and for the dead-letter topic beside it."""
    return bool(_TOPIC.fullmatch(name)) and name not in {".", ".."} and len(name) <= LONGEST_TOPIC


def topic_name(text: str) -> str:
    """A legal topic out of any text; what Kafka refuses becomes a dash."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", transliterate(text).strip()).strip("-")[:LONGEST_TOPIC]
    if not is_topic(name):
        raise ValueError(f"there is nothing in {text!r} to name a topic after")
    return name


def metric_name(topic: str) -> str:
    """What Kafka keeps of a topic in its metric names: topics that are equal here collide."""
    return topic.replace(".", "_")


@lru_cache(maxsize=1 << 16)
def same_words(name: str) -> str:
    """What is left of a name when spelling is left aside: `/transactionId` and `transaction_id` are the same."""
    return re.sub(r"[^a-z0-9]", "", transliterate(name).lower())


def _is_acronym(word: str) -> bool:
    letters = [letter for letter in word.removesuffix("s") if letter.isalpha()]
    return len(word) > 1 and bool(letters) and all(letter.isupper() for letter in letters)


def _safe(text: str, joint: str, refused: Container[str], suffix: str) -> str:
    found = [word.lower() for word in words(text)]
    if not found:
        raise ValueError(f"there is no word in {text!r} to make a name of")
    found = found if found[0][0].isalpha() else [suffix, *found]
    name = _bounded(joint.join(found), joint)
    return f"{name}{joint}{suffix}" if name in refused else name


def _bounded(name: str, joint: str) -> str:
    """The name cut at a word, so that it stays within the limit and leaves room for nothing else."""
    if len(name) <= LONGEST:
        return name
    cut = name[: LONGEST + 1].rpartition(joint)[0]
    return cut or name[:LONGEST]
