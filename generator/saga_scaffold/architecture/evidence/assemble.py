"""From all that was found to a draft: the carrier that tells most steps, completed by what the others say."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.draft import MessageDraft, SagaDraft, StepDraft, UndoDraft
from saga_scaffold.architecture.evidence import lists, policy
from saga_scaffold.architecture.evidence.asides import with_asides
from saga_scaffold.architecture.evidence.blocks import block_steps
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.groups import cleaned, groups
from saga_scaffold.architecture.evidence.machine import machine_steps
from saga_scaffold.architecture.evidence.message_table import message_table_steps
from saga_scaffold.architecture.evidence.normal import normal_lines
from saga_scaffold.architecture.evidence.order import in_order
from saga_scaffold.architecture.evidence.rollback import about_the_same, by_failure, chains
from saga_scaffold.architecture.evidence.sentences import sentence_steps
from saga_scaffold.architecture.evidence.sequence import sequence_steps
from saga_scaffold.architecture.evidence.split_tables import split_table_steps
from saga_scaffold.architecture.evidence.spread import spread
from saga_scaffold.architecture.evidence.tables import Table, steps_of, tables
from saga_scaffold.architecture.evidence.tokens import Token, is_event, is_nothing, plain, says_failure, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming
from saga_scaffold.spec.field_type import parse_type


def draft_of(text: str) -> SagaDraft:
    """What a document states."""
    lines = normal_lines(text)
    found = _steps(lines)
    _complete(found, lines)
    drafts = [_step(one) for one in found]
    drafts = in_order(with_asides(spread(_with_rollbacks(drafts, lines), lines), lines), found)
    ends = policy.ends(lines)
    return SagaDraft(
        title=_title(lines),
        steps=tuple(drafts),
        input=_fields_in(_label(lines, r"input")) or (),
        deadline=policy.duration(_label(lines, r"(?:saga )?deadline") or ""),
        completed=ends.completed,
        compensated=ends.compensated,
        snapshot_every=policy.snapshot_every(lines),
        partition_key=policy.partition_key(lines),
    )


def _steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the carrier that tells most of them in most detail."""
    tabled = max((list(steps_of(one)) for one in tables(lines) if one.holds_steps), key=_detail, default=[])
    carriers = [
        list(groups(lines)),
        tabled,
        lists.message_steps(lines),
        lists.arrow_steps(lines),
        lists.command_steps(lines),
        block_steps(lines),
        machine_steps(lines),
        sequence_steps(lines),
        message_table_steps(lines),
        sentence_steps(lines),
        split_table_steps(lines),
    ]
    return max(carriers, key=_detail)


def _detail(steps: list[Found]) -> int:
    return sum(1 + len(step.said) for step in steps) if len(steps) > 1 else len(steps)


def _complete(found: list[Found], lines: Sequence[str]) -> None:
    """What other tables say of steps that are known."""
    for table in tables(lines):
        if "of" in table.roles or not {"success", "events"} & set(table.roles):
            for row in table.rows:
                _add_row(found, table, row)
    for of, undo in lists.undo_items(lines):
        for step in _meant(found, of):
            step.say("undo", undo)
    listed = lists.listed_undos(lines)
    if len(listed) == len(found) and not any("undo" in step.said for step in found):
        for step, undo in zip(found, listed, strict=True):
            step.say("undo", undo)
    by_failure(found, lines)


def _add_row(found: list[Found], table: Table, row: Sequence[str]) -> None:
    cells = table.cells(row)
    of = cells.get("of") or cells.get("command") or cells.get("action")
    if not of:
        return
    for step in _meant(found, of):
        for role in ("undo", "undo topic", "undo event", "retries", "attempts", "timeout", "kind", "service", "state"):
            if role in cells and not (role in {"retries", "attempts", "timeout"} and "undo" in cells):
                step.say(role, cells[role])
        if "undo" in cells and not is_nothing(cells["undo"]):
            for role, onto in (("topic", "undo topic"), ("command topic", "undo topic"), ("event topic", "undo event")):
                if role in cells:
                    step.say(onto, cells[role])


def _meant(found: list[Found], text: str) -> list[Found]:
    """The steps that a cell or an item names: by command, by title, by number."""
    names = {naming.same_words(token.text) for token in tokens(text)} | {naming.same_words(plain(text))}
    by_name = [step for step in found if names & {naming.same_words(one) for one in _names(step)}]
    if by_name:
        return by_name
    number = re.fullmatch(r"\W*(?:step )?(\d{1,2})\W*", plain(text), re.IGNORECASE)
    if number and 0 < int(number[1]) <= len(found):
        return [found[int(number[1]) - 1]]
    return []


