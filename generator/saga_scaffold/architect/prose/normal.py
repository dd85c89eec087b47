"""One spelling for what people type in many ways: arrows, dashes, quotes, line ends."""

import re

LONGEST = 100_000
_RUN = re.compile(r"([^\w\n])\1{16,}|(\w)\2{64,}|(\n)\3{4,}")
_SPELLINGS = (
    (re.compile(r"\r\n?|\u2028|\u2029|\x0b|\x0c|\x85"), "\n"),
    (re.compile(r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060\x00-\x08\x0e-\x1f]"), ""),
    (re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\t]"), " "),
    (re.compile(r"[‘’ʼ´]"), "'"),
    (re.compile(r"[“”„«»]"), '"'),
    (re.compile(r" *(?:={1,3}>|-{1,3}>|–>|—>|[→⇒⟶➔➜➝⇨▶►↦]|&rarr;) *"), " -> "),
    (re.compile(r" (?:[–—‐‑‒]|--) "), " - "),
    (re.compile(r"[–—‐‑‒]"), "-"),
    (re.compile(r"…"), "..."),
    (re.compile(r"^(?:Q|A|Frage|Antwort)\s*:\s+(?=\S)", re.MULTILINE), ""),
    (re.compile(r"(?<= )\{([^{}\n]{1,80})\}"), r"(\1)"),
    (re.compile(r" *<br */?> *"), "; "),
)


def normalise(text: str) -> str:
    """The text in one spelling; lines stay lines. What lies behind `LONGEST` characters is left out."""
    text = _shorter_runs(text[:LONGEST])
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    return _shorter_runs(text)


def _shorter_runs(text: str) -> str:
    """The text with long runs of one letter cut: they mean nothing, and cost time."""
    return _RUN.sub(lambda run: run[0][:16], text)
