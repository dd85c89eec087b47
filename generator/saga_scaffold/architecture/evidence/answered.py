"""A command and what answers it in one text: `PlanVisit`, answered by `VisitPlanned` or `NoTechnicianFree`."""

import re

from saga_scaffold.architecture.evidence.tokens import is_event, tokens

_ANSWERED = re.compile(
    r"(?:[,;.(–—-]|\s)\s*(?:(?:which|it|this|that|and|is|gets|wird|und)\s+)*"
    r"(?:(?:answered|acknowledged|confirmed|followed|replied to|beantwortet|bestätigt|quittiert|répondue?|confirmée?|respondid[oa]|confirmad[oa])"
    r"\s+(?:by|with|mit|durch|von|par|con|com|por)|(?:answers?|repl(?:y|ies)|responses?|outcomes?|results?|antwort(?:en)?|réponses?|respuestas?|respostas?)\b"
    r"(?:\s+(?:with|are|is|by|of|sind|ist|mit|sont|est))?|(?:leads? to|results? in|emits?|publishes|raises|returns|yields|comes back as)\b"
    r"|(?:on|bei|im) (?:success|erfolg(?:sfall)?))\s*:?\s*(?=\W*[`*A-Z])",
    re.IGNORECASE,
)


def answers_behind(text: str) -> tuple[str, str]:
    """What is asked for, and the events that answer it; these are empty where the text does not name both."""
    found = _ANSWERED.search(text)
    if found is None:
        return text, ""
    asked, answers = text[: found.start()], text[found.end() :]
    names = [one for one in tokens(asked) if one.is_name and not one.is_topic]
    told = [one for one in tokens(answers) if one.is_name and not one.is_topic]
    if len(names) != 1 or is_event(names[0].text) or not told:
        return text, ""
    return asked, answers
