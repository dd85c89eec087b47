"""Small definitions for tests of the kernel, and whatever definition a generator of cases comes up with."""

from typing import Any

from hypothesis import strategies as st

from runtime.orchestrator.definitions import (
    Backward,
    Condition,
    Definition,
    EventName,
    Forward,
    Policy,
    SagaTopics,
    StepDefinition,
    StepPolicy,
    Terminal,
)

RULE = StepPolicy(timeout_s=30, attempts=2, first_s=1, factor=2, cap_s=8)


def step(id: str, *after: str, **changes: Any) -> StepDefinition:
    """A compensatable local step that may be refused."""
    undo = Backward(f"Undo{id}", f"{id}.commands", (), f"UNDOING_{id}", EventName(f"{id}Undone", f"{id}.events"))
    failures = changes.pop("failures", (EventName(f"{id}Refused", f"{id}.events"),))
    do = Forward(
        command=f"Do{id}",
        topic=f"{id}.commands",
        takes=(),
        state=f"DOING_{id}",
        success=EventName(f"{id}Done", f"{id}.events"),
        gives=changes.pop("gives", {}),
        failures=failures,
    )
    known = {"id": id, "context": id.lower(), "kind": "compensatable", "effect": "local", "after": after, "when": ()}
    return StepDefinition(**{**known, "do": do, "undo": undo, **changes})


def saga(*steps: StepDefinition) -> Definition:
    """The definition of these steps."""
    return Definition(
        saga="test",
        version=1,
        shards=1,
        business_key="id",
        input={"id": "string", "wanted": "boolean"},
        topics=SagaTopics("test.replies", "test.starts", "test.events"),
        terminal=Terminal("COMPLETED", "COMPENSATED"),
        steps=steps,
        text="",
        sha="",
    )


def policy(definition: Definition) -> Policy:
    """Two attempts for every step, and a day for the whole."""
    return Policy(86_400.0, {step.id: RULE for step in definition.steps})


LINE = saga(step("A"), step("B", "A"), step("C", "B"))
BESIDE = saga(step("A"), step("B", "A"), step("C", "A"), step("D", "B", "C"))
GAP = saga(step("A"), step("B", "A", when=(Condition("wanted", "==", True),)), step("C", "B"))
WIDE = saga(
    step("A"),
    step("B", effect="external"),
    step("C", when=(Condition("wanted", "==", True),)),
    step("D", "A", "B", "C"),
    step("E", "D"),
)
WIDE_PIVOT = saga(
    step("A", undo=None, when=(Condition("wanted", "==", True),)),
    step("B", effect="external"),
    step("C", failures=()),
    step("D", "A", "B", "C", kind="pivot", undo=None),
)
PIVOT = saga(
    step("A", effect="external"),
    step("B", "A", kind="pivot", undo=None),
    step("C", "B", kind="retriable", undo=None, failures=()),
)
LAST_RETRIABLE = saga(step("A"), step("B", "A", kind="retriable", undo=None, failures=()))


@st.composite
def sagas(draw: st.DrawFn) -> Definition:
    """Up to four steps in any order of dependence, of any kind that is sound."""
    count = draw(st.integers(1, 4))
    ids = [chr(ord("A") + n) for n in range(count)]
    pivot = draw(st.none() | st.integers(0, count - 1))
    retriable_from = draw(st.integers(1, count)) if pivot is None else pivot + 1
    return saga(*(draw(_steps(ids, n, pivot, retriable_from)) for n in range(count)))


@st.composite
def _steps(draw: st.DrawFn, ids: list[str], n: int, pivot: int | None, retriable_from: int) -> StepDefinition:
    kind = "pivot" if n == pivot else "retriable" if n >= retriable_from else "compensatable"
    open_before = ids[:n]
    must = {one for one in open_before if kind != "compensatable"}
    may = set(draw(st.lists(st.sampled_from(open_before), unique=True))) if open_before else set()
    changes: dict[str, Any] = {"kind": kind, "effect": draw(st.sampled_from(["local", "external"]))}
    if kind != "compensatable" or draw(st.integers(0, 4)) == 0:
        changes["undo"] = None
    if kind == "retriable" or draw(st.integers(0, 3)) == 0:
        changes["failures"] = ()
    if draw(st.integers(0, 3)) == 0:
        changes["when"] = (Condition("wanted", "==", True),)
    return step(ids[n], *sorted(must | may), **changes)
