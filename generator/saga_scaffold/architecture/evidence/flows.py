"""Steps that are only drawn or told as a flow: `reserve-seat → charge-card → print-badge`, boxes and arrows of a flowchart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.graphs import Graph, graphs
from saga_scaffold.architecture.evidence.sections import bare_title
from saga_scaffold.architecture.evidence.tokens import Token, is_event, plain, says_failure
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming

_OTHER_WAY = re.compile(
    r"^\W*(?:if|when|on|upon|wenn|falls|bei|si|se|en cas)\b|fail|compensat|rollback|undo|kompens|annul|example|beispiel|ejemplo|exemple|exemplo|revers",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s*[\[(](?P<aside>[^\[\]()]{2,40})[\])]\s*$")
_LEAD = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])?\s*[*_]*[A-Za-zÀ-ÿ][\w ,'-]{2,40}:[*_]*\s+")


@dataclass(frozen=True)
class _Box:
    """A step of a flow: what is done, under which name, and by whom."""

    action: str
    command: str
    service: str

    def found(self, line: int) -> Found:
        """The step, as far as the flow tells it."""
        step = Found(self.action, line, self.service or None)
        step.say("command", self.command and f"`{self.command}`")
        step.say("service", self.service)
        return step


def flow_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the first flow that a document draws, or tells in a line of arrows."""
    drawn = [steps for graph in graphs(lines) if len(steps := _drawn(graph)) > 1]
    return drawn[0] if drawn else _told(lines)


def _told(lines: Sequence[str]) -> list[Found]:
    heading = ""
    for number, line in enumerate(lines, 1):
        heading = bare_title(line.lstrip("# ")) if line.startswith("#") else heading
        if line.count("→") < 2 or "|" in line or _OTHER_WAY.search(heading) or _OTHER_WAY.search(line):
            continue
        boxes = [_box(part) for part in _LEAD.sub("", line).split("→")]
        steps = [box for box in boxes if box]
        if len(steps) > 1 and len(boxes) - len(steps) < 2 and all(boxes[1:-1]):
            return [box.found(number) for box in steps]
    return []


def _box(text: str) -> _Box | None:
    """What a box says to do; None where it holds a state, an event, a service or anything else."""
    first, *others = [part for part in text.strip().split("\n") if part.strip()] or [""]
    aside = _ASIDE.search(plain(first))
    service = plain(aside["aside"]) if aside else plain(others[0]) if others else ""
    name = _ASIDE.sub("", plain(first)).strip(" .;*`")
    owner, colon, action = name.partition(":")
    if colon and action.strip():
        service, name = service or owner.strip(), action.strip()
    name = re.sub(r"^\d{1,2}[.):]?\s+", "", name)
    words = naming.words(name)
    acts = 1 < len(words) < 7 and base_form(words[0].lower()) == words[0].lower()
    if not acts or is_event(name) or re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
        return None
    spelled = " " not in name and (Token(name, False).is_name or "-" in name or "." in name)
    return _Box(" ".join(words).lower() if spelled else name, name if spelled else "", service)


def _drawn(graph: Graph) -> list[Found]:
    """The boxes that arrows lead to while nothing fails, in the order of the arrows."""
    forward = [arrow for arrow in graph.arrows if not arrow.is_refusal]
    refused = {arrow.target for arrow in graph.arrows if arrow.is_refusal}
    reached = {arrow.target for arrow in forward} | {arrow.source for arrow in forward} - refused
    steps: list[Found] = []
    for node in _sorted(graph):
        box = _box(graph.texts[node])
        ways_in = [arrow for arrow in graph.arrows if arrow.target == node]
        if box is None or node not in reached or (ways_in and all(arrow.is_refusal for arrow in ways_in)):
            continue
        step = box.found(next((one.line for one in graph.arrows if node in {one.source, one.target}), graph.line))
        step.say("service", graph.within.get(node, ""))
        for arrow in graph.arrows:
            names = re.findall(r"[A-Za-z]\w+", arrow.label)
            if arrow.source == node and len(names) == 1 and (is_event(names[0]) or says_failure(names[0])):
                step.say("failure" if says_failure(names[0], box.command) else "success", f"`{names[0]}`")
        steps.append(step)
    return steps


def _sorted(graph: Graph) -> list[str]:
    """The nodes, each after those that lead to it while nothing fails; of a circle as they are written."""
    order = list(graph.texts)
    into = {node: {one.source for one in graph.arrows if one.target == node and not one.is_refusal} for node in order}
    done: list[str] = []
    while len(done) < len(order):
        ready = [node for node in order if node not in done and into[node] <= set(done)]
        done += ready[:1] or [node for node in order if node not in done]
    return done
