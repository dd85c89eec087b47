"""What a document says once for several steps: topics, services, kinds, states, what is raised when anything fails."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import MessageDraft, StepDraft
from saga_scaffold.architecture.evidence.kinds import with_kinds
from saga_scaffold.architecture.evidence.policy import attempts, duration
from saga_scaffold.architecture.evidence.shared_topics import with_shared_topics
from saga_scaffold.architecture.evidence.spread_states import with_states
from saga_scaffold.architecture.evidence.spread_topics import with_topics
from saga_scaffold.architecture.evidence.stems import stems
from saga_scaffold.architecture.evidence.tables import tables
from saga_scaffold.architecture.evidence.titles import title_of
from saga_scaffold.architecture.evidence.tokens import plain, says_failure, tokens

_SERVICE = re.compile(
    r"^\s*[-*+]\s+(?:\*\*)?([A-Z][\w ]{2,40}?(?:Service|Context|Gateway)?)(?:\*\*)?\s*(?:\([^)]*\))?\s*:"
)


_RAISED = re.compile(
    r"(?:any|every|each|all) (?:steps?|actions?|services?|contexts?|commands?|failures?|refusals?)|goes wrong|one of (?:the|these|those) (?:steps|actions|services|commands)|something fails|whatever fails"
    r"|(?:jeder|alle|irgendein|ein beliebiger) (?:schritte?|dienste?)|(?:chaque|toute|n'importe quelle) étape|cualquier paso|cada paso|todos los pasos"
    r"|qualquer (?:passo|etapa)|cada (?:passo|etapa)|todos os passos",
    re.IGNORECASE,
)


_IN_ORDER = re.compile(
    r"^\W*(?:the )?(?:failure|error|refusal|negative)\w* (?:events?|answers?|replies)\b.*\b(?:in (?:this|that|step|the same) order|respectively)\b",
    re.IGNORECASE,
)


_OF_STEPS = re.compile(
    r"\b(?:steps?|schritte?|étapes?|pasos?)\s+(\d[\d ,–-]*(?:(?:and|und|et|y)\s+\d+)?)", re.IGNORECASE
)


_BY_PIVOT = re.compile(
    r"\bsteps?\s+(before|until|after|behind|from)\s+the\s+(?:pivot|point of no return)|\bschritte?\s+(vor|nach)\s+dem\s+pivot",
    re.IGNORECASE,
)


_FOR_ALL = re.compile(
    r"^\W*(?:forward (?:commands?|steps?|actions?)\b[^:|]{0,20}:|(?:each|every|all|any)\W+(?:\w+\W+)?(?:commands?|steps?|calls?|messages?)\b|retr(?:y|ies)\b[^:|]{0,20}:|"
    r"(?:wiederholung(?:en)?|reintentos|retentativas|tentatives)\b[^:|]{0,20}:|(?:failed|unanswered) commands?\b)",
    re.IGNORECASE,
)


_LIMIT_OF_ALL = re.compile(
    r"\btime-?outs?\b[^.;:|]{0,20}\b(?:each|every|per|all)\b[^.;|]{0,20}?(?P<length>\d[\d.,]*\s*[a-z]+)", re.IGNORECASE
)


def spread(drafts: Sequence[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with what is told for all of them, or for several."""
    done = _with_services(with_kinds(drafts, lines), lines)
    done = with_states(done, lines)
    done = _with_attempts(done, lines)
    done = _with_timeouts(done, lines)
    done = with_shared_topics(with_topics(done, lines), lines)
    return _with_failures(done, lines)


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
        scored = [(len(stems(service) & stems(text)), service) for service in known]
        best = max(scored, default=(0, ""), key=lambda one: one[0])
        if best[0]:
            return best[1]
    told = [service for service, words in known.items() if stems(words) & (stems(topic) | stems(name))]
    return told[0] if len(told) == 1 else None


