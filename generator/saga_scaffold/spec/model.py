"""The spec: one saga as a frozen value. What `saga.yaml` says, with every default filled in.

`SagaSpec.model_validate(mapping)` accepts the short forms of the file (a message as its name, `undo: none`)
and derives what depends on neighbours (`after`, `state`). `model_dump(mode="json")` gives the form of `design --json`.
Whether the saga makes sense is for `check.py`; here is only its shape.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from pydantic import Field, model_validator

from saga_scaffold.spec import naming
from saga_scaffold.spec.duration import Duration
from saga_scaffold.spec.settings import Channel, Context, EventStore, Proposed, Terminal, TopicRetention, Topics
from saga_scaffold.spec.step import Effect, Kind, Message, Retry, Step, Undo
from saga_scaffold.spec.value import Model

__all__ = [
    "Channel",
    "Context",
    "Effect",
    "EventStore",
    "Kind",
    "Message",
    "Model",
    "Proposed",
    "Retry",
    "SagaSpec",
    "Step",
    "Terminal",
    "TopicRetention",
    "Topics",
    "Undo",
]

_EXAMPLE = [
    {
        "id": "reserve-inventory",
        "context": "inventory",
        "command": "ReserveInventory",
        "takes": ["order_id"],
        "success": "InventoryReserved",
        "failure": "InventoryNotReserved",
        "undo": {"command": "ReleaseInventory", "takes": ["order_id"], "success": "InventoryReleased"},
    }
]


class SagaSpec(Model):
    """The whole saga. Order of `input` and `steps` is significant; the first input field is the business key."""

    saga: str = Field(description="Name of the saga in kebab-case.", examples=["order-fulfillment"])
    package: str = Field(description="Python package of the project.", examples=["fulfillment"])
    title: str = Field("", description="What people call it.", examples=["Order fulfillment"])
    summary: str = Field(
        "", description="One sentence that tells what it does.", examples=["Reserve stock, take the payment."]
    )
    deadline: Duration = Field(
        timedelta(hours=24),
        description="When a saga that has not passed its point of no return is undone.",
        examples=["24h"],
    )
    input: dict[str, str] = Field(
        description="Fields that start a saga, with types.", examples=[{"order_id": "string"}]
    )
    contexts: dict[str, Context] = Field(
        description="The bounded contexts by name.", examples=[{"inventory": {"title": "Inventory Service"}}]
    )
    steps: tuple[Step, ...] = Field(description="The forward actions in order.", examples=[_EXAMPLE])
    terminal: Terminal = Field(
        Terminal(),
        description="What people call the ends.",
        examples=[{"completed": "ORDER_FULFILLED", "compensated": "ORDER_UNDONE"}],
    )
    event_store: EventStore = Field(
        EventStore(), description="Settings of the log of events.", examples=[{"shards": 16, "retention": "90d"}]
    )
    topics: Topics = Field(
        Topics(), description="Replication and retention of all topics.", examples=[{"replication": 3}]
    )
    proposed: Proposed = Field(
        Proposed(),
        description="What the architect wrote beyond the structure.",
        examples=[{"ordering": ["Late replies are ignored and counted."]}],
    )
    assumed: tuple[str, ...] = Field(
        (), description="Paths of values that no text stated.", examples=[["steps.reserve-inventory.timeout"]]
    )

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        title = (
            {"title": naming.sentence(value["saga"])}
            if isinstance(value.get("saga"), str) and not value.get("title")
            else {}
        )
        steps = {"steps": list(_with_after(value["steps"]))} if isinstance(value.get("steps"), list | tuple) else {}
        return {**value, **title, **steps}

    @property
    def business_key(self) -> str:
        """The field that people search by; it also keys domain events."""
        return next(iter(self.input))

    @property
    def start(self) -> Message:
        """The command that starts a saga; its fields are the input."""
        return Message(name=f"Start{naming.pascal(self.saga)}", wire=f"{self.saga}.start")

    def step(self, id: str) -> Step:
        """The step of that id; a `KeyError` where there is none."""
        return {step.id: step for step in self.steps}[id]

    def command_topic(self, step: Step, message: Message | None = None) -> str:
        """Where `message` of the step, by default its command, is sent."""
        channel = self.contexts[step.context].commands
        return (message or step.command).topic or (channel.topic if channel else f"{step.context}.commands")

    def event_topic(self, step: Step, message: Message) -> str:
        """Where the domain event `message` of the step is published."""
        channel = self.contexts[step.context].events
        return message.topic or (channel.topic if channel else f"{step.context}.events")

    @property
    def replies_topic(self) -> str:
        """Where participants answer the orchestrator; as many partitions as shards."""
        return f"{self.saga}.replies"

    @property
    def starts_topic(self) -> str:
        """Where others ask for a saga to be started."""
        return f"{self.saga}.starts"

    @property
    def lifecycle_topic(self) -> str:
        """Where the outside hears of sagas that started and ended."""
        return f"{self.saga}.events"


def _with_after(steps: list[Any] | tuple[Any, ...]) -> Iterator[Any]:
    previous: list[str] = []
    for step in steps:
        if isinstance(step, dict):
            yield step if step.get("after") is not None else {**step, "after": previous}
            previous = [step["id"]] if isinstance(step.get("id"), str) else []
        else:
            yield step
