"""From what was found of one step to its draft."""

import re
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, StepDraft, UndoDraft
from saga_scaffold.architecture.evidence import policy
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.kinds import is_pivot
from saga_scaffold.architecture.evidence.messages import event_of, events_of, message_of, topic_of
from saga_scaffold.architecture.evidence.state_names import is_state
from saga_scaffold.architecture.evidence.titles import cleaned
from saga_scaffold.architecture.evidence.tokens import Token, is_event, is_nothing, plain, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming
from saga_scaffold.spec.field_type import parse_type

_NAMES_A_SERVICE = re.compile(r"(?:\b|-|_)(?:service|context|microservice|system)$|[a-z]Service$", re.IGNORECASE)

_NEEDS_NONE = re.compile(
    r"\bnothing to (?:undo|compensate|roll back)|\bno compensation|\bneeds no(?:ne|thing)?\b", re.IGNORECASE
)


def draft_of_step(found: Found) -> StepDraft:
    said = found.said
    asked = said.get("command") or (found.title if _is_command(found.title) else None)
    command = message_of(asked, said.get("command topic") or said.get("topic"))
    success, failures = events_of(said, (command.name if command else None) or "")
    shared = {failure.topic for failure in failures if failure.topic not in {None, failure.name}}
    if success and success.topic is None and len(shared) == 1:
        success = replace(success, topic=shared.pop())
    patience = " ".join(said.get(role, "") for role in ("timeout", "timeout and retries"))
    tries = [said[role] for role in ("retries", "attempts", "timeout and retries", "timeout") if role in said]
    return StepDraft(
        action=_action(found, command),
        service=plain(said["service"]) if "service" in said else found.service or _owner(found, command),
        command=command,
        success=success,
        failures=failures,
        undo=_undo(said),
        kind=_kind(said),
        state=_state(said),
        condition=_condition(said.get("condition")),
        timeout=policy.duration(patience),
        attempts=next((count for text in tries if (count := policy.attempts(text))), None),
        unlimited=policy.is_unlimited(" ".join(tries)),
        takes=_names_in(said.get("takes")),
        gives=fields_in(said.get("gives")),
        undo_takes=_names_in(said.get("undo takes")),
        external=_external(said.get("effect")),
        line=found.line,
    )


def _is_command(title: str) -> bool:
    """Whether a title is spelled as only names are: `ReserveStock`."""
    words = naming.words(title)
    return (
        len(words) > 1
        and Token(title, False).is_name
        and base_form(words[0]) == words[0].lower()
        and not is_state(title)
    )


def _names_in(text: str | None) -> tuple[str, ...] | None:
    fields = fields_in(text)
    return None if fields is None else tuple(name for name, _ in fields)


def fields_in(text: str | None) -> tuple[tuple[str, str], ...] | None:
    """`a`, `b: decimal`: names with their types, text where none is told; None where the label is not there."""
    if text is None:
        return None
    pairs = (span.partition(":") for span in re.findall(r"`([^`]+)`", text))
    return tuple((name.strip(), _type(type_.strip())) for name, _, type_ in pairs if naming.words(name))


def _type(text: str) -> str:
    try:
        parse_type(text)
    except ValueError:
        return "string"
    return text


def _external(text: str | None) -> bool | None:
    return None if text is None else bool(re.search(r"extern", text, re.IGNORECASE))


def _action(found: Found, command: MessageDraft | None) -> str | None:
    title = cleaned(found.title)
    words = naming.words(title)
    if command and _NAMES_A_SERVICE.search(title):
        return None
    if words and base_form(words[0]) is not None and len(words) > 1:
        return title
    if command and command.name and not re.search(r"[._-]", command.name.strip("_")):
        return None
    return title or None


def _owner(found: Found, command: MessageDraft | None) -> str | None:
    """A title that is no action, above a command, names who carries it out."""
    title = cleaned(found.title)
    words = naming.words(title)
    is_action = not words or (base_form(words[0]) is not None and len(words) > 1)
    if command is not None and _NAMES_A_SERVICE.search(title):
        return title
    names_it = (
        command is not None and command.name is not None and naming.same_words(command.name) == naming.same_words(title)
    )
    return None if is_action or names_it else title


def _undo(said: dict[str, str]) -> UndoDraft | None:
    text = said.get("undo")
    if text is None:
        topic = topic_of(said.get("undo topic"))
        return UndoDraft(command=MessageDraft(topic, topic)) if topic else None
    told = tokens(text)
    if is_nothing(text) or (_NEEDS_NONE.search(text) and not any(token.marked for token in told)):
        return UndoDraft(none_because=_reason(text))
    phrase = next((token.text for token in told if token.is_phrase), None)
    first = next((token for token in told if token.marked and token.is_name), None)
    names = [token.text for token in told if token.is_name and (token == first or not is_event(token.text))]
    events = [token.text for token in told if token.is_name and token.text not in names]
    answered = re.search(
        r"(?:answer|confirm|acknowledg|repl|respon|best[äa]tig)\w*\s*(?:by|with|is|:|mit|durch)?\W*([A-Za-z]\w+)", text
    )
    if not events and answered and answered[1] in names[1:]:
        events = [answered[1]]
    topics = [token.text for token in told if token.is_topic]
    command_topic = topic_of(said.get("undo topic")) or (topics[0] if topics else None)
    name = names[0] if names else None if phrase else topics[0] if topics else None
    lead = plain(re.split(r"[(,;]|\s(?:via|on|to topic)\s", text)[0])
    if phrase is None and (name is None or (not names and Token(lead, False).is_phrase)):
        phrase, name = lead if name else plain(re.split(r"[(,;.]", text)[0]), None
    success = event_of(said.get("undo event"), None) or _undone(events, topics[1:], command_topic)
    state = plain(said.get("undo state", "")) or None
    return UndoDraft(action=phrase, command=MessageDraft(name, command_topic), success=success, state=state)


def _undone(events: list[str], topics: list[str], command_topic: str | None) -> MessageDraft | None:
    others = [topic for topic in topics if topic != command_topic]
    if events:
        return MessageDraft(events[0], others[0] if others else None)
    return MessageDraft(others[0], others[0]) if others else None


def _reason(text: str) -> str:
    inner = re.search(r"\(([^()]+)\)", text) or re.search(r"[,;:–—-]\s*(\w.+)$", plain(text))
    return plain(inner[1])[:200] if inner else ""


def _kind(said: dict[str, str]) -> str | None:
    text = (said.get("kind") or (said.get("undo", "") if is_nothing(said.get("undo", "")) else "")).lower()
    return "pivot" if is_pivot(text) else "retriable" if re.search(r"retri|retry|reintent", text) else None


def _condition(text: str | None) -> str | None:
    """When a step runs; None where it always does."""
    bare = plain(text or "")
    return (
        None
        if is_nothing(bare) or re.match(r"always\b|immer\b|toujours\b", bare, re.IGNORECASE)
        else bare.split(";")[0][:160]
    )


def _state(said: dict[str, str]) -> str | None:
    label = plain(said.get("state", "")).split(" ")[0]
    return label if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]+", label) else None
