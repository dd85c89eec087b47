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
