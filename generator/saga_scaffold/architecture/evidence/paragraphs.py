"""Steps that several sentences tell, below a title or behind a name in bold, in the languages in which models answer."""

import re
from collections.abc import Iterator, Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.labels import labels_in
from saga_scaffold.architecture.evidence.state_names import phrase_of
from saga_scaffold.architecture.evidence.titles import cleaned, state_in, title_of
from saga_scaffold.architecture.evidence.tokens import Token, plain, tokens

_LEAD = re.compile(
    r"^\s*(?:[-*+]\s+|\d{1,2}[.)]\s+)?\*\*(?P<title>[^*`]{3,70}?)\.?\*\*\s*(?:\([^()]*\))?\s*[-–—:.]?\s+(?P<rest>\S.*)$"
)
_SENTENCE = re.compile(r"(?<=[.;!])\s+(?=[A-ZÀ-Þ*`])|\s*;\s+")
_RECEIVES = re.compile(
    r"(?:^|[.,;–—-]\s*|\bund\s+)(?:(?:the|die|der|das|le|la|l'|el|o|a)\s+)?(?P<service>[*_]*[\w][\w *_&/-]{1,40}?[*_]*)\s+"
    r"(?:receives?|handles?|executes?|gets|accepts|consumes|processes|performs|erhält|empfängt|bekommt|verarbeitet|reçoit|exécute|traite"
    r"|recibe|ejecuta|procesa|recebe|executa|processa|riceve)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:asks?|tells?|instructs?|requests?|bittet|beauftragt|demande à|charge|pide a|solicita a|pede a)\s+"
    r"(?:the\s+|den\s+|die\s+|das\s+|l[ae]\s+|el\s+|o\s+|a\s+)?(?P<service>[*_]*[A-ZÀ-Þ][\w *_&/-]{1,40}?[*_]*)\s+"
    r"(?:to|zu|um|de|para|que)\b"
)
_SENT_TO = re.compile(
    r"\b(?i:sent|sends?|goes|dispatched|issued)\s+(?:[*`]+[\w.-]+[*`]+\s+)?(?i:to)\s+(?i:the\s+)?(?P<service>[*_]*[A-ZÀ-Þ][\w &/-]{1,40}?[*_]*)"
    r"(?=\s+(?i:on|via|over|which|who|to)\b|[.,;(])"
)
_ANSWERS = re.compile(
    r"\b(?:repl(?:y|ies)|answers?|emits?|publish(?:es)?|responds?|returns?|raises|antwortet|meldet|sendet|veröffentlicht|répond|publie"
    r"|émet|renvoie|responde|emite|publica|devuelve|devolve|risponde)\b(?:\s+(?:with|mit|avec|par|con|com))?",
    re.IGNORECASE,
)
_UNDO = re.compile(r"compensat|kompens|compens[aá]|undo(?:ne)?\b|rolled back|reversed|rückgängig|annul", re.IGNORECASE)
_NOTHING = re.compile(
    r"\b(?:no|not|none|nothing|never|cannot|keine?[nr]?|nichts?|aucune?|rien|ninguna?|nada|nenhuma?|sin|sem|sans|without)\b",
    re.IGNORECASE,
)
_CONFIRMS = re.compile(
    r"\b(?:confirm\w*|acknowledg\w*|answered|bestätigt|quittiert|accusée?)\b\W*(?:by|with|durch|mit|par|por|com|con)?\W*$",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(?P<pivot>pivot\w*|point of no return|kein Zurück)\b|\b(?:retriable|retried until|bis zum Erfolg)\b",
    re.IGNORECASE,
)
_PATIENCE = re.compile(
    r"\b(?:wait|waits|time-?outs?|times out|within|deadline|try|tries|tried|attempts?|wartet|versucht|attend|espera)\b",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"example|beispiel|ejemplo|exemple|exemplo|scenario|run of|idempot|retr|order|split|store|rollback|failure|fehler",
    re.IGNORECASE,
)


