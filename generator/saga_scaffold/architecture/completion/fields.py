"""Fields of messages, from the business objects that steps are about; every field gets one supplier and one type."""

from dataclasses import dataclass, field

from saga_scaffold.architecture.completion.phrases import Phrase
from saga_scaffold.language.objects import Fields, business_object
from saga_scaffold.spec import naming

_ORDERED = {"inventory", "stock", "item", "payment", "shipment", "delivery", "order", "cart", "invoice", "product"}
_MONEY = {"amount", "currency"}


def business_key(title: str, phrases: list[Phrase]) -> str:
    """The field by which people know a saga: `order_id`."""
    about = business_object(title) if title else None
    objects = [found.name for phrase in phrases if (found := business_object(phrase.object))]
    if about is not None:
        return naming.field_name(f"{about.name} id")
    if any(name in _ORDERED for name in objects):
        return "order_id"
    words = naming.words(title)
    telling = [word for word in words if word.lower() not in {"saga", "process", "workflow", "transaction", "flow"}]
    return naming.field_name(f"{(telling or ['request'])[-1]} id")


@dataclass
class Supply:
    """The fields of a saga while its steps are completed, in order."""

    key: str
    input: dict[str, str] = field(default_factory=dict)
    given: dict[str, tuple[str, str]] = field(default_factory=dict)

    def supply(self, name: str, type_: str, sure: set[str], prefix: str) -> str:
        """The name under which a step that runs after the steps `sure` finds the value."""
        for candidate in (name, naming.field_name(f"{prefix} {name}")):
            if candidate in self.given:
                if self.given[candidate][0] in sure and self.given[candidate][1] == type_:
                    return candidate
            elif self.input.setdefault(candidate, type_) == type_:
                return candidate
        fresh = naming.distinct(naming.field_name(f"{prefix} {name}"), {*self.input, *self.given}, "_")
        self.input[fresh] = type_
        return fresh

    def named(self, name: str, sure: set[str], prefix: str) -> str:
        """The field of that very name where the step knows it; else one that whoever starts the saga gives."""
        if name in self.input or (name in self.given and self.given[name][0] in sure):
            return name
        return self.supply(name, "string", sure, prefix)

    def give(self, name: str, type_: str, step: str, prefix: str) -> str:
        """The name under which a step gives the value: its own, or prefixed where that is taken."""
        taken = {*self.input, *self.given}
        chosen = name if name not in taken else naming.field_name(f"{prefix} {name}")
        chosen = naming.distinct(chosen, taken, "_")
        self.given[chosen] = (step, type_)
        return chosen


def usual_fields(phrase: Phrase) -> tuple[Fields, Fields]:
    """What a command with this phrase usually takes, and what its event gives."""
    found = business_object(phrase.object) or business_object(phrase.text)
    return (found.takes, found.gives) if found else ((), ())


def kept_for_undo(takes: tuple[str, ...]) -> tuple[str, ...]:
    """What an undo is told beside the results: how much."""
    return tuple(name for name in takes if name in _MONEY or name.endswith(("_amount", "points")))
