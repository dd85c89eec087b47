"""What a document says once for several steps: topics, services, kinds, states, what is raised when anything fails."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, StepDraft
from saga_scaffold.architecture.evidence.policy import attempts, duration
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.tokens import is_event, plain, says_failure, tokens
from saga_scaffold.spec import naming

_SERVICE = re.compile(
    r"^\s*[-*+]\s+(?:\*\*)?([A-Z][\w ]{2,40}?(?:Service|Context|Gateway)?)(?:\*\*)?\s*(?:\([^)]*\))?\s*:"
)
_EVENTS_TO = re.compile(r"event|ereignis|evento|évènement|événement|repl(?:y|ies|ied)", re.IGNORECASE)
_RAISED = re.compile(r"any (?:step|action|service)|goes wrong|something fails|whatever fails", re.IGNORECASE)
_OF_STEPS = re.compile(
    r"\b(?:steps?|schritte?|étapes?|pasos?)\s+(\d[\d ,–-]*(?:(?:and|und|et|y)\s+\d+)?)", re.IGNORECASE
)
_LABEL = re.compile(r"[A-Z][A-Za-z0-9_]+")
_STATES = re.compile(r"^\W*(?:fsm |saga )?(?:states?|zustände|états|estados)\b[^:]{0,30}:", re.IGNORECASE)
_BACKWARD = re.compile(r"compensat|revers|releas|refund|return|cancell|undo", re.IGNORECASE)
_FOR_ALL = re.compile(
    r"^\W*(?:(?:each|every|all|any)\W+(?:\w+\W+)?(?:commands?|steps?|calls?|messages?)\b|retr(?:y|ies)\b[^:|]{0,20}:|"
    r"(?:wiederholung(?:en)?|reintentos|retentativas|tentatives)\b[^:|]{0,20}:|(?:failed|unanswered) commands?\b)",
    re.IGNORECASE,
)
_LIMIT_OF_ALL = re.compile(
    r"\btime-?outs?\b[^.;:|]{0,20}\b(?:each|every|per|all)\b[^.;|]{0,20}?(?P<length>\d[\d.,]*\s*[a-z]+)", re.IGNORECASE
)
_GENERIC = {
    "service",
    "context",
    "commands",
    "command",
    "events",
    "event",
    "topic",
    "cmd",
    "evt",
    "queue",
    "bounded",
    "replies",
}


def spread(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with what is told for all of them, or for several."""
    kinds = dict(reversed(list(_kinds(lines))))
    done = [_with_kind(draft, kinds) for draft in drafts]
    done = _with_services(done, lines)
    done = _with_states(done, lines)
    done = _with_attempts(done, lines)
    done = _with_timeouts(done, lines)
    done = _with_topics(done, lines)
    return _with_failures(done, lines)


def _with_kind(draft: StepDraft, kinds: Mapping[str, str]) -> StepDraft:
    """The step with the kind that a line gives to its command."""
    if draft.kind is not None or draft.command is None or not draft.command.name:
        return draft
    return replace(draft, kind=kinds.get(draft.command.name))