def paragraph_steps(lines: Sequence[str]) -> list[Found]:
    """A step for each paragraph that names a command and what is answered to it."""
    found = [step for title, text, number in _paragraphs(lines) if (step := _step(title, text, number))]
    return found if len(found) > 1 else []


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Each text of sentences with the title above it, or the name in bold that it begins with, and its line."""
    title, above, start, text, fenced = "", "", 0, "", False
    for number, line in enumerate([*lines, "#"], 1):
        fenced ^= line.lstrip().startswith("```")
        lead = _LEAD.match(line)
        heading = None if lead else title_of(line)
        begins = bool(lead) or heading is not None or bool(re.match(r"^\s*(?:[-*+]|\d{1,2}[.)])\s|^\s*\|", line))
        if begins or not line.strip() or fenced:
            if text:
                yield title, text, start
                text = ""
            if lead:
                title, text, start = lead["title"], lead["rest"], number
            elif heading is not None:
                title = above = heading
            elif begins:
                title = ""
        elif title and not _SKIPPED.search(above):
            start = start if text else number
            text = f"{text} {line.strip()}".strip()


def _step(title: str, text: str, line: int) -> Found | None:
    state = state_in(title)
    found = Found(phrase_of(state) if state else cleaned(title), line)
    found.say("state", state and f"`{state}`")
    for sentence in _SENTENCE.split(text):
        _tell(found, sentence)
    return found if {"command", "events"} <= found.said.keys() else None


def _tell(found: Found, sentence: str) -> None:
    """Takes up what one sentence says."""
    kind = _KIND.search(sentence)
    if kind:
        found.say("kind", "pivot" if kind["pivot"] else "retriable")
    if _PATIENCE.search(sentence):
        found.say("timeout", sentence)
        found.say("attempts", sentence)
    if "command" in found.said and _UNDO.search(sentence):
        _tell_undo(found, sentence)
        return
    found.take(labels_in(f"- {sentence}") if not any(token.marked for token in tokens(sentence)) else ())
    answers = _ANSWERS.search(sentence)
    asked, answered = (sentence[: answers.start()], sentence[answers.end() :]) if answers else (sentence, "")
    if "command" not in found.said:
        names = [token for token in tokens(asked) if token.marked and not _is_service(token)]
        owner = next((told for way in (_RECEIVES, _ASKS, _SENT_TO) if (told := way.search(asked))), None)
        if not names or owner is None:
            return
        found.say("command", f"`{names[0].text}`")
        found.say("command topic", _topic(names[1:]))
        found.say("service", plain(re.sub(r"[*_]", "", owner["service"])))
    if answers and "command" in found.said:
        names = [token for token in tokens(answered) if token.marked]
        topics = [token for token in names[1:] if _is_destination(token, answered)]
        found.say("events", ", ".join(f"`{token.text}`" for token in names if token not in topics))
        found.say("event topic", _topic(topics))


def _tell_undo(found: Found, sentence: str) -> None:
    names = [token for token in tokens(sentence) if token.marked and token.text not in found.said.get("command", "")]
    if not names or (_NOTHING.search(sentence) and not _CONFIRMS.search(sentence)):
        found.say("undo", "none" if _NOTHING.search(sentence) else "")
        return
    confirmed = next(
        (one for one in names[1:] if _CONFIRMS.search(sentence[: sentence.index(one.text)].rstrip(" *`"))), None
    )
    found.say("undo", f"**{names[0].text}**")
    found.say("undo event", f"`{confirmed.text}`" if confirmed else "")
    found.say("undo topic", _topic([one for one in names[1:] if one != confirmed]))


def _is_service(token: Token) -> bool:
    return " " in token.text or token.is_plain_word


def _topic(names: Sequence[Token]) -> str:
    return next((f"**{token.text}**" for token in names if token.is_topic), "")


def _is_destination(token: Token, text: str) -> bool:
    """Whether a name stands behind a word that tells where to: `on **orders.events**`."""
    before = text[: text.index(token.text)].rstrip(" *`")
    return bool(re.search(r"\b(?:on|to|via|over|topic|auf|über|an|sur|dans|en|em|no|na|su)$", before, re.IGNORECASE))
