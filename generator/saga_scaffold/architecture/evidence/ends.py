"""Where a saga ends: the labels of the ends, from rows, lists, sentences, chains and diagrams."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.machine import ends_drawn
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import is_nothing, plain, tokens

_TERMINAL = re.compile(
    r"(?<![A-Za-z_-])terminal(?!_(?-i:[A-Z]))|end[-_ ]?states?|final[-_ ]?states?|absorbing|endzust|états? (?:terminaux|terminal|final|finaux)"
    r"|estados? (?:terminal|final)|finales|terminais|finais|stati finali|终|종료|^\W*(?:final|ends?)\b(?=\W*:)"
    r"|^#{1,6}[\s\d.]*(?:the )?end(?:s|ings?)?\s*$|\b(?:ends?|finish(?:es)?) (?:in|as|with)\b",
    re.IGNORECASE,
)
_FINAL = re.compile(r"^\W*(?:final|terminal|endzustand|ende)\b(?!\s+(?:step|command|event))", re.IGNORECASE)
_NOT_TERMINAL = re.compile(r"non-?terminal|not (?:a )?terminal|nicht terminal", re.IGNORECASE)
_STATE = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")
_FAILING = re.compile(
    r"(\b(?:on (?:any )?failure|failure(?=\s*:)|if anything fails|otherwise|failure path|on error)\b)", re.IGNORECASE
)
_BAD_END = re.compile(
    r"cancel|fail|reject|compens|kompens|abort|revert|(?<![A-Za-z])rolled|roll(?:ed)?_?back|undone|undoing|declin|void(?!.*paid)|expire"
    r"|storn|annul|abgebroch|abgelehnt|fehlgeschlag|refund|terminat|returned|denied|refus|rechaz|recus|rejeit|ruckab|rückab|unwound"
    r"|withdrawn|revoked|reversed|zurückgenommen|widerruf|anulad|deshech|desfeit|stopped|abandon|dropped|not_|échec|failure",
    re.IGNORECASE,
)
_UNDONE = re.compile(
    r"compens|kompens|cancel|revert|revers|(?<![a-z])rolled|roll(?:ed)?_?back|undone|undoing|storn|annul|returned|unwound|rückab|ruckab"
    r"|withdrawn|revoked|zurückgenommen|abgebroch|anulad|stopped",
    re.IGNORECASE,
)
_GOOD_END = re.compile(r"\b(?:success\w*|erfolg\w*|succès|éxito|sucesso)\b", re.IGNORECASE)
_ODD_END = re.compile(
    r"suspend|attention|frozen|quarantin|stuck|manual|interven|error|dispute|review|required", re.IGNORECASE
)
_YES = re.compile(r"^\W*(?:yes|ja|oui|s[ií]|sim|true|x|final|terminal|✓|✔)\b|^[✓✔]", re.IGNORECASE)
_LISTED_BELOW = 8


@dataclass(frozen=True)
class Ends:
    """The labels of the ends; None where the document does not say."""

    completed: str | None
    compensated: str | None


@dataclass(frozen=True)
class _End:
    """A terminal state with what is said beside it."""

    label: str
    note: str = ""

    @property
    def is_bad(self) -> bool:
        return bool(_BAD_END.search(self.label)) or (bool(_BAD_END.search(self.note)) and not self.is_good)

    @property
    def is_good(self) -> bool:
        return bool(_GOOD_END.search(self.note)) and not _BAD_END.search(self.label)


def ends(lines: Sequence[str], running: Container[str]) -> Ends:
    """The terminal states but for those in which steps run: the first good one, and the one that tells of an undoing best."""
    told = [*_from_rows(lines), *_from_lines(lines), *map(_End, ends_drawn(lines))]
    found = list({one.label: one for one in reversed(told) if one.label not in running}.values())[::-1]
    good = [one.label for one in found if not one.is_bad and not _ODD_END.search(one.label)]
    bad = sorted((one for one in found if one.is_bad), key=lambda one: not _UNDONE.search(f"{one.label} {one.note}"))
    if len(found) == len(good) == 2:
        return Ends(good[0], good[1])
    chained = _ends_of_a_chain(lines)
    compensated = next((one.label for one in bad), None) if found else chained.compensated
    return Ends(chained.completed or next(iter(good), None), compensated)


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


def _from_rows(lines: Sequence[str]) -> Iterator[_End]:
    """Rows that say of their state that it is an end, in a column of their own or among other words."""
    for table in tables(lines):
        for row in table.rows:
            cells = table.cells(row)
            told = cells.get("terminal")
            says = bool(_YES.match(told)) if told else any(_says_terminal(cell) or _FINAL.match(cell) for cell in row)
            label = _label(cells.get("state", "")) or _label(row[0]) or _marked_label(row[1:])
            if says and len(row) > 1 and label:
                yield _End(label, plain(" ".join(cell for cell in row if label not in cell)))


def _says_terminal(text: str) -> bool:
    return bool(_TERMINAL.search(text)) and not _NOT_TERMINAL.search(text)


def _from_lines(lines: Sequence[str]) -> Iterator[_End]:
    following = 0
    for line in lines:
        if line.lstrip().startswith("|"):
            continue
        following = 0 if line.startswith("#") or re.match(r"\d+\.\s+[A-Z]", line) else following
        sign = _TERMINAL.search(line)
        beside = re.findall(r"`?([A-Z]\w+)`?\s*\((?:terminal|final)\b", line)
        if len(beside) > 1:
            yield from map(_End, beside)
        elif sign and not _NOT_TERMINAL.search(line):
            led = _leading(line, sign.start())
            told = led or _ends_in(line[sign.end() :]) or _ends_in(line[: sign.start()].rpartition(". ")[2])
            yield from told
            following = 0 if told or not re.search(r"^#|:\W*$|^\*\*.*\*\*$", line.strip()) else _LISTED_BELOW
        elif following and line.strip():
            item = re.match(r"^\s*[-*+]\s+(.*)", line)
            told = _ends_in(item[1])[:1] if item else _ends_in(line) if following == _LISTED_BELOW else []
            yield from told
            following = following - 1 if item else 0


def _leading(line: str, sign: int) -> list[_End]:
    """The label that an item begins with, where the item says of it that it is an end."""
    item = re.match(
        r"^\s*(?:[-*+]|\d{1,2}[.)])\s+[*`\[]*([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)[*`\]]*\s*(?:[:(–—-]|→|\s{2})", line
    )
    return [_End(item[1], plain(line[item.end() :]))] if item and item.end() <= sign and _is_label(item[1]) else []


def _ends_in(text: str) -> list[_End]:
    """State labels of a text, marked or in capitals, each with what stands in parentheses behind it."""
    text = text.replace("**", "", 1) if text.count("**") % 2 else text
    marked = [token.text for token in tokens(text) if _is_label(token.text)]
    capitals = re.findall(r"\b[^\W\d_a-zß-ÿ][^\Wa-zß-ÿ]{2,}[^\W_a-zß-ÿ]\b", plain(text))
    labels = capitals if set(marked) <= set(capitals) else marked
    return [_End(label, _aside(text, label)) for label in labels]


def _aside(text: str, label: str) -> str:
    found = re.search(rf"{re.escape(label)}[*`\]]*\s*\(([^()]*)\)", text)
    return found[1] if found else ""


def _is_label(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", text))


def _marked_label(cells: Sequence[str]) -> str | None:
    """The first state in a code span or in capitals, where a row begins with its number."""
    told = (one.text for cell in cells for one in tokens(cell) if one.marked or one.text.isupper())
    return next((name for name in told if _is_label(name)), None)


def _label(cell: str) -> str | None:
    cell = cell.replace("(terminal)", "")
    if is_nothing(cell):
        return None
    return next(
        (token.text for token in tokens(cell) if _is_label(token.text)), plain(cell) if _is_label(plain(cell)) else None
    )
