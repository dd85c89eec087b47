"""What labels and column headings mean, in the languages in which models answer."""

import re
import unicodedata

# The first that fits the whole label wins; written without accents, in lower case.
_ROLES = [
    ("undo takes", r"(compensation|undo) takes"),
    ("undo state", r"(compensation|undo) state"),
    ("takes", r"(command )?takes"),
    ("gives", r"(success event )?gives"),
    ("effect", r"(side )?effect"),
    ("undo topic", r"compensat\w*( action| command)? (command )?(topic|channel)|undo topic"),
    (
        "undo event",
        r"(compensat\w*|undo|rollback) (success )?(confirmation|event|events|confirmed by|reply)|confirm(ed by|ation( event| topic)?)",
    ),
    (
        "command topic",
        r"(forward )?(command|cmd) (topic|channel|queue)s?|befehls?-?topic|(topic|sujet|canal|file) (de|des|du) comm?ande?s?|kommando-?topic"
        r"|(topico|tema|canal|fila|cola) (de|del|do|dos)( los)? comandos?|topic out|out(going|bound)? (topic|queue|channel)|(request|input|inbox) (topic|queue|channel)|sent (to|on|via)",
    ),
    ("success topic", r"success (event )?topics?|erfolgs?-?topic"),
    ("failure topic", r"(failure|error) (event )?topics?|fehler-?topic"),
    (
        "event topic",
        r"(event|events|reply|response|result|answer|outcome) (topic|channel|queue)s?|ereignis-?topic|(topic|sujet|canal) (d'|de |des )?evenements?"
        r"|(topico|tema|canal) (de|del|do|dos)( los)? eventos?|topic in|in(coming|bound)? (topic|queue|channel)|(answers|replies) (on|to|via)",
    ),
    (
        "undo",
        r"(compensat\w*|kompensation\w*|kompensierende\w*|compensacion|compensacao|compensazione)( (action|transaction|command|step|handler|aktion|en|transaktion|massnahme))*"
        r"|(accion|acao|action|transaction|operacion|operacao|comando|commande) (compensat\w+|compensador\w*|de compensation|de compensacion|de compensacao)"
        r"|(compensates?|compensated|undone|reverted|rolled back) (with|by|via)|undo( action| command| step)?|roll ?back( action| command| step)?|undone by|reversal|revert(ed by)?|stornierung|rucknahme|ruckabwicklung|annulation|anulacion|anulacao|if it fails later|on rollback|counter ?action|补偿.*|보상.*|補償.*",
    ),
    (
        "success",
        r"(on )?success( event| reply)?s?|(event|evento|evenement|ereignis|emits|emit|reply|response|events) ?\(?(success|ok|exito|erfolg|succes|sucesso)\)?"
        r"|erfolgs?(ereignis|event|meldung)?|(resultat |en cas de )?succes|(resultado |caso |si )?(exitoso|sucesso)|answer|reply|result|completion event|emitted on success|exito|exito|evento de (exito|sucesso)|evenement de succes|sucesso|outcome event|成功.*|성공.*",
    ),
    (
        "failure",
        r"(on )?(failure|error|rejection|refusal)( event| reply)?s?( / timeout)?"
        r"|(event|evento|evenement|ereignis|emits|emit|reply|events) ?\(?(failure|nok|fallo|fehler|echec|falha|error|ko)\)?"
        r"|fehler(ereignis|event|meldung|fall)?|fehlschlag(ereignis)?|misserfolg(sereignis)?|evenement d'erreur|en cas d'echec|evenement de (refus|rejet)|evento de (rechazo|rejeicao)|echec|fallo|falha|evento de (fallo|falha|error)|evenement d'echec|失败.*|실패.*",
    ),
    (
        "command",
        r"(forward( moving)?|saga)? ?(command|cmd|commands)( name| message| sent)?|(consumes|receives|listens (to|for)|accepts)( command)?|befehl|kommando|commande|comando|task|命令|명령|lenh",
    ),
    (
        "events",
        r"(state[- ]transition |resulting |domain |published |emitted |produced )?events?( on success)?|emits|produces|publishes|(answers|replies|responds)( with)?|raises|ereignisse?|evenements?|eventos?|产生事件|이벤트",
    ),
    (
        "service",
        r"(bounded |mapped bounded |acting )?context( acting)?|(target |owning |responsible )?service|participant|owner|actor|executor|component|contexto( delimitado| acotado)?|contexte( borne| delimite)?|dominio|domaine|zustandig|verantwortlich|responsable|responsavel|(performed|handled|executed|owned|provided|carried out|run|done) by|who|system|by"
        r"|servicio|servico|(abgegrenzter |begrenzter )?kontext|bounded kontext|dienst|teilnehmer|akteur|producer|服务|서비스|dich vu",
    ),
    ("topic", r"topics?( name)?|tema|topico|channel|queue|destination|themen?|sujet"),
    (
        "kind",
        r"kind|(transaction |step )?kind|step type|transaction (type|class)|class|classification|category|type|tipo( de paso| de passo)?|typ|art|类型",
    ),
    (
        "state",
        r"(fsm |saga |resulting |active |running |current |source |previous )?state|(state|status) before|zustand|etat|estado|status|状态|상태",
    ),
    (
        "timeout",
        r"time-?out( policy)?|deadline|zeituberschreitung|zeitlimit|frist|delai( d'attente| maximal| max)?|tiempo (limite|de espera|maximo)|(limite de tempo|tempo (limite|maximo|de espera))|time limit|max(imum)? (duration|time)|sla|超时",
    ),
    (
        "retries",
        r"retr(y|ies)( policy| budget| strategy)?|(max(imum)? )?retries|wiederholung(en)?|wiederholversuche|reintentos|retentativas|tentatives|schedule|重试",
    ),
    (
        "attempts",
        r"(max(imum)? )?(number of )?(attempts|tries)|(maximale )?versuche|intentos( maximos)?|tentativas( maximas)?|essais",
    ),
    ("timeout and retries", r"time-?outs? ?(/|and|&|,) ?retr(y|ies)"),
    ("number", r"#|no\.?|nr\.?|step (no|number|#)|nº|n°"),
    (
        "action",
        r"(forward |saga |local )?(action|step|transaction|activity|operation)( name)?|schritt|etape|paso|passo|aktion|accion|acao|步骤|단계|buoc",
    ),
    (
        "of",
        r"message|for|undoes|of|forward (command|action|step)|compensates( for)?|reverts|step undone|original( command| action| step)?",
    ),
    ("condition", r"condition|guard|when|only (if|when)|bedingung|condicion"),
    ("after", r"(runs )?after|depends on|predecessors?|nach|vorganger"),
    ("next", r"next( state)?|to|target state|next_state"),
    ("trigger", r"trigger(ed by)?|entered by|from|ausloser"),
]
_COMPILED = [(role, re.compile(pattern)) for role, pattern in _ROLES]


def role_of(label: str) -> str | None:
    """The role of a label or heading: `Erfolg` and `Success event` are `success`; None where it is no label of a step."""
    folded = _folded(label)
    if not folded or len(folded) > 48:
        return None
    bare = re.sub(r"\s*\([^()]*\)$", "", folded)
    return next((role for text in (folded, bare) for role, pattern in _COMPILED if pattern.fullmatch(text)), None)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"[*`_:]+", " ", letters)).strip(" .-–—")
