"""A step of a saga: its command, its outcomes, its undo and its policy."""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, field_validator, model_serializer, model_validator

from saga_scaffold.spec import naming
from saga_scaffold.spec.duration import Duration
from saga_scaffold.spec.value import Model


class Kind(StrEnum):
    """What a failure of the step means for the saga."""

    COMPENSATABLE = "compensatable"
    PIVOT = "pivot"
    RETRIABLE = "retriable"


class Effect(StrEnum):
    """Where the step takes effect: in its service's own database, or at somebody else's."""

    LOCAL = "local"
    EXTERNAL = "external"


class Message(Model):
    """A command or an event: its class name, and its name and topic on the wire where they differ from the usual."""

    name: str = Field(description="Class name in PascalCase.", examples=["ReserveInventory"])
    wire: str | None = Field(None, description="Stored name, when it is not `name`.", examples=["wallet.hold-funds.v1"])
    topic: str | None = Field(None, description="Topic, when it is not the context's.", examples=["wallet.commands"])

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_serializer(mode="wrap")
    def _short(self, dump: Any) -> Any:
        full = {key: value for key, value in dump(self).items() if value is not None}
        return full["name"] if full.keys() == {"name"} else full

    @property
    def stored_name(self) -> str:
        """The name that is written to logs and topics."""
        return self.wire or self.name


class Retry(Model):
    """How often and how patiently a command is sent again."""

    attempts: int = Field(
        5, strict=True, ge=1, le=1000, description="Attempts in all, the first one included.", examples=[5]
    )
    first: Duration = Field(
        timedelta(milliseconds=200), description="Pause before the second attempt.", examples=["200ms"]
    )
    factor: float = Field(
        2.0, strict=True, ge=1, le=10, description="By how much each pause is longer than the last.", examples=[2]
    )
    cap: Duration = Field(timedelta(seconds=30), description="The longest pause.", examples=["30s"])


class Undo(Model):
    """The compensating action of a step, carried out by the step's own context."""

    command: Message = Field(description="The command that undoes the step.", examples=["ReleaseInventory"])
    takes: tuple[str, ...] = Field((), description="Fields that the command carries.", examples=[["reservation_id"]])
    success: Message = Field(description="The event that says it is undone.", examples=["InventoryReleased"])
    title: str = Field("", description="What people call it.", examples=["Release inventory"])
    state: str = Field("", description="Label of the saga while it runs.", examples=["RELEASING_INVENTORY"])

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "command" not in value:
            return value
        name = _name_of(value["command"])
        derived = {"title": naming.sentence(name), "state": naming.running_state(name)} if name else {}
        return {**derived, **{key: given for key, given in value.items() if given != "" or key not in derived}}


class Step(Model):
    """One forward action with its outcomes and its undo."""

    id: str = Field(
        description="Stable identity in kebab-case; kept when titles and names change.", examples=["reserve-inventory"]
    )
    was: str | None = Field(None, description="The id before a rename.", examples=["hold-stock"])
    title: str = Field("", description="What people call it.", examples=["Reserve inventory"])
    context: str = Field(description="The context that carries it out.", examples=["inventory"])
    kind: Kind = Field(Kind.COMPENSATABLE, description="What its failure means for the saga.", examples=["pivot"])
    effect: Effect = Field(
        Effect.LOCAL, description="`external` when it happens in somebody else's system.", examples=["external"]
    )
    after: tuple[str, ...] = Field(
        description="Steps that come before; default the step above.", examples=[["reserve-inventory"]]
    )
    when: str | None = Field(
        None, description="Guard; the step is skipped when it is false.", examples=["quantity > 0"]
    )
    command: Message = Field(description="The command that asks for it.", examples=["ReserveInventory"])
    takes: tuple[str, ...] = Field((), description="Fields that the command carries.", examples=[["order_id", "sku"]])
    success: Message = Field(description="The event that says it is done.", examples=["InventoryReserved"])
    gives: dict[str, str] = Field(
        {}, description="Fields of the success event, with types.", examples=[{"reservation_id": "string"}]
    )
    failure: tuple[Message, ...] = Field(
        (), description="Named refusals; each carries `reason`.", examples=[["InventoryNotReserved"]]
    )
    undo: Undo | Literal["none"] = Field(
        description="The compensating action, or `none` with a `because`.",
        examples=["none", {"command": "ReleaseInventory", "success": "InventoryReleased"}],
    )
    because: str | None = Field(
        None, description="Why there is nothing to undo.", examples=["an e-mail cannot be unsent"]
    )
    state: str = Field("", description="Label of the saga while the step runs.", examples=["RESERVING_INVENTORY"])
    timeout: Duration = Field(timedelta(seconds=30), description="How long one attempt may take.", examples=["30s"])
    retry: Retry = Field(
        Retry(), description="How the command is sent again.", examples=[{"attempts": 3, "first": "1s"}]
    )

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "command" not in value:
            return value
        name = _name_of(value["command"])
        derived = {"title": naming.sentence(name), "state": naming.running_state(name)} if name else {}
        return {**derived, **{key: given for key, given in value.items() if given != "" or key not in derived}}

    @field_validator("failure", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | dict) else value

    @property
    def compensation(self) -> Undo | None:
        """The undo, or None where there is nothing to undo."""
        return None if self.undo == "none" else self.undo


def _name_of(message: Any) -> str:
    name = message.get("name") if isinstance(message, dict) else getattr(message, "name", message)
    return name if isinstance(name, str) else ""
