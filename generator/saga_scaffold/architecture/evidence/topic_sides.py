"""Which messages a topic says that it carries: `orders.commands`, `orders-antworten`, `orders.in`."""

import re
import unicodedata
from functools import lru_cache

from saga_scaffold.spec import naming

_TELLS_NOTHING = re.compile(r"v?\d+|topics?|queues?|channels?|stream|kafka|dlq", re.IGNORECASE)
_SIDES = {
    "command topic": "cmd cmds command commands request requests req reqs befehl befehle kommando kommandos comando comandos "
    "commande commandes ordre ordres anfrage anfragen solicitud solicitudes pedidos requete requetes "
    "in inbound inbox input incoming entrada entrants eingang",
    "event topic": "evt evts event events ereignis ereignisse evento eventos evenement evenements reply replies rep reps response "
    "responses resp answer answers antwort antworten respuesta respuestas resposta respostas reponse reponses "
    "out outbound outbox output outgoing salida saida sortants ausgang",
}


@lru_cache(maxsize=1 << 12)
def side_of(topic: str) -> str | None:
    """`command topic` or `event topic`, if its words tell one of them; `in` and `out` are meant as those of the service."""
    words = [_folded(word) for word in naming.words(topic) if not _TELLS_NOTHING.fullmatch(word)]
    told = {*words[:1], *words[-1:]} if len(words) > 1 else set()
    found = [side for side, known in _SIDES.items() if told & set(known.split())]
    return found[0] if len(found) == 1 else None


def _folded(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(one))
