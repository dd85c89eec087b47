"""What a document says of the whole saga: partition key, snapshots, retries, timeouts."""

import re
from collections.abc import Sequence
from datetime import timedelta

from saga_scaffold.architecture.evidence.tokens import plain, tokens

_PARTITION = re.compile(
    r"partition(?:ing|ed|s?)?[-_ ]?(?:key|by|schlüssel|ado por)|partitionsschlüssel|clé de partition(?:nement)?|(?:clave|chave) de parti[cç]i[oó]n"
    r"|chave de partição|stream key|key of (?:the |each |a )?partition|分区键|파티션 키",
    re.IGNORECASE,
)
_NAMES_A_KEY = re.compile(r"partition\w*[-_ ]?(?:key|schlüssel)|cl[eé]|clave|chave|key", re.IGNORECASE)
_SNAPSHOT = re.compile(r"snapshot|momentaufnahme|instantané|instantánea|快照|스냅샷", re.IGNORECASE)
_NUMBER = r"(\d{1,3}(?:[.,  ]\d{3})+|\d{1,5})(?:st|nd|rd|th|e|er|ère|ème|ª|º)?"
_COUNT = re.compile(rf"\b{_NUMBER}\b(?!\s*(?:s|ms|sec|min|h|d|days?|hours?|bit|seconds?|minutes?)\b)")
_DURATION = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(ms|milliseconds?|seconds?|sekunden|secondes|segundos|sec|s|minutes?|minuten|minutos?|min|m|hours?|stunden?|heures?|horas?|h|days?|tagen?|tage?|jours?|d[ií]as?|weeks?|wochen?|d)\b",
    re.IGNORECASE,
)
_UNLIMITED = re.compile(
    r"unbounded|unlimited|until acknowledged|for ?ever|\b(?:no|without(?: a| any)?|ohne|sans|sin|sem|keine?) (?:upper )?(?:limite?|maximum|grenze|end|ende)\b"
    r"|endless|indefinite|infinite|unbegrenzt|illimité|ilimitad|∞",
    re.IGNORECASE,
)
_UNITS = {
    "ms": 0.001,
    "mi": 60.0,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "t": 86400.0,
    "j": 86400.0,
    "w": 604800.0,
}


def partition_key(lines: Sequence[str]) -> str | None:
    """The field by which the log is divided, as it is written."""
    for line in sorted(lines, key=lambda line: not _NAMES_A_KEY.search(line)):
        found = _PARTITION.search(line)
        if not found or re.match(r"[\s:]*(?:hash|range|list)\b", line[found.end() :], re.IGNORECASE):
            continue
        rest, before = re.split(r"\.\s", line[found.end() :])[0], line[: found.start()]
        named = re.match(
            r"[\s*:`|=(\"]*(?:is\s+)?([/$<{]?[A-Za-z][\w<>{}/#.-]*)", plain(rest) if "`" not in rest[:6] else rest
        )
        spanned = re.match(r"\W*(?:(?:is|ist|est|es|é)\s+)?`(\w+)`", rest)
        if spanned:
            return spanned[1]
        marked = next((token.text for token in tokens(rest) if not token.is_plain_word), None)
        if marked and rest.index(marked) < 30:
            return marked.rstrip(".,;")
        if named and not re.match(r"(?:is|the|of|are|by|für|pour|with|for|per|and)$", named[1]):
            return named[1].rstrip(".,;:")
        assigned = re.search(r"`[^`]+`\s*=\s*`([^`]+)`\W*(?:\w+\W+){0,2}$", before)
        if assigned:
            return assigned[1]
        behind = [token.text for token in tokens(before)]
        if behind:
            return behind[0]
        word = re.findall(r"\b([a-z]+_[a-z_]+|[a-z]+[A-Z]\w+)\b", before)
        if word:
            return str(word[0])
    return None


def snapshot_every(lines: Sequence[str]) -> int | None:
    """After how many events a snapshot is taken."""
    for index, line in enumerate(lines):
        if _SNAPSHOT.search(line) and not re.search(
            r"disabled|not (?:needed|required)|none\b|keine", line, re.IGNORECASE
        ):
            rest = line[_SNAPSHOT.search(line).end() :] + " " + (lines[index + 1] if index + 1 < len(lines) else "")  # type: ignore[union-attr]
            every = re.search(
                rf"(?:every|each|after|alle|chaque|tous les|toutes les|cada|a cada|more than|每|every:)\D{{0,24}}?{_NUMBER}\b",
                rest,
                re.IGNORECASE,
            )
            count = every or _COUNT.search(line[_SNAPSHOT.search(line).end() :])  # type: ignore[union-attr]
            if count and 1 < _whole(count[1]) <= 100_000:
                return _whole(count[1])
    for line in lines:
        found = re.search(
            rf"(?:every|each|alle|cada|tous les) {_NUMBER} (?:events?|records?|versions?|ereignisse|événements|eventos)",
            line,
            re.IGNORECASE,
        )
        if found and _SNAPSHOT.search(" ".join(lines)):
            return _whole(found[1])
    return None


def _whole(number: str) -> int:
    """`1,000`, `1.000` and `1 000` are a thousand."""
    return int(re.sub(r"\D", "", number))


def duration(text: str) -> timedelta | None:
    """The first duration of a text."""
    found = _DURATION.search(text)
    if not found:
        return None
    unit = found[2].lower()
    seconds = _UNITS[
        "ms" if unit in {"ms"} or unit.startswith("milli") else "mi" if unit.startswith("min") else unit[0]
    ]
    return timedelta(seconds=float(found[1].replace(",", ".")) * seconds)


def is_unlimited(text: str) -> bool:
    """Whether a text says that something is tried without end."""
    return bool(_UNLIMITED.search(text))


def attempts(text: str) -> int | None:
    """How many attempts a text allows; a number of retries counts the first attempt too."""
    found = re.search(
        r"(\d{1,3})\s*(?:x\b|×|times|attempts?|tries|try\b|versuche|tentatives|intentos|tentativas)|(?:max\w*|at most|höchstens|up to)\D{0,12}(\d{1,3})\b(?!\s*(?:ms|s|sec\w*|min\w*|h|hours?|d|days?)\b)\s*(?:times|x\b|attempts?|tries)?",
        text,
        re.IGNORECASE,
    )
    retries = re.search(
        r"(\d{1,3})\s*retr(?:y|ies)|retr(?:y|ies)\s*[:=]?\s*(\d{1,3})\b(?!\s*(?:ms|s|sec\w*|min\w*|h|hours?|d|days?)\b)",
        text,
        re.IGNORECASE,
    )
    if retries:
        return int(retries[1] or retries[2]) + 1
    if found:
        return int(found[1] or found[2])
    alone = re.fullmatch(r"\W*(\d{1,3})\W*", text)
    in_words = re.search(r"\b(once|twice|thrice)\b", text, re.IGNORECASE)
    if in_words:
        return {"once": 1, "twice": 2, "thrice": 3}[in_words[1].lower()]
    return int(alone[1]) if alone else None
