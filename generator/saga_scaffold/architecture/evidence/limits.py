"""Values that tell nothing but limits: `20 s, 3 attempts`, `timeout 2 min`, `unlimited`."""

import re

from saga_scaffold.architecture.evidence.policy import is_unlimited

_LENGTH = re.compile(
    r"\W*(?P<says>(?:time-?out|deadline|time limit|within|waits?|frist|zeitlimit|délai|plazo|prazo)\W{0,3})?(?:of |von |de )?"
    r"\d+(?:[.,]\d+)?\s*(?:ms|s|secs?|seconds?|sekunden|secondes|segundos|m|mins?|minutes?|minuten?|minutos?|h|hours?|stunden?|heures?|horas?"
    r"|d|days?|tagen?|tage?|jours?|d[ií]as?|weeks?|wochen?)(?:\s+(?P<unit>time-?out|deadline|frist))?\W*",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\W*(?:(?:max\w*|at most|up to|höchstens)\W+)?\d{1,3}\s*(?:x|×|times|attempts?|tries|try|retry|retries|versuche?|tentatives?|essais?|intentos?|reintentos?|tentativas?"
    r"|wiederholung(?:en)?)\W*|\W*(?:attempts|tries|retries|versuche|tentatives|intentos|tentativas)\W{1,3}\d{1,3}\W*",
    re.IGNORECASE,
)
_OF_LIMITS = re.compile(
    r"limit|time(?!line)|budget|deadline|patience|frist|zeit|plazo|prazo|délai|tiempo|tempo", re.IGNORECASE
)
_OF_PAUSES = re.compile(r"delay|back-?off|interval|pause|lease|retention|ttl|wait between|abstand", re.IGNORECASE)
_APART = re.compile(r"[,;/|]\s*|\s+(?:and|und|et|y|e)\s+")


def limits_in(value: str, title: str) -> dict[str, str]:
    """The timeout and the attempts that a value tells below a title; empty where it says anything else."""
    said: dict[str, str] = {}
    for part in _APART.split(value):
        length, count = _LENGTH.fullmatch(part), _COUNT.fullmatch(part)
        if not length and not count and not is_unlimited(part):
            return {}
        said.setdefault("timeout" if length else "attempts", part)
    length = _LENGTH.fullmatch(said.get("timeout", ""))
    is_bare = length is not None and not length["says"] and not length["unit"]
    if is_bare and (_OF_PAUSES.search(title) or ("attempts" not in said and not _OF_LIMITS.search(title))):
        return {}
    return said