def _with_attempts(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`Steps 1 and 2: 3 attempts`, `Steps before the pivot: ...`, `... but `Name`: 1 attempt`; then what holds for all."""
    done = list(drafts)
    for number, line in enumerate(lines, 1):
        if not re.match(r"^\s*(?:[-*]|\d+[.)])", line) or _is_of_a_step(lines, number, drafts):
            continue
        for clause in sorted(re.split(r";\s+", line), key=lambda one: not _named_in(one, drafts)):
            meant = _named_in(clause, drafts) or _scope(clause, drafts)
            count = 1 if re.search(r"\bno retr", clause, re.IGNORECASE) else attempts(clause)
            for place in meant if count else ():
                done[place] = done[place] if done[place].attempts else replace(done[place], attempts=count)
    said = (line for number, line in enumerate(lines, 1) if not _is_of_a_step(lines, number, drafts))
    general = next((count for line in said if _FOR_ALL.match(line) and (count := attempts(line))), None)
    return [one if one.attempts or one.unlimited else replace(one, attempts=general) for one in done]


def _named_in(clause: str, drafts: Sequence[StepDraft]) -> list[int]:
    """The steps whose commands a clause makes an exception of."""
    if not re.search(r"\bexcept\w*|\bbut\b|\bonly\b|\bausser\b|\baußer\b|\bsauf\b|\bsalvo\b", clause, re.IGNORECASE):
        return []
    told = {token.text for token in tokens(clause)}
    return [place for place, one in enumerate(drafts) if one.command and one.command.name in told]


def _scope(clause: str, drafts: Sequence[StepDraft]) -> list[int]:
    """The places of the steps that a clause counts, or that stand on one side of the pivot."""
    numbered = _OF_STEPS.search(clause)
    if numbered:
        return [number - 1 for number in _numbers(numbered[1]) if 0 < number <= len(drafts)]
    pivot = next((place for place, one in enumerate(drafts) if one.kind == "pivot"), None)
    side = _BY_PIVOT.search(clause)
    if side and pivot is not None:
        return list(
            range(pivot)
            if (side[1] or side[2]).lower() in {"before", "until", "vor", "avant", "antes"}
            else range(pivot + 1, len(drafts))
        )
    return []


def _is_of_a_step(lines: Sequence[str], number: int, drafts: Sequence[StepDraft]) -> bool:
    """Whether the title above a line is that of a step."""
    above = next((one for one in range(number, 0, -1) if title_of(lines[one - 1]) is not None), None)
    return above is not None and any(draft.line == above for draft in drafts)


def _with_timeouts(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`The timeout of each step is 25 seconds`."""
    told = (found["length"] for line in lines if "|" not in line and (found := _LIMIT_OF_ALL.search(line)))
    general = duration(next(told, ""))
    return [one if one.timeout or one.unlimited else replace(one, timeout=general) for one in drafts]


def _numbers(text: str) -> list[int]:
    told = [int(number) for number in re.findall(r"\d+", text)]
    return list(range(told[0], told[-1] + 1)) if re.search(r"\d\s*[-–]\s*\d", text) and len(told) == 2 else told


def _with_failures(drafts: list[StepDraft], lines: Sequence[str]) -> list[StepDraft]:
    """`If any step goes wrong, a **PaymentFailed** event is raised on **payment-failed-topic**`."""
    for line in lines:
        listed = (
            [token.text for token in tokens(line) if token.marked and token.is_name] if _IN_ORDER.search(line) else []
        )
        if 1 < len(listed) <= len(drafts):
            told = [
                replace(one, failures=one.failures or (MessageDraft(name),))
                for one, name in zip(drafts, listed, strict=False)
            ]
            return [*told, *drafts[len(listed) :]]
        if not _RAISED.search(line):
            continue
        events = [token.text for token in tokens(line) if token.is_name and says_failure(token.text)]
        topic = next((token.text for token in tokens(line) if token.is_topic), None)
        if events:
            said = MessageDraft(events[0], topic)
            return [draft if draft.failures else replace(draft, failures=(said,)) for draft in drafts]
    return drafts
