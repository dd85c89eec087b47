"""The undoing actions in the list of a sentence."""

import re

from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import actions
from saga_scaffold.architect.prose.stems import content_words
from saga_scaffold.language.verbs import only_reads

_MEANING = re.compile(
    r"(?:,|;|:|\s-)?\s*(?:\b(?:meaning|that is|namely|so|which means|means? that|means?)\b|\b(?:i\.e\.|e\.g\.|ie|"
    r"eg)(?=[\s,]))[,:]?\s+",
    re.IGNORECASE,
)
_ALARM = re.compile(
    r"\b(?:fail\w*|error\w*|alert|alarm|incident|ticket|dead|somebody|someone|manual\w*|human|operator|"
    r"support|on-?call|apolog\w+|sorry|bad news)\b",
    re.IGNORECASE,
)
_ALARMS = frozenset(
    "send publish emit raise notify inform text tell alert page email mark set flag report open escalate call "
    "park wait retry try ask put go move message write log".split()
)
_BY_DOING = re.compile(
    r"(?:(?:^|(?<=[,;:] ))[^,;:]*?)?\b(?:we can |can be |is |are |be )?(?:back(?:ed)? out|undo(?:ne)?|"
    r"revert(?:ed)?|clean(?:ed)? up|tid(?:y|ied) up|put right|made good|taken back|made up for|"
    r"neutrali[sz]ed|counter(?:ed|acted)|dealt with|compensated?|roll(?:ed)? back|"
    r"reversed?|unwound|unwind)(?: \w+){0,3} by (?=\w+ing\b)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:(?:all |every |each |the |any )?(?:earlier |previous |completed |finished |preceding |other |"
    r"successful |done )*(?:steps?|ones?|everything|parts?|actions?|bookings? so far|what|things?|"
    r"compensations?|undos?|handlers?|saga|workflow|process|transaction so far)\b|what\b|whatever\b)",
    re.IGNORECASE,
)

_BEFORE = re.compile(
    r",?\s+before\s+(?:then\s+)?(?=(?:the |our )?[\w-]+(?: [\w-]+){0,2} \w+s (?:the|an?|its|all)\b|"
    r"\w+ing (?:the|an?|its|all)\b|"
    r"(?:the|an?|its) [\w-]+(?: [\w-]+)? (?:is|are|gets?)\b)"
)
_FAILURE_DOES = re.compile(
    r"^[^,;:]*?\b(?:an?|any|every|each|the) (?:\w+ )?(?:failure|error|problem|fault|refusal|rejection|"
    r"crash)\s+(?=\w+s (?:the|an?|its|all)\b)",
    re.IGNORECASE,
)
_MAKES = re.compile(
    r"^[^,;:]*?\b(?:makes?|causes?|forces?|obliges?|has|have|lets?|tells?|"
    r"asks?)\s+(?=(?:the )?(?-i:[A-Z][\w-]*|[\w-]+-service|[\w-]+ service)"
    r"(?: [A-Z][\w-]*)? (?:to )?[a-z]+ (?:the|an?|its)\b)"
)
_COMES_HOME = re.compile(r"\b(?:home|off|back)\b", re.IGNORECASE)
_BACK = re.compile(r"\bback\b", re.IGNORECASE)
_AS_VERB = {
    noun: verb
    for noun, _, verb in (
        entry.partition(" ")
        for entry in """deletion delete|cancellation cancel|refund refund|reversal reverse|removal remove|closure close|
        withdrawal withdraw|revocation revoke|release release|restoration restore|return return|dissolution dissolve|
        annulment annul|repayment repay|reimbursement reimburse|termination terminate|destruction destroy|recall recall|
        disposal dispose|rejection reject|discharge discharge|reinstatement reinstate|retraction retract|lifting lift|
        deactivation deactivate|deregistration deregister|reopening reopen|unblocking unblock|unlocking unlock|
        freeing free|closing close|cancelling cancel|returning return|voiding void|dropping drop""".replace(
            "\n", ""
        ).split(
            "|"
        )
        for entry in [entry.strip()]
    )
}
_SAYS_IT_ALL = re.compile(r"un(?!til)[a-z]{2,}|dis(?!card)[a-z]{4,}|refund|restock|deregister|deactivate")
_NOUNS = "|".join(_AS_VERB)
_DELETION_OF = re.compile(
    r"(?:^.*?\b(?:leads? to|results? in|causes?|triggers?|means|calls? for|requires?|brings about|"
    r"entails?)\s+)?(?:\b(?:the|a)\s+)?"
    rf"\b({_NOUNS})\s+of\s+",
    re.IGNORECASE,
)


def phrases(text: str) -> list[Action]:
    """The undoing actions of a list; alarms, states and `everything so far` left out."""
    text = re.sub(r"\s*(?:->|=>|<-| > | / )\s*", ", ", text)
    text = _BEFORE.sub(", ", re.sub(r"\s*\+\s*", ", ", text))
    text = _FAILURE_DOES.sub("", text)
    text = _MAKES.sub("have ", _BY_DOING.sub("", text))
    text = _DELETION_OF.sub(lambda match: f", {_AS_VERB[match[1].lower()]} ", text)
    text = re.sub(r"\band of (?=the\b)", "and ", text)
    text = re.sub(r"\b(?:only|just)\b|\b[\w-]+ (?:is|are|becomes?|as) [A-Z]{4,}\b", "", text)
    text = re.sub(r"\b(?:can|may|could) (?=(?:still |then |also )*be\b)", "must ", text)
    found: list[Action] = []
    for part in _MEANING.split(re.sub(r",?\s+and have\s+", ", have ", text)):
        found += [
            one for sentence in re.split(r";\s+|:\s+", part) for one in actions(sentence, every=True) if _undoes(one)
        ]
    return found


def _undoes(action: Action) -> bool:
    if all(map(only_reads, action.verbs)):
        return False
    if action.thing and content_words(action.piece) == [action.verb] and not _BACK.search(action.piece):
        return False
    if _GENERIC.match(action.thing) or (
        not action.thing and len(action.verb.split()) == 1 and not _SAYS_IT_ALL.fullmatch(action.verb)
    ):
        return False
    if (
        action.verb in _ALARMS
        and not _COMES_HOME.search(action.piece)
        and (
            _ALARM.search(action.text)
            or action.verb in {"mark", "set", "go", "wait", "retry", "try", "park", "ask", "call"}
        )
    ):
        return (
            bool(re.search(r"\bverif|validat|cancell|rollback|\blog\b", action.text))
            and action.verb in {"log", "notify", "send"}
            and not re.search(r"\bfailure (?:sms|mail|e-?mail|message|event|notice)", action.text)
        )
    return not re.match(
        r"(?:fail|retry|repeat|apply|forward|take over|continue|proceed|skip|happen|query|decide|look|handle|"
        r"repair|trigger|time)\b",
        action.verb,
    )
