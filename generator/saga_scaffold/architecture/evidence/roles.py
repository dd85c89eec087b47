"""What labels and column headings mean: `Befehls-Topic` and `Topic for the command` are both the command topic."""

import re
import unicodedata
from functools import lru_cache

from saga_scaffold.architecture.evidence.units import without_unit
from saga_scaffold.architecture.evidence.vocabulary import concepts_of

# Turns of phrase whose words tell less than the whole; the first that fits wins. Without accents, in lower case.
_PHRASES = [
    ("undo takes", r"(compensation|undo) takes"),
    ("takes", r"(command )?takes"),
    ("gives", r"(success event )?gives"),
    ("effect", r"(side )?effect"),
    (
        "undo event",
        r"(undo|rollback|roll back|compensation|reversal) (is )?(completed|finished|acknowledged|done|answered) (by|with)",
    ),
    ("success topic", r"(acknowledged|acknowledgement|succeeds|accepted|completed) (on|via)"),
    ("failure topic", r"(rejected|refused|declined|denied|failed|fails) (on|via)"),
    (
        "command topic",
        r"topic out|out(going|bound)? (topic|queue|channel)|(request|input|inbox) (topic|queue|channel)|(sent|delivered|dispatched|addressed|issued|requested) (to|on|via)"
        r"|(listens|subscribes|subscribed) (on|to)|(consumes|reads|receives) from|commands? (in|from|arrive (on|at|via)|come (in )?(on|via))",
    ),
    (
        "event topic",
        r"topic in|in(coming|bound)? (topic|queue|channel)|(all )?(answers|replies|events)( are)?( published| sent| emitted)? (on|to|via)"
        r"|(answers|replies|events) (out|(go|leave)( out)?( (to|on|via))?)",
    ),
    (
        "undo",
        r"(if|when) (it|something|anything) fails (later|afterwards)( on)?|(if|when) (a|any) later step fails|on rollback|counter[- ]?(action|command)|(revers|revert|cancell?)ed by|taken back by"
        r"|(inverse|reverse|cancel|cleanup|clean-up) (action|command)|rolled back( (with|by|via))?|roll ?back( with)?",
    ),
    (
        "failure",
        r"(if|when) (it|this|that|the (step|command)) (fails|is refused|is rejected)( with)?|on failure / timeout|failed|rejected|declined|(failed|refused|declined|rejected|aborted) (by|with)|(sad|bad|negative) (event|answer|reply|outcome|path)|fails with|en cas d'echec"
        r"|deviates? (on|with)|(left|leaves|aborts?) (on|with) (failure|error)|si falla|bei fehler|en cas de refus|(it )?(refuses|rejects) with",
    ),
    (
        "topic",
        r"(published|posted|produced|put|travels|carried|transported|routed|runs) (on|to|via|over)|(veroffentlicht|gesendet) (auf|uber|an)"
        r"|publie sur|envoye sur|publicado en|publicado em|enviado (a|por)",
    ),
    (
        "success",
        r"emitted on success|succeeded|(is )?(completed|finished|concluded) (by|with)|(happy|good|positive) (event|answer|reply|outcome|path)|completes with|succeeds with|en cas de succes",
    ),
    (
        "events",
        r"(it )?(waits? for|expects?|awaits?|hears?|gets back|listens for|is left (on|with|by)|(is )?answered (by|with))|expected (event|answer|reply)",
    ),
    ("events", r"state[- ]transition(al)? events?|events? on success|(answers|replies|responds) with"),
    (
        "command",
        r"(on entry )?(it )?(sends?|dispatch(es)?|issues?|asks( for| with)?|requests?|is entered with)( (the )?command)?"
        r"|(accepts|takes|understands|envoie|envia|sendet)( (the )?command)?",
    ),
    ("command", r"(consumes|receives|listens (to|for)|accepts)( command)?|task|does|job"),
    (
        "service",
        r"(performed|handled|executed|owned|provided|carried out|run|done|processed) by|who|by|to service|sent to service"
        r"|dich vu|addressee|receiver|(executed|carried out|runs|handled) in|context in charge",
    ),
    (
        "timeout",
        r"tiempo (limite|de espera|maximo)|(limite de tempo|tempo (limite|maximo|de espera))|time limits?"
        r"|max(imum)? (duration|time)|delai d'attente|(answer )?expected within|(answers?|replies) within|time budgets?|must answer within",
    ),
    ("attempts", r"sendings at most|deliveries at most"),
    ("timeout and retries", r"time-?outs? ?(/|and|&|,) ?retr(y|ies)|gives? up after|patience|waits at most"),
    (
        "of",
        r"message|for|undoes|of|compensates( for)?|reverts|step undone"
        r"|original( command| action| step)?|annule|anula|macht ruckgangig"
        r"|(undo|compensation|rollback|reversal|annulation|compensacion|anulacion) (of|for|de|to)( (the )?(command|step|action))?"
        r"|(command|step|action) (to be )?(undone|compensated|reversed|reverted|rolled back|to undo|to compensate)",
    ),
    ("condition", r"only (if|when)"),
    ("after", r"runs after|depends on"),
    ("trigger", r"entered (by|after|with|when)|from"),
    (
        "next",
        r"to|goes to|target state|successor( state)?|leads to|leaves on success to|on success goes to|then|next_state",
    ),
    ("terminal", r"terminal|final|end state"),
    ("number", r"#|no|step #|step no"),
]
_NO_LABEL = re.compile(
    r"(the|a|an|der|die|das|le|la|les|el|los|o|os|as|no|any) .*|.*\bfailure (in|of)\b.*|state transition"
)
# The first whose concepts are all there wins.
_COMPOSED: list[tuple[str, str, str]] = [
    # role, what the label says, and what it must not say
    ("command", "command next", ""),
    ("undo topic", "undo topic", "event answer confirm"),
    ("undo event", "undo confirm", ""),
    ("undo event", "undo event", ""),
    ("undo event", "undo answer", ""),
    ("undo event", "undo success", ""),
    ("undo event", "confirm", ""),
    ("undo state", "undo state", ""),
    ("undo topic", "undo topic", ""),
    ("success topic", "success topic", ""),
    ("failure topic", "failure topic", ""),
    ("command topic", "command topic", "event answer"),
    ("event topic", "event topic", ""),
    ("event topic", "answer topic", ""),
    ("topic", "topic", "command"),
    ("number", "action number", ""),
    ("undo", "undo", "failure states retries attempts timeout kind service number"),
    ("next", "next state", ""),
    ("next", "state after", "terminal"),
    ("next", "state success", "failure undo event"),
    ("next", "next", "command action"),
    ("trigger", "trigger", ""),
    ("timeout", "timeout", "undo"),
    ("events", "answer event", "success failure state undo confirm"),
    ("success", "success event", "failure"),
    ("success", "success answer", "failure"),
    ("failure", "failure event", "success"),
    ("failure", "failure answer", "success"),
    ("success", "success", "failure state leave"),
    ("failure", "failure", "success state leave"),
    ("attempts", "attempts", "undo"),
    ("retries", "retries", "undo"),
    ("kind", "kind", "state event"),
    ("command", "command", "event state states number"),
    ("events", "emit", "state number"),
    ("success", "answer", "state"),
    ("events", "event", "state number kind"),
    ("states", "states", "terminal"),
    ("state", "state", "terminal number leave kind"),
    ("service", "service", "number"),
    ("condition", "condition", ""),
    ("after", "after", ""),
    ("action", "action", ""),
    ("number", "number", ""),
]
_RULES = [(role, frozenset(says.split()), frozenset(lacks.split())) for role, says, lacks in _COMPOSED]
_WITH_TOPIC = re.compile(
    r"(?<=\w)\s*(?:\((?:command |event |its )?(?:topics?|channels?|queues?|kanal|canal|cola|fila)\)"
    r"|[@/,+&|]\s*(?:topics?|channels?|queues?|kanal|canal|cola|fila)"
    r"|\s(?:on|via|auf|en|em|sur|and|und|y|e|et) (?:its )?(?:topics?|channels?|queues?|kanal|canal|cola|fila))$"
)
_COMPILED = [(role, re.compile(pattern)) for role, pattern in _PHRASES]


@lru_cache(maxsize=1 << 13)
def role_of(label: str) -> str | None:
    """The role of a label or heading: `Erfolg` and `Success event` are `success`; None where it is no label of a step."""
    folded = _folded(label)
    if not folded or len(folded) > 48:
        return None
    folded = _WITH_TOPIC.sub("", folded)
    bare = without_unit(re.sub(r"\s*\([^()]*\)$", "", without_unit(folded)))
    return next((role for text in dict.fromkeys((folded, bare)) if (role := _told(text))), None)


def _told(text: str) -> str | None:
    if _NO_LABEL.fullmatch(text):
        return None
    phrase = next((role for role, pattern in _COMPILED if pattern.fullmatch(text)), None)
    if phrase:
        return phrase
    said = concepts_of(text)
    if said is None:
        return None
    return next((role for role, says, lacks in _RULES if says <= said and not lacks & said), None)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"<br\s*/?>|[*`_:]+", " ", letters)).strip(" .-–—")
