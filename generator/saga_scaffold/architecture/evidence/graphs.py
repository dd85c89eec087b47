"""What is drawn as boxes and arrows: Mermaid flowcharts, Graphviz digraphs; nodes by what is written in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from saga_scaffold.architecture.evidence.tokens import says_failure

_OPENS = re.compile(
    r"^\s*(?:(?:flowchart|graph)\s+(?:TB|TD|BT|LR|RL)\s*;?|(?:flowchart|graph)\s*|(?:strict\s+)?digraph\b[^{]*\{?)\s*$"
)
_INSIDE = r"(?:\[+[(/\\]?|\(+\[?|\{+|>)\s*\"?(?P<text>[^\"\]){}|]+?)\"?\s*[/\\]?[\])}]+"
_NODE = re.compile(rf"\s*(?:\"(?P<quoted>[^\"]+)\"|(?P<id>[\w.:-]*\w))\s*(?:{_INSIDE})?(?::::\w+)?\s*")
_ATTRIBUTE = re.compile(r"label\s*=\s*\"?(?P<label>[^\"\],]+)")
_ARROW = re.compile(r"\s*(?:[.=-]*\s*→|-\.+-?|={2,}|-{2,3}>?)\s*(?:\|\s*\"?(?P<label>[^|\"]*)\"?\s*\|)?\s*")
_SAID_ON_ARROW = re.compile(r"^(?:--|-\.|==)\s*\"?(?P<label>[^\"→]+?)\"?\s*[.=-]*\s*→\s*")
_SUBGRAPH = re.compile(r"^\s*subgraph\s+(?:[\w-]+\s*\[\s*)?\"?(?P<title>[^\"\]]+?)\"?\]?\s*$")
_BREAKS = re.compile(r"<br\s*/?>|\\n")
_REFUSES = re.compile(
    r"^\W*(?:no|nok|ko|n|nein|non)\W*$|fail|reject|declin|denied|error|timeout|refus|compensat|undo|rollback|abort",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Arrow:
    """From one node to another, with what is written beside it."""

    source: str
    target: str
    label: str
    line: int

    @property
    def is_refusal(self) -> bool:
        """Whether it is taken when something goes wrong."""
        return bool(_REFUSES.search(self.label)) or says_failure(self.label)


@dataclass
class Graph:
    """Arrows between nodes; what is written in each node, and the title of the box around it."""

    arrows: list[Arrow] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    line: int = 0

    def note(self, id: str, text: str | None, around: str) -> None:
        """Takes up a node; what is written in it may stand anywhere."""
        if text or id not in self.texts:
            self.texts[id] = _BREAKS.sub("\n", text or id).strip()
        if around:
            self.within.setdefault(id, around)


def graphs(lines: Sequence[str]) -> Iterator[Graph]:
    """Every graph of a document that has arrows."""
    graph: Graph | None = None
    around: list[str] = []
    for number, line in enumerate([*lines, "```"], 1):
        if graph is not None and line.lstrip().startswith("```"):
            if graph.arrows:
                yield graph
            graph = None
        elif _OPENS.match(line):
            graph, around = Graph(line=number), []
        elif graph is not None:
            box = _SUBGRAPH.match(line)
            if box:
                around.append(box["title"])
            elif line.strip() == "end":
                around = around[:-1]
            else:
                _take(graph, line, number, around[-1] if around else "")


def _take(graph: Graph, line: str, number: int, around: str) -> None:
    """Takes up the nodes and arrows of a line such as `A[Reserve] → |ok| B & C → D`."""
    for told in re.split(r";\s*(?=\S)|;\s*$", line):
        label = _ATTRIBUTE.search(told)
        if re.match(r"\s*(?:style|classDef|class|linkStyle|click|direction|rankdir|node|edge|%%)\b", told):
            continue
        before: list[str] = []
        rest, said = re.sub(r"\[\s*\w+\s*=.*\]", "", told), ""
        while rest.strip():
            here, rest = _nodes(graph, rest, around, label["label"] if label and "→" not in told else None)
            if not here:
                return
            graph.arrows += [Arrow(one, other, said, number) for one in before for other in here]
            on_arrow, arrow = _SAID_ON_ARROW.match(rest.strip()), _ARROW.match(rest)
            if on_arrow:
                said, rest = on_arrow["label"].strip(), rest.strip()[on_arrow.end() :]
            elif arrow and arrow.end():
                said, rest = (arrow["label"] or (label["label"] if label else "")).strip(), rest[arrow.end() :]
            else:
                return
            before = here


def _nodes(graph: Graph, text: str, around: str, label: str | None) -> tuple[list[str], str]:
    """The nodes that a text begins with, `A[Reserve] & B`, and what follows them."""
    found: list[str] = []
    while (node := _NODE.match(text)) and (node["id"] or node["quoted"]):
        id = node["id"] or node["quoted"]
        found.append(id)
        graph.note(id, node["text"] or label, around)
        text = text[node.end() :]
        if not text.startswith(("&", ",")):
            break
        text = text[1:]
    return found, text


def before_each(arrows: Iterable[Arrow], chosen: Mapping[str, int]) -> dict[int, set[int]]:
    """By place of each chosen node, the places of the chosen ones right before it, through any others."""
    into: dict[str, list[str]] = {}
    for arrow in arrows:
        into.setdefault(arrow.target, []).append(arrow.source)
    return {place: _sources(node, into, chosen) - {place} for node, place in chosen.items()}


def _sources(node: str, into: Mapping[str, list[str]], chosen: Mapping[str, int]) -> set[int]:
    found: set[int] = set()
    seen, open_ = {node}, list(into.get(node, ()))
    while open_:
        one = open_.pop()
        if one in chosen:
            found.add(chosen[one])
        elif one not in seen:
            seen.add(one)
            open_ += into.get(one, ())
    return found
