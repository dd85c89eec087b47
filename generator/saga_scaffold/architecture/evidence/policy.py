"""What a document says of the whole saga: terminal states, partition key, snapshots, retries, timeouts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from saga_scaffold.architecture.evidence.machine import ends_drawn
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import plain, tokens
from saga_scaffold.spec import naming

_TERMINAL = re.compile(
    r"(?<![A-Za-z_])terminal(?!_[A-Z])|end states?|final states?|endzust|états? (terminaux|finaux)|estados? (terminal|final)|finales|terminais|finais"
    r"|终|종료|\b(?:ends?|finish(?:es)?) (?:in|as|with)\b",
    re.IGNORECASE,
)
_PARTITION = re.compile(
    r"partition(?:ing|ed|s?)?[-_ ]?(?:key|by|schlüssel|ado por)|partitionsschlüssel|clé de partition(?:nement)?|(?:clave|chave) de parti[cç]i[oó]n"
    r"|chave de partição|stream key|分区键|파티션 키",
    re.IGNORECASE,
)
_SNAPSHOT = re.compile(r"snapshot|momentaufnahme|instantané|instantánea|快照|스냅샷", re.IGNORECASE)
_COUNT = re.compile(r"\b(\d{1,5})\b(?!\s*(?:s|ms|sec|min|h|d|days?|hours?|bit|seconds?|minutes?)\b)")
_STATE = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")
_FAILING = re.compile(r"(\b(?:on (?:any )?failure|if anything fails|otherwise|failure path|on error)\b)", re.IGNORECASE)
_BAD_END = re.compile(
    r"cancel|fail|reject|compensat|abort|revert|(?<![A-Za-z])rolled|undone|declin|void|expire|storn|annul|abgebroch|abgelehnt|fehlgeschlag|refund|terminat|returned|denied",
    re.IGNORECASE,
)
_ODD_END = re.compile(r"suspend|attention|frozen|quarantin|stuck|manual|interven|error", re.IGNORECASE)
_DURATION = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(ms|milliseconds?|seconds?|sekunden|secondes|segundos|sec|s|minutes?|minuten|minutos|min|m|hours?|stunden|h|days?|tage|d)\b",
    re.IGNORECASE,
)
_UNITS = {"ms": 0.001, "mi": 60.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "t": 86400.0}


@dataclass(frozen=True)
class Ends:
    """The labels of the ends; None where the document does not say."""

    completed: str | None
    compensated: str | None


def ends(lines: Sequence[str]) -> Ends:
    """The terminal states: the first good one, and the one that tells of an undoing best."""
    labels = list(dict.fromkeys([*_from_rows(lines), *_from_lines(lines), *ends_drawn(lines)]))
    good = [label for label in labels if not _BAD_END.search(label) and not _ODD_END.search(label)]
    bad = [label for label in labels if _BAD_END.search(label)]
    bad.sort(
        key=lambda label: not re.search(
            r"compensat|cancel|revert|(?<![a-z])rolled|undone|storn|returned", label, re.IGNORECASE
        )
    )
    if len(labels) == len(good) == 2:
        return Ends(good[0], good[1])
    chained = _ends_of_a_chain(lines)
    return Ends(chained.completed or next(iter(good), None), next(iter(bad), None) if labels else chained.compensated)


def _ends_of_a_chain(lines: Sequence[str]) -> Ends:
    """`States: A → B → DONE; on failure UNDONE`: where a chain of three labels at least leads, and what it fails with."""
    completed = compensated = None
    for line in lines:
        forward, failing, backward = _FAILING.split(line, maxsplit=1) if _FAILING.search(line) else (line, "", "")
        chain = [one for part in forward.split("→") if (one := _STATE.fullmatch(part.split(":")[-1].strip(" `*.;,-")))]
        if forward.count("→") > 1 and len(chain) == forward.count("→") + 1:
            completed = completed or chain[-1][0]
        named = _STATE.findall(backward)
        if failing and named and (chain or not forward.strip(" -*`")):
            compensated = compensated or named[-1]
    return Ends(completed, compensated if completed else None)


def _from_rows(lines: Sequence[str]) -> list[str]:
    rows = [row for table in tables(lines) for row in table.rows]
    told = [row for row in rows if len(row) > 1 and any(_TERMINAL.search(cell) for cell in row)]
    return [label for row in told if (label := _label(row[0]))]


def _from_lines(lines: Sequence[str]) -> list[str]:
    found: list[str] = []
    following = 0
    for line in lines:
        if line.lstrip().startswith("|"):
            continue
        sign = _TERMINAL.search(line)
        beside = re.findall(r"`?([A-Z]\w+)`?\s*\((?:terminal|final)\b", line)
        if len(beside) > 1:
            found += beside
        elif sign:
            own = _labels(line[sign.start() :])
            before = _labels(line[: sign.start()].rpartition(". ")[2])
            found += own or before
            following = 0 if (own or before) else 8
        elif following and line.strip():
            item = re.match(r"^\s*[-*]\s+(.*)", line)
            found += _labels(item[1])[:1] if item else []
            following = following - 1 if item else 0
    return found


def _labels(text: str) -> list[str]:
    """State labels of a text, marked or in capitals."""
    marked = [token.text for token in tokens(text) if _is_label(token.text)]
    capitals = re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", plain(text))
    return capitals if set(marked) <= set(capitals) else marked


def _is_label(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", text)) and "." not in text


def _label(cell: str) -> str | None:
    cell = cell.replace("(terminal)", "")
    return next(
        (token.text for token in tokens(cell) if _is_label(token.text)), plain(cell) if _is_label(plain(cell)) else None
    )


def partition_key(lines: Sequence[str]) -> str | None:
    """The field by which the log is divided, as it is written."""
    for line in lines:
        found = _PARTITION.search(line)
        if not found:
            continue
        rest, before = line[found.end() :], line[: found.start()]
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
                r"(?:every|each|after|alle|chaque|tous les|toutes les|cada|a cada|more than|每|every:)\D{0,24}?(\d{1,5})\b",
                rest,
                re.IGNORECASE,
            )
            count = every or _COUNT.search(line[_SNAPSHOT.search(line).end() :])  # type: ignore[union-attr]
            if count and 1 < int(count[1]) <= 100_000:
                return int(count[1])
    for line in lines:
        found = re.search(
            r"(?:every|each|alle|cada|tous les) (\d{1,5}) (?:events?|records?|versions?|ereignisse|événements|eventos)",
            line,
            re.IGNORECASE,
        )
        if found and _SNAPSHOT.search(" ".join(lines)):
            return int(found[1])
    return None


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


def attempts(text: str) -> int | None:
    """How many attempts a text allows; a number of retries counts the first attempt too."""
    found = re.search(
        r"(\d{1,3})\s*(?:x\b|×|times|attempts?|tries|versuche|tentatives|intentos|tentativas)|(?:max\w*|at most|höchstens|up to)\D{0,12}(\d{1,3})\s*(?:times|x\b|attempts?|tries)?",
        text,
        re.IGNORECASE,
    )
    retries = re.search(r"(\d{1,3})\s*retr(?:y|ies)|retr(?:y|ies)\s*[:=]?\s*(\d{1,3})\b", text, re.IGNORECASE)
    if retries:
        return int(retries[1] or retries[2]) + 1
    if found:
        return int(found[1] or found[2])
    alone = re.fullmatch(r"\W*(\d{1,3})\W*", text)
    return int(alone[1]) if alone else None


def same_key(one: str, other: str) -> bool:
    """Whether two spellings name one field."""
    return naming.same_words(one) == naming.same_words(other)
