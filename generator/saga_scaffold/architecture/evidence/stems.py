"""The beginnings of the words that tell two names apart."""

from functools import lru_cache

from saga_scaffold.spec import naming

_GENERIC = {
    "service",
    "context",
    "commands",
    "command",
    "events",
    "event",
    "topic",
    "cmd",
    "evt",
    "queue",
    "bounded",
    "replies",
}


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    words = [word.lower() for word in naming.words(text)]
    return frozenset(_stem(word) for word in words if word not in _GENERIC and len(word) > 2)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)][:6]
    return word[:6]


def about_the_same(one: str, other: str) -> bool:
    """Whether two names have a word in common that is not their first, their verb."""
    return bool(_objects(one) & _objects(other))


@lru_cache(maxsize=4096)
def _objects(name: str) -> frozenset[str]:
    words = [word.lower() for word in naming.words(name)]
    return frozenset(word[:5] for word in (words[1:] or words) if len(word) > 2 and word not in _COMMON)


_COMMON = {"command", "commands", "cmd", "event", "evt", "the", "and", "for", "v1", "v2", "topic", "events"}
