"""The words that labels and headings are made of, in the languages in which models answer."""

import re
from functools import cache

# By concept, the words that mean it: lower case, without accents; `*` stands for any ending.
_WORDS = {
    "command": "command commands cmd cmds befehl befehle befehls kommando kommandos comando comandos commande commandes "
    "request requests instruction 命令 명령 lenh",
    "event": "event events evt evts ereignis ereignisse evento eventos evenement evenements 이벤트",
    "answer": "reply replies response responses answer answers answered outcome outcomes antwort antworten respuesta "
    "respuestas resposta respostas reponse reponses result results resultat resultado ergebnis inbound incoming",
    "emit": "emits produces publishes raises responds replies answers responses results outcomes 产生事件",
    "topic": "topic topics channel channels queue queues kanal kanale canal canais canales canaux cola colas fila filas "
    "topico topicos tema themen thema sujet sujets destination",
    "success": "success succeed successful ok erfolg erfolgs exito exitos exitoso sucesso succes reussite completion positive positiv positivo happy 成功 성공",
    "failure": "failure failures fail fails error errors rejection refusal nok ko fehler fehlerfall fallo "
    "fallos falha falhas echec echecs fehlschlag misserfolg misserfolgs rejet refus rechazo rejeicao erreur negative negativ negativo unhappy "
    "失败 실패",
    "undo": "compensat* ausgleich* gegenaktion kompens* compensac* compensador* undo undone rollback reversal revert reverted stornierung "
    "storno rucknahme ruckabwicklung annulation annulant* anulacion anulacao 补偿 보상 補償",
    "confirm": "confirm confirms confirmation confirmations confirmed confirmacion confirmacao confirme ack acks acknowledge* "
    "acknowledgment bestatigung bestatigt quittung",
    "service": "context contexts contexte contextes contexto contextos kontext kontexte service services servicio servicios "
    "servico servicos dienst dienste participant participants participante* teilnehmer owner actor akteur executor component "
    "responsible zustandig verantwortlich responsable responsavel dominio domaine system recipient recipients destinatario "
    "destinataire empfanger handler microservice team department producer 服务 서비스",
    "state": "state status zustand etat estado 状态 상태",
    "states": "states zustande etats estados",
    "timeout": "timeout timeouts deadline deadlines frist fristen zeitlimit zeituberschreitung delai delais plazo plazos "
    "prazo prazos sla ttl 超时",
    "attempts": "attempt attempts tries versuche versuch tentative tentatives intento intentos tentativa tentativas essais "
    "deliveries sendings",
    "retries": "retry retries wiederholung wiederholungen wiederholversuche reintento reintentos retentativas reemissions "
    "resends schedule 重试",
    "kind": "kind kinds type types class classification category categorie typ tipo art 类型",
    "number": "nr id ids nº n° number nummer numero",
    "action": "action actions step steps transaction transactions activity operation operations schritt schritte etape etapes "
    "paso pasos passo passos aktion aktionen accion acciones acao acoes phase stage transaktion transaccion transacao "
    "massnahme 步骤 단계 buoc",
    "after": "after predecessor predecessors nach vorganger depends dependencies",
    "next": "next nachster nachste nachster folge siguiente proximo proxima suivant suivante nachfolge",
    "trigger": "trigger triggers triggered ausloser declencheur disparador",
    "leave": "leaves left goes exits",
    "condition": "condition guard when bedingung condicion condicao",
    "terminal": "terminal final end endzustand",
}
_FILLERS = frozenset(
    "at most least the a an of for by on to de la le les del do da dos das los der die des d l du name names fsm saga active bounded "
    "executing running owning forward domain max maximum policy budget with which its is are message messages mapped target acting "
    "local current resulting expected delimitado acotado delimite borne abgegrenzter begrenzter transition moving issued sent "
    "state-transition outbound outgoing regular success/failure maximo maximos maximale maximal limite handled moved "
    "per step steps waiting flight fur von beim et e und and y resultante entry in posting produced delivery".split()
)
_CONCEPTS = [
    (concept, re.compile("|".join(re.escape(word).replace(r"\*", r"\w*") for word in words.split())))
    for concept, words in _WORDS.items()
]
_SHORTEST_PART = 4


def concepts_of(label: str) -> frozenset[str] | None:
    """What the words of a folded label mean; None where one of them means nothing here, or all are fillers."""
    found: set[str] = set()
    for word in re.findall(r"[^\s'/@&+().,:-]+", label):
        meant = _of_word(word)
        if not meant and word not in _FILLERS:
            return None
        found |= meant
    return frozenset(found) or None


@cache
def _of_word(word: str) -> frozenset[str]:
    """The concepts of a word; of a compound such as `befehlskanal` those of its parts."""
    own = frozenset(concept for concept, words in _CONCEPTS if words.fullmatch(word))
    if own:
        return own
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        first, last = _of_word(word[:cut]) or _of_word(word[:cut].removesuffix("s")), _of_word(word[cut:])
        if first and last:
            return first | last
    return frozenset()
