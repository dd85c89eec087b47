"""Verbs of business processes in German, French, Spanish and Portuguese, as lists of steps use them: infinitives."""

import re

_INFINITIVES = frozenset("""
abbuchen abmelden abschließen abstornieren aktivieren aktualisieren anlegen anmelden archivieren ausbauen ausliefern
ausstellen auszahlen beauftragen belasten benachrichtigen berechnen bestellen bestätigen bezahlen buchen deaktivieren
drucken einbauen einplanen einziehen entsperren erfassen eröffnen erstatten erstellen erzeugen freigeben gutschreiben
informieren liefern löschen melden öffnen planen prüfen registrieren reservieren schließen senden sperren stornieren
überweisen unterschreiben validieren veröffentlichen verschicken versenden verständigen vorbereiten zurückbuchen
zurückgeben zurückzahlen zuweisen übergeben
activer annuler archiver assigner attribuer bloquer calculer clôturer commander confirmer contrôler créditer créer
débiter débloquer désactiver effacer encaisser enregistrer envoyer expédier facturer fermer générer imprimer informer
inscrire libérer livrer mettre notifier ouvrir payer planifier préparer prévenir publier rembourser restituer réserver
retirer signer supprimer transférer valider vérifier verser émettre
abonar abrir activar actualizar anular archivar asignar avisar bloquear calcular cancelar cargar cerrar cobrar comprobar
confirmar crear debitar desactivar desbloquear devolver eliminar emitir entregar enviar facturar firmar generar
imprimir inscribir liberar notificar pagar pedir preparar programar publicar reembolsar registrar reservar retener
revertir transferir validar verificar
agendar arquivar ativar atribuir atualizar conferir creditar criar desativar estornar excluir faturar fechar gerar
inscrever registar
""".split())
_PARTICIPLE = re.compile(
    r"\w{2,}(?:ad|id)[oa]s?|\w{2,}ées?|\w{2,}és?|\w{3,}iert|(?:ab|an|auf|aus|ein|vor|zu|um|zurück|zurueck|nach|mit|durch)?ge\w{3,}(?:t|en)"
    r"|(?:be|ver|er|ent|über|ueber)\w{3,}(?:gt|cht|ndt|llt|tet|hlt|ert|det)",
    re.IGNORECASE,
)
NOTHING = re.compile(
    r"^\W*(?:kein(?:e[ns]?)?|nichts|aucune?|rien|ning[uú]n[ao]?|nada|nenhum(?:a)?|sin|sem|sans)\b", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"^(?:le|la|les|un|une|des|du|el|los|las|una|o|a|os|as|um|uma|der|die|das|den|dem|ein|eine|einen)\s+|^l'",
    re.IGNORECASE,
)


def foreign_verb(text: str) -> str | None:
    """The infinitive that a step begins or, as in German, ends with; None where there is none."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    return next((word for word in (words[:1] + words[-1:] if len(words) > 1 else ()) if word in _INFINITIVES), None)


def is_foreign_participle(word: str) -> bool:
    """Whether a word tells by its ending that something is done: `validado`, `réservée`, `abgerufen`."""
    return bool(_PARTICIPLE.fullmatch(word))


def without_article(thing: str) -> str:
    """`le bureau` is `bureau`."""
    return _ARTICLE.sub("", thing)
