"""Names in a text: what stands in code spans or bold, or is spelled as only names are; and what kind each is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from saga_scaffold.architecture.evidence.topic_sides import side_of
from saga_scaffold.language.foreign import is_foreign_participle
from saga_scaffold.language.verbs import base_form, is_participle
from saga_scaffold.spec import naming

_SPAN = re.compile(r"\*\*\s*`([^`*]+)`\s*\*\*|`([^`]+)`|\*\*([^*]+?)(?:\*\*|$)|__([^_]+)__")
_BARE = re.compile(
    r"\b(?:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ0-9]+){2,}\b|\b[a-z0-9]+(?:[._-][a-z0-9]+){1,}\b|\b[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+\b"
)
_PATH = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)+")
_TOPIC_WORDS = {"commands", "events", "topic", "replies", "queue", "cmd", "evt", "command", "event", "reply", "dlq"}
_BAD = re.compile(
    r"fail|reject|declin|refus|insufficient|invalid(?!ate)|unavailab|notavail|not[-_. ]|error|abort|shortage|mismatch|expire|denied"
    r"|(?<!un)blocked|exhausted|soldout|lapsed|violat|timeout|timedout|exceeded|missing|bounced|lost|outof|unmatched|overdue|overbook|overload|incomplete|unsuit|unknown"
    r"|unreach|conflict|inconclusive|unpaid|vetoed|withheld"
    r"|too(?:low|high|late|many|few|large|small|short|old)|(?-i:Full$|_FULL$)|(?-i:^No(?=[A-Z]))"
    r"|(?-i:Recus|RECUS|(?<![A-Za-z])recus)|rechaz|rejeit|falh|fallo|fallid|[eé]chou|[ée]chec(?!k)|indispon|insufic|insuffis|impossib|unm(?:ö|oe|o)glich|abgelehnt"
    r"|fehlgeschlagen|gescheitert|ung(?:ü|ue|u)ltig|nicht|não|(?-i:Nao(?=[A-Z]))|negad|abandonn|[eé]puis[eé]|agotad|esgotad|verweigert",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"^\W*(?:[-–—]|n/?a\b|none\b|no\b|not?\b|nothing|keine|kein|nicht|aucune?|pas de|rien|ninguna?|ningún|nenhuma?|não|sem\b|nessun"
    r"|without|must (?:never|not) be|(?:is |may )?never\b|forward only|prohibited|无|無|なし|없음|không)",
    re.IGNORECASE,
)

_PARTICLES = frozenset("aside away back down in off on out over up".split())
# A dash with the reason for it in parentheses.
_CROSSED_OUT = re.compile(r"^[\s*`]*[-–—]+[\s*`]*\(")
_RECEIVER = re.compile(r"(?:the\s+)?[A-ZÀ-ÖØ-Þ][\w&-]*(?:\s+[\w&-]+){0,4}(?:\s*\([^()]*\))?")


@dataclass(frozen=True)
class Token:
    """A name as it stands in a text."""

    text: str
    marked: bool

    @property
    def is_name(self) -> bool:
        """Whether it can be a message's name: one word, spelled together."""
        return bool(re.fullmatch(r"[^\W\d_][^\W_]*(?:_[^\W_]+)*", self.text)) and not self.is_plain_word

    @property
    def is_plain_word(self) -> bool:
        """Whether it is an ordinary word."""
        return bool(re.fullmatch(r"[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+", self.text))

    @property
    def is_topic(self) -> bool:
        """Whether it can be a topic: dotted, dashed or with slashes, or a name that says so."""
        if _PATH.fullmatch(self.text):
            return self.text.count("/") > 1 or self.says_topic
        if not naming.is_topic(self.text) or self.text.endswith("."):
            return False
        dotted = bool(re.search(r"[a-z0-9][.-][a-z0-9]", self.text)) and self.text == self.text.lower()
        return dotted or bool(self._words & (_TOPIC_WORDS - {"command", "event"}) and len(self._words) > 1)

    @property
    def says_topic(self) -> bool:
        """Whether one of its words is one that topics have: `orders.commands`, `order-replies`."""
        divided = bool(re.search(r"[./-]", self.text)) and self.text == self.text.lower()
        return bool(self._words & _TOPIC_WORDS) or (divided and side_of(self.text) is not None)

    @property
    def _words(self) -> set[str]:
        return {word.lower() for word in naming.words(self.text)}

    @property
    def is_phrase(self) -> bool:
        """Whether it is several words that begin with a verb."""
        words = self.text.split()
        return len(words) > 1 and base_form(words[0]) is not None


def tokens(text: str) -> list[Token]:
    """Every name of a text, in order; what is marked once is not found again inside."""
    return list(_tokens(text))


@lru_cache(maxsize=1 << 14)
def _tokens(text: str) -> tuple[Token, ...]:
    found: list[tuple[int, Token]] = []
    covered = [False] * len(text)
    for span in _SPAN.finditer(text):
        inner = next(group for group in span.groups() if group is not None).strip(" :`*")
        inner = inner.rstrip(").,;") if "(" not in inner else inner
        if inner:
            found.append((span.start(), Token(inner, True)))
        covered[span.start() : span.end()] = [True] * (span.end() - span.start())
    for bare in _BARE.finditer(text):
        if not covered[bare.start()]:
            found.append((bare.start(), Token(bare[0], False)))
    return tuple(token for _, token in sorted(found, key=lambda one: one[0]))


def plain(text: str) -> str:
    """The text without marks."""
    return re.sub(r"\*{1,3}|`|__|<br\s*/?>", " ", text).replace("  ", " ").strip(" :-–—")


def says_failure(name: str, asked: str = "") -> bool:
    """Whether the name of an event tells that something went wrong; `CarBlocked` does not where `BlockCar` was asked."""
    if not _BAD.search(name):
        return False
    wanted = base_form(naming.words(asked)[0]) if naming.words(asked) else None
    return wanted is None or not any(base_form(word) == wanted for word in naming.words(name) if _BAD.search(word))


def is_event(name: str) -> bool:
    """Whether a name tells what has happened, rather than what is to be done."""
    words = [word.lower() for word in naming.words(name) if word.lower() not in {"event", "evt", "v1", "v2"}]
    if not words:
        return False
    spelled = re.split(r"[._/-]|(?<=[^\W\d_])(?=[A-ZÀ-ÖØ-Þ])", name)[-1]
    says_event = name.endswith("Event") and base_form(words[0]) != words[0]
    if len(words) > 2 and words[-1] in _PARTICLES and is_participle(words[-2]):
        return True
    return is_participle(words[-1]) or is_foreign_participle(spelled) or says_failure(name) or says_event


def names_a_receiver(label: str, values: Sequence[str]) -> bool:
    """Whether what a label such as `Sent to` tells are services: words with a capital, none of them a topic."""
    said = [value for value in values if not is_nothing(value)]
    if not said or re.search(r"topi|queue|channel|kanal|canal|fila|cola|主题|토픽", label, re.IGNORECASE):
        return False
    return all(_RECEIVER.fullmatch(plain(value)) and not any(one.is_topic for one in tokens(value)) for value in said)


def is_nothing(text: str) -> bool:
    """Whether a cell or a label says that there is nothing."""
    bare = plain(text)
    return not bare or bool(NOTHING.match(bare) or _CROSSED_OUT.match(text)) or not re.search(r"\w", text)
