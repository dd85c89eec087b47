"""Steps that run beside each other, as far as a document says so: `in parallel with 4`, branches and joins, drawn arrows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from saga_scaffold.architecture.draft import StepDraft
from saga_scaffold.architecture.evidence.forks import After, forked
from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.graphs import before_each, graphs
from saga_scaffold.architecture.evidence.known import Known
from saga_scaffold.architecture.evidence.rows import names_in
from saga_scaffold.architecture.evidence.tokens import is_nothing, tokens
from saga_scaffold.spec import naming

_PARALLEL = re.compile(
    r"parallel|concurrent|branch|beside|simultan|at the same time|gleichzeitig|zweig|même temps|mismo tiempo|mesmo tempo",
    re.IGNORECASE,
)
_LANE = re.compile(r"\b(?:lane|branch|zweig|branche|rama|ramo)\b", re.IGNORECASE)
_JOINS = re.compile(r"\bjoins?\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:not|never|no|nothing|kein\w*|nicht|sagas|instances|replicas)\b|\bfails?\b|undo|compensat", re.IGNORECASE
)
# `…, and X waits for both`: what waits runs beside nothing.
_WAITS = re.compile(
    r"[,;]?\s+(?:and|then|und|dann|et|puis|y|luego|e)\s+(?=[^,;.]*\b(?:waits?|joins?|follows|only then|afterwards|wartet|attend|espera|aguarda)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:steps?|rows?|schritte|étapes|pasos|passos)\s+(\d{1,2})(?:\s*,\s*(\d{1,2}))*\s*(?:and|und|et|y|e|&)\s+(\d{1,2})\b",
    re.IGNORECASE,
)


def in_order(drafts: Sequence[StepDraft], found: Sequence[Found], lines: Sequence[str]) -> list[StepDraft]:
    """The steps with what they come after, where some of them run beside each other; else as they are."""
    stated = _stated(found) or _drawn(found, lines) or forked(found, lines) or _grouped(found, lines)
    return [replace(draft, after=stated.get(index, draft.after)) for index, draft in enumerate(drafts)]


def _grouped(found: Sequence[Found], lines: Sequence[str]) -> After:
    """Steps that are said to run beside each other come after all that is right before them."""
    told = _told_beside(found, lines)
    beside = [_runs_beside(one) or index in told for index, one in enumerate(found)]
    if sum(beside) < 2:
        return {}
    stated: After = {}
    last: tuple[int, ...] = ()
    group: list[int] = []
    for index in range(len(found)):
        if not beside[index]:
            last, group = (tuple(group) or last), []
            stated[index] = last
            last = (index,)
        else:
            stated[index] = last
            group.append(index)
    return stated


def _drawn(found: Sequence[Found], lines: Sequence[str]) -> After:
    """What a graph that has every step draws right before each of them, where that is more than one line."""
    known = Known(found)
    for graph in graphs(lines):
        chosen: dict[str, int] = {}
        for node, text in graph.texts.items():
            names = {naming.same_words(name) for name in (node, *names_in(text.replace("\n", ", ")))}
            places = known.named("step", names) or known.named("state", names)
            if len(places) == 1 and places[0] not in chosen.values():
                chosen[node] = places[0]
        if len(chosen) == len(found):
            before = before_each([arrow for arrow in graph.arrows if not arrow.is_refusal], chosen)
            stated = {place: tuple(sorted(places)) for place, places in before.items()}
            in_line = all(len(places) < 2 for places in stated.values()) and len(set(stated.values())) == len(stated)
            return {} if in_line or sum(not places for places in stated.values()) > 1 else stated
    return {}


def _stated(found: Sequence[Found]) -> After:
    """What steps come after, as far as they name other steps: `3, 4`, `after 3.2, in parallel with 3.4`."""
    known = Known(found)
    told = {index: one.said["after"] for index, one in enumerate(found) if "after" in one.said}
    stated: After = {}
    for index, text in told.items():
        before = _PARALLEL.split(re.sub(r"^.*?\bafter\b", "", text, flags=re.IGNORECASE))[0]
        numbers = re.findall(r"\b(?:\d+\.)*([A-Z]{0,2}-?\d{1,2})\b", before)
        names = {naming.same_words(name) for name in names_in(before) if naming.words(name)}
        counted = [place for one in numbers for place in known.numbered(one)]
        places = known.named("step", names) or known.named("event", names) or counted
        if places or is_nothing(text):
            stated[index] = tuple(place for place in dict.fromkeys(places) if place != index)
    return stated if any(stated.values()) else {}


def _runs_beside(one: Found) -> bool:
    said = (one.note, one.said.get("trigger", ""), one.said.get("after", ""), one.said.get("note", ""))
    lanes = _LANE.search(one.said.get("state", "")) or _JOINS.search(one.said.get("next", ""))
    return any(_PARALLEL.search(text) for text in said) or bool(lanes)


def _told_beside(found: Sequence[Found], lines: Sequence[str]) -> set[int]:
    """The steps that stand next to each other and of which one sentence says that they run in parallel."""
    known = Known(found)
    beside: set[int] = set()
    for sentence in _sentences(lines):
        sentence = _WAITS.split(sentence)[0]
        names = {naming.same_words(token.text) for token in tokens(sentence)}
        counted = _NUMBERED.search(sentence)
        places = known.named("step", names)
        if len(places) < 2 and counted:
            places = sorted({int(one) - 1 for one in re.findall(r"\d{1,2}", counted[0]) if 0 < int(one) <= len(found)})
        if 1 < len(places) < len(found) and places == list(range(places[0], places[-1] + 1)):
            beside |= set(places)
    return beside


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if _PARALLEL.search(line) and not line.lstrip().startswith("|"):
            yield from (
                part for part in re.split(r"(?<=[.;])\s+", line) if _PARALLEL.search(part) and not _DENIES.search(part)
            )
