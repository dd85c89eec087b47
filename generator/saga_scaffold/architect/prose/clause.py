"""One clause as it was understood: its voice, its verb, what the verb is done to, and who does it."""

from dataclasses import dataclass
from enum import Enum


class Voice(Enum):
    """How a clause tells its action."""

    ACTIVE = "payment-service takes the payment"
    THIRD = "takes the payment"
    PASSIVE = "the payment is taken"
    ELLIPSIS = "the payment taken"
    PARTICIPLE = "taken from the account"
    IMPERATIVE = "take the payment"
    GERUND = "taking the payment"
    NOUN = "the payment"
    NOTHING = "no action"


@dataclass(frozen=True)
class Clause:
    """What a clause tells. `bare`: nothing stood behind the verb; `nominal`: the verb stood as a noun."""

    voice: Voice
    verb: str = ""
    thing: str = ""
    service: str | None = None
    negated: bool = False
    bare: bool = False
    nominal: bool = False


NOTHING = Clause(Voice.NOTHING)