def _kinds(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`**Pivot:** `RecordPayout``: each name with its kind."""
    for line in lines:
        found = re.match(r"^\W*(?:\d+[.)]\s*)?\W*(compensatable|pivot|retriable)s?\b\W", line, re.IGNORECASE)
        if found:
            yield from ((token.text, found[1].lower()) for token in tokens(line))


def _with_services(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    known = dict(_services(lines))
    return [draft if draft.service else replace(draft, service=_service(draft, known)) for draft in drafts]


def _services(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the document lists as services or contexts, each with what it says of them."""
    listed = False
    for line in lines:
        if line.startswith("#"):
            listed = bool(re.search(r"context|service|participant|teilnehmer|kontext", line, re.IGNORECASE))
        found = _SERVICE.match(line)
        if found and not re.search(r"orchestrat|saga", found[1], re.IGNORECASE) and (listed or not tokens(found[1])):
            yield found[1].strip(), line[found.end() :] if listed else ""
    for table in tables(lines):
        for row in table.rows:
            cell = table.cells(row).get("service")
            if cell and not re.search(r"orchestrat|saga", cell, re.IGNORECASE):
                yield plain(cell), ""


def _service(draft: StepDraft, known: Mapping[str, str]) -> str | None:
    """The known service whose words the step's topic holds, or its command; else the only one said to do with them."""
    topic = (draft.command.topic if draft.command else None) or ""
    name = (draft.command.name if draft.command else None) or draft.action or ""
    for text in (topic, name):
        scored = [(len(_stems(service) & _stems(text)), service) for service in known]
        best = max(scored, default=(0, ""), key=lambda one: one[0])
        if best[0]:
            return best[1]
    told = [service for service, words in known.items() if _stems(words) & (_stems(topic) | _stems(name))]
    return told[0] if len(told) == 1 else None


def _with_states(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """Labels of what is under way, by the words of the steps; what is left over on both sides goes together in order."""
    done = _with_states_of_services(drafts, lines)
    known = {draft.state for draft in done}
    labels = [label for label in dict.fromkeys(_running_labels(lines)) if label not in known]
    for index, draft in enumerate(done):
        scored = [(_alike(label, draft), -place, label) for place, label in enumerate(labels)]
        score, _, label = max(scored, default=(0, 0, ""))
        if draft.state is None and score:
            done[index] = replace(draft, state=label)
            labels.remove(label)
    open_ = [index for index, draft in enumerate(done) if draft.state is None]
    if len(open_) == len(labels) < len(done):
        for index, label in zip(open_, labels, strict=True):
            done[index] = replace(done[index], state=label)
    return done


def _with_states_of_services(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The states that the document maps to services, where a service has as many of them as steps."""
    mapped = [(label, words) for label, words in _mapped_states(lines) if _is_running(label)]
    done = list(drafts)
    for service in {draft.service for draft in drafts if draft.service}:
        own = [index for index, draft in enumerate(drafts) if draft.service == service]
        labels = [label for label, words in mapped if naming.same_words(service) in words]
        if len(labels) == len(own):
            for index, label in zip(own, labels, strict=True):
                done[index] = replace(done[index], state=done[index].state or label)
    return done


def _mapped_states(lines: Sequence[str]) -> Iterator[tuple[str, set[str]]]:
    """Each state that a row or a bullet gives to services, with the names of these."""
    told: list[tuple[str, str]] = []
    for table in tables(lines):
        cells = (table.cells(row) for row in table.rows)
        told += [(one["state"], one["service"]) for one in cells if "state" in one and "service" in one]
    for line in lines:
        bullet = re.match(r"^\s*[-*]\s+(`[A-Z]\w+`)\s+\(([^()]+)\)", line)
        told += [(bullet[1], bullet[2])] if bullet else []
    for state, services in told:
        label = plain(state)
        if _LABEL.fullmatch(label):
            yield label, {naming.same_words(name) for name in re.split(r"[,/&]| and ", plain(services))}


def _alike(label: str, draft: StepDraft) -> int:
    """How well a label fits a step: its verb counts most; one of many words is none."""
    name = draft.action or (draft.command.name if draft.command else None) or ""
    wanted, told = _stems(name), _stems(label)
    verb = _stems(name.split()[0] if " " in name else "".join(naming.words(name)[:1]))
    score = len(told & wanted) + 2 * bool(told & verb)
    return 0 if score == 1 and len(wanted) > 2 and len(told) > 1 else score


def _running_labels(lines: Sequence[str]) -> Iterator[str]:
    """States that tell of something under way: a gerund, or pending."""
    for line in lines:
        if _STATES.match(line):
            yield from (
                token.text for token in tokens(line) if _LABEL.fullmatch(token.text) and _is_running(token.text)
            )
            continue
        if not re.match(r"^\s*(?:[|*-]|\d+[.)])", line):
            continue
        first = next((token.text for token in tokens(line) if _LABEL.fullmatch(token.text)), None)
        if first is not None and _is_running(first):
            yield first


def _is_running(label: str) -> bool:
    words = [word.lower() for word in naming.words(label)]
    return (
        not _BACKWARD.search(label)
        and any(word.endswith("ing") for word in words)
        and not re.search(r"delet", label, re.IGNORECASE)
    )


def _with_attempts(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`Steps 1 and 2: 3 attempts`, `Steps 1-3: ...`."""
    done = list(drafts)
    for line in lines:
        found = _OF_STEPS.search(line) if re.match(r"^\s*(?:[-*]|\d+[.)])", line) else None
        count = 1 if found and re.search(r"\bno retr", line, re.IGNORECASE) else attempts(line)
        if not found or not count:
            continue
        for number in _numbers(found[1]):
            if 0 < number <= len(done) and done[number - 1].attempts is None:
                done[number - 1] = replace(done[number - 1], attempts=count)
    general = next((count for line in lines if _FOR_ALL.match(line) and (count := attempts(line))), None)
    return [one if one.attempts or one.unlimited else replace(one, attempts=general) for one in done]


def _with_timeouts(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`The timeout of each step is 25 seconds`."""
    told = (found["length"] for line in lines if "|" not in line and (found := _LIMIT_OF_ALL.search(line)))
    general = duration(next(told, ""))
    return [one if one.timeout or one.unlimited else replace(one, timeout=general) for one in drafts]


def _numbers(text: str) -> list[int]:
    told = [int(number) for number in re.findall(r"\d+", text)]
    return list(range(told[0], told[-1] + 1)) if re.search(r"\d\s*[-–]\s*\d", text) and len(told) == 2 else told


def _with_topics(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    events = list(dict.fromkeys(_listed(lines, "event")))
    commands = list(dict.fromkeys(_listed(lines, "command")))
    done = []
    for place, draft in enumerate(drafts):
        topic = _fitting(draft, events) or _at_place(place, events, len(drafts))
        if topic and draft.success and draft.success.topic is None:
            draft = replace(draft, success=replace(draft.success, topic=topic))
        if topic:
            draft = replace(draft, failures=tuple(f if f.topic else replace(f, topic=topic) for f in draft.failures))
        asked = _fitting(draft, commands) or _at_place(place, commands, len(drafts))
        if asked and draft.command and draft.command.topic is None:
            draft = replace(draft, command=replace(draft.command, topic=asked))
        done.append(draft)
    return done


def _listed(lines: Sequence[str], what: str) -> Iterator[str]:
    """Topics that a sentence or an item lists for commands, or for events."""
    for line in lines:
        if line.lstrip().startswith("|"):
            continue
        told = [
            token.text
            for token in tokens(line)
            if token.marked and naming.is_topic(token.text) and not token.is_plain_word
        ]
        topics = [
            name for name in told if not re.fullmatch(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*", name) or "topic" in line.lower()
        ]
        if not topics or any(
            token.is_name and not is_event(token.text) and token.text not in topics for token in tokens(line)
        ):
            continue
        says = plain(re.sub(r"\*\*[^*]*\*\*", " ", line))
        if (
            what == "event"
            and re.search(r"topics?|publish|repl(?:y|ied)|raised", line, re.IGNORECASE)
            and _EVENTS_TO.search(says)
        ):
            answered = [name for name in topics if not says_failure(name)]
            told_apart = [name for name in answered if not re.search(r"command|cmd", name, re.IGNORECASE)]
            yield from told_apart or answered
        elif what == "command":
            asked = [name for name in topics if re.search(r"command|cmd", name, re.IGNORECASE)]
            yield from asked if len(asked) > 1 or len(asked) == len(topics) else ()


def _at_place(place: int, topics: Sequence[str], count: int) -> str | None:
    """Of as many topics as steps, the one at the step's place."""
    return topics[place] if len(topics) == count else None


def _fitting(draft: StepDraft, topics: Sequence[str]) -> str | None:
    """The only topic, or the one that shares a word with the step's command topic, service or command."""
    if len(topics) == 1:
        return topics[0]
    hints = (
        draft.command.topic if draft.command else None,
        draft.service,
        draft.command.name if draft.command else None,
    )
    for hint in hints:
        scored = [(len(_stems(topic) & _stems(hint or "")), topic) for topic in topics]
        best = max(scored, default=(0, ""), key=lambda one: one[0])
        if best[0] and sum(score == best[0] for score, _ in scored) == 1:
            return best[1]
    return None


def _with_failures(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`If any step goes wrong, a **PaymentFailed** event is raised on **payment-failed-topic**`."""
    for line in lines:
        if not _RAISED.search(line):
            continue
        events = [token.text for token in tokens(line) if token.is_name and says_failure(token.text)]
        topic = next((token.text for token in tokens(line) if token.is_topic), None)
        if events:
            said = MessageDraft(events[0], topic)
            return [draft if draft.failures else replace(draft, failures=(said,)) for draft in drafts]
    return drafts


def _stems(text: str) -> set[str]:
    words = [word.lower() for word in naming.words(text)]
    return {_stem(word) for word in words if word not in _GENERIC and len(word) > 2}


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)][:6]
    return word[:6]
