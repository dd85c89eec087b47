"""One spelling for what people type in many ways: arrows, dashes, quotes, line ends."""

import re
import unicodedata
from collections.abc import Callable

LONGEST = 100_000
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_STEPS = re.compile(rf"\bsteps?(?:(?:\s+|,\s*|\s+(?:and|or|to)\s+)(?:{'|'.join(_NUMBERS)})\b)+", re.IGNORECASE)
_RUN = re.compile(r"([^\w\n])\1{16,}|(\w)\2{64,}|(\n)\3{4,}")
_CIRCLED = re.compile(r"([①-⑨❶-❾]) *")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_ROMAN = re.compile(
    rf"(?<![\w.])(?P<number>{'|'.join(sorted(_ROMANS, key=len, reverse=True))})(?P<end>[.)\]](?= ))", re.I
)
_SPELLINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85"), "\n"),
    (re.compile(r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060\x00-\x08\x0e-\x1f]"), ""),
    (re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\t]"), " "),
    (re.compile(r"[‘’ʼ´]"), "'"),
    (re.compile(r"[“”„«»]"), '"'),
    (re.compile(r" *(?:<-{1,3}>|<={1,3}>|[↔⇄⇆⟷⇔]) *"), "; undo: "),
    (re.compile(r" *(?:={1,3}>|-{1,3}>|–>|—>|[→⇒⟶➔➜➝⇨▶►↦]|&rarr;) *"), " -> "),
    (re.compile(r" *(?:<-{1,3}(?![\w-])|<={1,3}(?= ?[A-Za-z(\[])|[←⇐⟵]|&larr;) *"), " <- "),
    (re.compile(r"^[^\n]* > [^\n]* > [^\n]*$", re.MULTILINE), lambda line: line[0].replace(" > ", " -> ")),
    (re.compile(r"^[^\n]* < [^\n]* < [^\n]*$", re.MULTILINE), lambda line: line[0].replace(" < ", " <- ")),
    (re.compile(r"(?:\n[ ]*(?:[↓⬇⇓⇩▼▾⤵]+|[|vV])[ ]*)+\n(?:[ ]*\n)*[ ]*(?=\S)"), " -> "),
    (re.compile(r"\n[ ]*(?:[↓⬇⇓⇩▼▾⤵]|->)[ ]+(?=\S)"), " -> "),
    (re.compile(r" ->[ ]*\n[ ]*(?=\S)"), " -> "),
    (re.compile(r" (?:[–—‐‑‒]|--) "), " - "),
    (re.compile(r"[–—‐‑‒]"), "-"),
    (re.compile(r"…"), "..."),
    (re.compile(r"^(\s*)[\[(]([A-Z]{1,6})[ _-]?(\d{1,4})[\])][:.]?[ ]+", re.MULTILINE), r"\1\2-\3: "),
    (re.compile(r"\b(is|are|was|were|do|does|did|has|have|had|could|would|should)nt\b", re.IGNORECASE), r"\1n't"),
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=[a-z]) ?= (?=\S)"), ": "),
    (re.compile(r"\buntill\b", re.IGNORECASE), "until"),
    (re.compile(r"(?:^|(?<=[ ,;]))(\d{1,2})/(?= [A-Za-z])", re.MULTILINE), r"\1)"),
    (re.compile(r"\b(?:again and again|over and over(?: again)?|time and again)\b"), "endlessly"),
    (re.compile(r"^(?:Q|A|Frage|Antwort)\s*:\s+(?=\S)", re.MULTILINE), ""),
    (re.compile(r"(?<= )\{([^{}\n]{1,80})\}"), r"(\1)"),
    (re.compile(r" *<br */?> *"), "; "),
)


_BACKWARDS = re.compile(r"(?P<forth>->[^<>\n]*)\n?[ ]*<- (?P<back>[^<>\n]+(?: <- [^<>\n]+)+)$", re.MULTILINE)


def normalise(text: str) -> str:
    """The text in one spelling; lines stay lines. What lies behind `LONGEST` characters is left out."""
    text = _shorter_runs(text[:LONGEST])
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    text = _BACKWARDS.sub(_labelled, text)
    return _shorter_runs(_arabic(_CIRCLED.sub(_uncircled, _STEPS.sub(_in_digits, text))))


def _labelled(chain: re.Match[str]) -> str:
    """`-> ship <- refund <- release` is `-> ship`, and below it `Undo: refund, release`."""
    return f"{chain['forth']}\nUndo: {', '.join(chain['back'].split(' <- '))}"


def _uncircled(mark: re.Match[str]) -> str:
    """`①` is `1) `."""
    return f"{unicodedata.digit(mark[1])}) "


def _arabic(text: str) -> str:
    """`i) ii) iii)` as `1) 2) 3)`, where at least two of them follow each other."""
    if not {"i", "ii"} <= {mark["number"].lower() for mark in _ROMAN.finditer(text)}:
        return text
    return _ROMAN.sub(lambda mark: f"{_ROMANS.index(mark['number'].lower()) + 1}{mark['end']}", text)


def _in_digits(steps: re.Match[str]) -> str:
    """`steps two and three` is `steps 2 and 3`."""
    words = "|".join(_NUMBERS)
    return re.sub(words, lambda word: str(_NUMBERS.index(word[0].lower()) + 1), steps[0], flags=re.IGNORECASE)


def _shorter_runs(text: str) -> str:
    """The text with long runs of one letter cut: they mean nothing, and cost time."""
    return _RUN.sub(lambda run: run[0][:16], text)