def _names(step: Found) -> list[str]:
    return [step.title, *(token.text for token in tokens(step.said.get("command", "")))]


def _label(lines: Sequence[str], name: str) -> str | None:
    """The value of a label of the whole saga."""
    pattern = re.compile(rf"^\s*[-*]?\s*\**{name}\**\s*:\**\s*(.+)$", re.IGNORECASE)
    return next((found[1] for line in lines if (found := pattern.match(line))), None)


def _title(lines: Sequence[str]) -> str | None:
    for line in lines:
        heading = re.match(r"^#{1,3}\s+(.+)$", line)
        if heading and not re.search(r"orchestrat|context|state|^\W*\d", heading[1], re.IGNORECASE):
            title = re.sub(
                r"^(?:architectur\w*( specification)?|saga|design)\s*[:–—-]\s*",
                "",
                plain(heading[1]),
                flags=re.IGNORECASE,
            )
            return re.split(r"\s[–—:-]\s|: ", title)[0].strip()[:80] or None
    saga = re.search(r"(?:saga(?: type)?)\W{1,8}`([A-Za-z]\w+)`|`([A-Z]\w+Saga)`", "\n".join(lines), re.IGNORECASE)
    return (saga[1] or saga[2]) if saga else None


def _step(found: Found) -> StepDraft:
    said = found.said
    asked = said.get("command") or (found.title if _is_command(found.title) else None)
    command = _message(asked, said.get("command topic") or said.get("topic"))
    success, failures = _events(said, (command.name if command else None) or "")
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
        timeout=policy.duration(patience),
        attempts=next((count for text in tries if (count := policy.attempts(text))), None),
        unlimited=bool(re.search(r"unbounded|unlimited|until acknowledged|forever", " ".join(tries))),
        takes=_names_in(said.get("takes")),
        gives=_fields_in(said.get("gives")),
        undo_takes=_names_in(said.get("undo takes")),
        external=_external(said.get("effect")),
        line=found.line,
    )


def _is_command(title: str) -> bool:
    """Whether a title is spelled as only names are: `ReserveStock`."""
    words = naming.words(title)
    return (
        len(words) > 1 and Token(title, False).is_name and "_" not in title and base_form(words[0]) == words[0].lower()
    )


def _names_in(text: str | None) -> tuple[str, ...] | None:
    fields = _fields_in(text)
    return None if fields is None else tuple(name for name, _ in fields)


def _fields_in(text: str | None) -> tuple[tuple[str, str], ...] | None:
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
    names_it = (
        command is not None and command.name is not None and naming.same_words(command.name) == naming.same_words(title)
    )
    return None if is_action or names_it else title


def _message(text: str | None, topic_text: str | None) -> MessageDraft | None:
    told = tokens(text or "")
    name = next((token.text for token in told if token.is_name), None)
    topic = _topic(topic_text) or next((token.text for token in told if token.is_topic and token.text != name), None)
    if name is None and text and not topic and not is_nothing(text):
        word = plain(text).split()[0].strip(",.;") if plain(text) else ""
        name = word if re.fullmatch(r"[A-Za-z]\w+", word) and len(plain(text).split()) == 1 else None
    if name is None and topic is None:
        return None
    return MessageDraft(name or topic, topic)


def _topic(text: str | None) -> str | None:
    told = tokens(text or "")
    named = [token.text for token in told if token.is_topic] or [token.text for token in told if token.marked]
    if named:
        return named[0]
    bare = plain(text or "")
    return bare if bare and naming.is_topic(bare) and not is_nothing(bare) else None


def _events(said: dict[str, str], asked: str) -> tuple[MessageDraft | None, tuple[MessageDraft, ...]]:
    topic = _topic(said.get("success topic")) or _only_topic(said.get("event topic"))
    good, bad = lists.split_events(said.get("events", ""), asked)
    topics_told = [name for name in (*good, *bad) if Token(name, False).is_topic]
    paired = _paired(said.get("event topic", "") + " " + said.get("events", ""))
    success = _event(said.get("success") or said.get("success topic"), topic)
    if success is None and paired:
        told_good = [one for one in paired if not says_failure(one.name or "")]
        told_bad = tuple(one for one in paired if says_failure(one.name or ""))
        return (told_good[0] if told_good else None), told_bad
    if success is None and good:
        names = [name for name in good if name not in topics_told] or good
        success = MessageDraft(names[0], topic or next((one for one in topics_told if one != names[0]), None))
    if success is None and "event topic" in said:
        good, bad_topics = lists.split_events(said["event topic"], asked)
        success = _named_topic(said["event topic"], good)
        bad = bad or bad_topics
    told = said.get("failure") or said.get("failure topic")
    failures = [] if told is None or is_nothing(told) else [_event(told, _topic(said.get("failure topic")))]
    if not failures:
        failures = [MessageDraft(name, topic if topic and not Token(name, False).is_topic else None) for name in bad]
    return success, tuple(one for one in failures if one is not None)


