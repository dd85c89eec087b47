"""Reads the document that `write.py` writes, back into the very same spec."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from saga_scaffold.architecture.inline import read_code, read_codes, read_prose
from saga_scaffold.architecture.write import ASSUMED, OWN, USUAL
from saga_scaffold.spec.model import SagaSpec

_BULLET = re.compile(r"- (?:\*\*)?([A-Z][^:*]*?)(?:\*\*)?: (.*)")
_STEP = re.compile(r"### Step \d+: (.*)")
_SECTION = re.compile(r"#{2,3} (.*)")
_RETRY = re.compile(r"(\d+) attempts, first after (\S+), factor (\S+), at most (\S+)")
_PROPOSED = "- *Proposed:* "
_KINDS = {
    "4. Event store": "event_store",
    "Idempotency": "idempotency",
    "Retries": "retries",
    "Out-of-order delivery": "ordering",
    "Split brain": "split_brain",
}

Labels = dict[str, str]


@dataclass
class _Document:
    """The parts of the document: labels of the saga and of each step, tables, proposals, assumed paths."""

    title: str
    saga: Labels
    steps: list[Labels]
    contexts: list[list[str]]
    proposed: dict[str, list[str]]
    assumed: list[str]


def is_own_form(text: str) -> bool:
    """Whether `write.py` wrote it, or somebody changed what it wrote."""
    return text.startswith("# ") and "\n- Saga: `" in text and "\n- Step id: `" in text


def read_own_form(text: str) -> SagaSpec:
    """The spec; `ValueError` or `KeyError` where the document was changed into something else."""
    document = _parsed(text.split("\n"))
    saga = document.saga
    spec = {
        "saga": read_code(saga["Saga"]),
        "package": read_code(saga["Package"]),
        "title": read_prose(document.title),
        "summary": read_prose(saga["Summary"]) if "Summary" in saga else "",
        "deadline": saga["Deadline"],
        "input": _fields(saga["Input"]),
        "contexts": dict(map(_context, document.contexts)),
        "steps": [_step(labels) for labels in document.steps],
        "terminal": {
            "completed": read_code(saga["Terminal state, completed"]),
            "compensated": read_code(saga["Terminal state, compensated"]),
        },
        "event_store": {
            "shards": int(saga["Shards"].split(",")[0]),
            "snapshot_every": int(saga["Snapshot"].split()[1]),
            "retention": saga["Retention"],
            "partition_key": read_code(saga["Partition key"]),
        },
        "topics": {
            "replication": int(saga["Topic replication"]),
            "retention": {
                "commands": saga["Retention of command topics"],
                "events": saga["Retention of event topics"],
                "dead_letters": saga["Retention of dead letters"],
            },
        },
        "proposed": document.proposed,
        "assumed": document.assumed,
    }
    return SagaSpec.model_validate(spec)


def _parsed(lines: Sequence[str]) -> _Document:
    document = _Document(lines[0].removeprefix("# "), {}, [], [], {}, [])
    labels, section = document.saga, ""
    for line in lines[1:]:
        if (step := _STEP.fullmatch(line)) is not None:
            labels = {"title": step[1]}
            document.steps.append(labels)
        elif (heading := _SECTION.fullmatch(line)) is not None:
            labels, section = document.saga, heading[1]
        elif line.startswith(_PROPOSED):
            document.proposed.setdefault(_KINDS[section], []).append(read_prose(line.removeprefix(_PROPOSED)))
        elif section == "6. Assumed values" and line.startswith("- "):
            document.assumed.append(read_code(line.removeprefix("- ")))
        elif (bullet := _BULLET.fullmatch(line)) is not None:
            labels[bullet[1]] = bullet[2].removesuffix(ASSUMED)
        elif line.startswith("| `") and section == "1. Orchestrator and states":
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            document.contexts += [cells] if len(cells) == 4 else []
    return document


def _context(cells: list[str]) -> tuple[str, dict[str, Any]]:
    name, title, commands, events = cells
    channels = {"commands": _channel(commands), "events": _channel(events)}
    return read_code(name), {"title": read_prose(title)} | {key: one for key, one in channels.items() if one}


def _channel(cell: str) -> dict[str, Any] | None:
    if cell.endswith(USUAL):
        return None
    topic, _, partitions = cell.rpartition("**")
    channel: dict[str, Any] = {"topic": read_code(f"{topic}**")}
    return channel | ({"partitions": int(partitions.split()[1])} if "partitions" in partitions else {})


def _step(labels: Labels) -> dict[str, Any]:
    step: dict[str, Any] = {
        "id": read_code(labels["Step id"]),
        "title": read_prose(labels["title"]),
        "context": read_codes(labels["Bounded context"])[0],
        "command": _message(labels["Command"], labels["Command topic"]),
        "takes": read_codes(labels["Takes"]),
        "state": read_code(labels["State"]),
        "success": _message(labels["Success event"], labels["Event topic"]),
        "gives": _fields(labels["Gives"]),
        "failure": list(_failures(labels["Failure event"])),
        "kind": labels["Kind"],
        "effect": labels["Effect"],
        "after": read_codes(labels["Runs after"]),
        "timeout": labels["Timeout"],
        "retry": _retry(labels["Retries"]),
    }
    if "Former step id" in labels:
        step["was"] = read_code(labels["Former step id"])
    if "Condition" in labels:
        step["when"] = read_code(labels["Condition"])
    return step | _undo(labels)


def _message(named: str, topic: str) -> dict[str, Any]:
    message = _stored(named)
    return message | ({"topic": read_codes(topic)[0]} if topic.endswith(OWN) else {})


def _stored(named: str) -> dict[str, Any]:
    names = read_codes(named)
    return {"name": names[0]} | ({"wire": names[1]} if " stored as " in named else {})


def _routed(text: str) -> dict[str, Any]:
    named, on, topic = text.partition(" on **")
    return _stored(named) | ({"topic": read_codes(topic)[0]} if on else {})


def _failures(text: str) -> Iterator[dict[str, Any]]:
    if text != "none":
        # A comma inside a code span does not divide.
        yield from (_routed(part) for part in re.split(r",\s(?=`[^`]*`(?:[^`]*`[^`]*`)*[^`]*$)", text))


def _fields(text: str) -> dict[str, str]:
    pairs = (span.partition(": ") for span in read_codes(text))
    return {name: type_ for name, _, type_ in pairs}


def _retry(text: str) -> dict[str, Any]:
    found = _RETRY.fullmatch(text)
    if found is None:
        raise ValueError(f"not a retry policy: {text}")
    return {"attempts": int(found[1]), "first": found[2], "factor": float(found[3]), "cap": found[4]}


def _undo(labels: Labels) -> dict[str, Any]:
    action = labels["Compensating action"]
    if action == "none" or action.startswith("none, because "):
        because = action.partition(", because ")[2]
        return {"undo": "none"} | ({"because": read_prose(because)} if because else {})
    undo = _routed(action) | {}
    written: dict[str, Any] = {
        "command": undo,
        "takes": read_codes(labels["Compensation takes"]),
        "success": _routed(labels["Compensation event"]),
        "state": read_code(labels["Compensation state"]),
    }
    if "Compensation title" in labels:
        written["title"] = read_prose(labels["Compensation title"])
    return {"undo": written}
