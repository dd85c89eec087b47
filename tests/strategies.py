"""Sagas of any shape that `check` accepts, with titles and words as hostile as can be."""

from typing import Any

from hypothesis import strategies as st

from saga_scaffold.spec.check import check
from saga_scaffold.spec.model import SagaSpec

VERBS = ["Reserve", "Charge", "Ship", "Book", "Open", "Credit", "Notify"]
texts = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text and text.strip() != ""
)
topics = st.sampled_from(["orders.commands", "PaymentCommands", "a_b-c.d", "x.y.v1", "saga_topic"])
wires = st.sampled_from(["wallet.hold-funds.v1", "POST:/orders", "cmd_1", "A.b"])
durations = st.sampled_from(["200ms", "1500ms", "30s", "5m", "2h"])


@st.composite
def sagas(draw: st.DrawFn) -> SagaSpec:
    """A saga of one to four steps."""
    count = draw(st.integers(1, 4))
    pivot = draw(st.none() | st.integers(0, count - 1))
    document: dict[str, Any] = {
        "saga": "some-saga",
        "package": "some_package",
        "title": draw(texts),
        "summary": draw(st.just("") | texts),
        "deadline": draw(st.sampled_from(["24h", "7d"])),
        "input": {
            "some_id": "string",
            "amount": "decimal",
            "wanted": "boolean",
            "names": "list[string]",
            "maybe": "date?",
        },
        "contexts": {"first": draw(_contexts("first")), "second": draw(_contexts("second"))},
        "steps": [draw(_steps(n, count, pivot)) for n in range(count)],
        "terminal": {"completed": draw(st.sampled_from(["COMPLETED", "ORDER_FULFILLED"])), "compensated": "UNDONE"},
        "event_store": {"shards": 16, "snapshot_every": 20, "retention": "90d", "partition_key": "some_id"},
        "proposed": {
            "idempotency": draw(st.lists(texts, max_size=2)),
            "split_brain": draw(st.lists(texts, max_size=1)),
        },
        "assumed": draw(st.lists(st.sampled_from(["deadline", "input", "steps.step-0.timeout"]), unique=True)),
    }
    spec = SagaSpec.model_validate(document)
    used = {step.context for step in spec.steps}
    spec = spec.model_copy(update={"contexts": {name: one for name, one in spec.contexts.items() if name in used}})
    return spec if not check(spec) else draw(st.nothing())


@st.composite
def _contexts(draw: st.DrawFn, name: str) -> dict[str, Any]:
    context: dict[str, Any] = {"title": draw(texts)}
    if draw(st.booleans()):
        context["commands"] = {"topic": f"{name}.own.commands", "partitions": draw(st.none() | st.integers(1, 99))}
    return context


@st.composite
def _steps(draw: st.DrawFn, n: int, count: int, pivot: int | None) -> dict[str, Any]:
    verb = VERBS[n]
    kind = "compensatable" if pivot is None or n < pivot else "pivot" if n == pivot else "retriable"
    step: dict[str, Any] = {
        "id": f"step-{n}",
        "title": draw(texts),
        "context": draw(st.sampled_from(["first", "second"])),
        "kind": kind,
        "effect": draw(st.sampled_from(["local", "external"])),
        "command": {"name": f"{verb}It{n}", "wire": draw(st.none() | wires.map(lambda wire: f"{wire}.{n}"))},
        "takes": draw(st.lists(st.sampled_from(["some_id", "amount", "names"]), unique=True)),
        "success": {"name": f"It{n}{verb}ed", "topic": draw(st.none() | topics.map(lambda topic: f"{topic}.{n}"))},
        "gives": draw(
            st.dictionaries(st.sampled_from([f"result_{n}", f"at_{n}"]), st.sampled_from(["uuid", "datetime"]))
        ),
        "failure": [{"name": f"It{n}Refused{k}"} for k in range(draw(st.integers(0, 2)))],
        "timeout": draw(durations),
        "retry": {
            "attempts": draw(st.integers(1, 9)),
            "first": "200ms",
            "factor": draw(st.sampled_from([1.0, 1.5, 2.0])),
            "cap": "30s",
        },
    }
    if n and pivot is None and draw(st.booleans()):
        step["after"] = sorted({f"step-{draw(st.integers(0, n - 1))}" for _ in range(2)})
    if draw(st.integers(0, 3)) == 0:
        step["when"] = draw(st.sampled_from(["wanted == true", "amount > 10.50 and wanted == false"]))
    if kind != "compensatable" or draw(st.integers(0, 3)) == 0:
        step |= {"undo": "none", "because": draw(texts)}
    else:
        undo = {
            "command": {"name": f"Undo{verb}{n}"},
            "takes": list(step["gives"]),
            "success": {"name": f"It{n}Undone"},
        }
        step["undo"] = undo
    return step