def _paired(text: str) -> list[MessageDraft]:
    """`**topic** (`Name`)`: a topic with the name of what is published on it."""
    pairs = re.findall(r"[*`]{0,4}([\w.-]+)[*`]{1,4}\s*\(\s*[*`]{0,3}([A-Za-z]\w+)[*`]{0,3}\s*\)", text)
    return [MessageDraft(name, topic) for topic, name in pairs if Token(topic, True).is_topic]


def _named_topic(text: str, good: list[str]) -> MessageDraft | None:
    names = [name for name in good if not Token(name, False).is_topic]
    topics = [name for name in good if Token(name, False).is_topic]
    if not names and not topics:
        return None
    only = not names and not is_event(topics[0]) and len(topics) == 1
    return MessageDraft(None if only else (names or topics)[0], topics[0] if topics else None)


def _only_topic(text: str | None) -> str | None:
    told = [token.text for token in tokens(text or "") if token.is_topic]
    return told[0] if len(told) == 1 else _topic(text) if text and not told else None


def _event(text: str | None, topic: str | None) -> MessageDraft | None:
    if text is None or is_nothing(text):
        return None
    message = _message(text, None)
    if message is None:
        return None
    return MessageDraft(message.name, message.topic or topic) if message.name else message


def _undo(said: dict[str, str]) -> UndoDraft | None:
    text = said.get("undo")
    if text is None:
        topic = _topic(said.get("undo topic"))
        return UndoDraft(command=MessageDraft(topic, topic)) if topic else None
    if is_nothing(text):
        return UndoDraft(none_because=_reason(text))
    told = tokens(text)
    phrase = next((token.text for token in told if token.is_phrase), None)
    first = next((token for token in told if token.marked and token.is_name), None)
    names = [token.text for token in told if token.is_name and (token == first or not is_event(token.text))]
    events = [token.text for token in told if token.is_name and token.text not in names]
    topics = [token.text for token in told if token.is_topic]
    command_topic = _topic(said.get("undo topic")) or (topics[0] if topics else None)
    name = names[0] if names else None if phrase else topics[0] if topics else None
    lead = plain(re.split(r"[(,;]|\s(?:via|on|to topic)\s", text)[0])
    if phrase is None and (name is None or (not names and Token(lead, False).is_phrase)):
        phrase, name = lead if name else plain(re.split(r"[(,;.]", text)[0]), None
    success = _event(said.get("undo event"), None) or _undone(events, topics[1:], command_topic)
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
    text = said.get("kind", "").lower()
    return "pivot" if re.search(r"pivot", text) else "retriable" if re.search(r"retri|retry|reintent", text) else None


def _state(said: dict[str, str]) -> str | None:
    label = plain(said.get("state", "")).split(" ")[0]
    return label if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]+", label) else None


def _with_rollbacks(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """Undos that stand only in chains keyed by failure, matched to the steps by what they are about."""
    from dataclasses import replace

    open_ = [index for index, draft in enumerate(drafts) if draft.undo is None]
    if not open_:
        return drafts
    done = list(drafts)
    taken = {draft.undo.command.name for draft in drafts if draft.undo and draft.undo.command}
    forward = {draft.command.name for draft in drafts if draft.command}
    for chain in sorted(chains(lines), key=len, reverse=True):
        for token in chain:
            if token.text in taken or token.text in forward:
                continue
            index = next((one for one in open_ if done[one].undo is None and _undoes(token.text, done[one])), None)
            if index is not None:
                taken.add(token.text)
                command = MessageDraft(token.text) if not token.is_phrase else None
                done[index] = replace(
                    done[index], undo=UndoDraft(action=token.text if token.is_phrase else None, command=command)
                )
    return done


def _undoes(name: str, draft: StepDraft) -> bool:
    of = (draft.command.name if draft.command else None) or draft.action or ""
    return about_the_same(name, of) or about_the_same(name, draft.action or "")
