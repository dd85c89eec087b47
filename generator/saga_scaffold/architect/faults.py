"""Everything that can go wrong between a question and its answer, as values, whatever the client library calls it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoKey:
    """The server wants a key and there is none."""


@dataclass(frozen=True)
class Status:
    """The server answered with an error status; `retry_after` is in seconds; a proxy rarely answers `in_json`."""

    status: int
    code: str | None = None
    param: str | None = None
    message: str = ""
    retry_after: float | None = None
    in_json: bool = True


@dataclass(frozen=True)
class Silence:
    """Nothing arrived for as long as the timeout allows."""


@dataclass(frozen=True)
class Unreachable:
    """No connection, or no answer on it; `cause` is the system's word for it."""

    cause: str


@dataclass(frozen=True)
class NotAnEndpoint:
    """A success status with something that is no chat completion."""

    seen: str


@dataclass(frozen=True)
class NotStreamed:
    """The answer came whole, or its stream ended without saying that the answer is complete."""


@dataclass(frozen=True)
class BrokenOff:
    """The answer stopped after `length` characters."""

    length: int
    cause: str


@dataclass(frozen=True)
class CutOff:
    """The model reached its limit of tokens before the end of the answer."""

    tokens: int


@dataclass(frozen=True)
class Filtered:
    """The server withheld the answer."""


@dataclass(frozen=True)
class Declined:
    """The model said why it does not answer."""

    refusal: str


@dataclass(frozen=True)
class Empty:
    """An answer without any text."""


@dataclass(frozen=True)
class Unknown:
    """A failure that the client library reports in its own words."""

    message: str


Fault = (
    NoKey
    | Status
    | Silence
    | Unreachable
    | NotAnEndpoint
    | NotStreamed
    | BrokenOff
    | CutOff
    | Filtered
    | Declined
    | Empty
    | Unknown
)


class Faulted(Exception):
    """Carries a fault up to whoever decides between trying again and giving up."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(type(fault).__name__)
        self.fault = fault


QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


def is_quota(status: Status) -> bool:
    """Whether no money is left, so that waiting does not help."""
    return status.status == 402 or (status.status == 429 and (status.code or "") in QUOTA_CODES)


def is_too_long(status: Status) -> bool:
    """Whether the question does not fit into the model."""
    said = status.message.lower()
    return status.code == "context_length_exceeded" or (
        status.status in {400, 413, 422}
        and ("context length" in said or "context size" in said or "context window" in said)
    )


LONGEST_PAUSE = 60.0


def pause_before(fault: Fault, attempt: int, first: float) -> float | None:
    """Seconds to wait before attempt `attempt` + 1; None where another try cannot help, or not within a minute."""
    match fault:
        case Unreachable():
            asked = None
        case Status(status=status, retry_after=asked) if status in {408, 409, 429} or status >= 500:
            if is_quota(fault):
                return None
        case _:
            return None
    pause = first * 2 ** (attempt - 1) if asked is None else asked
    return pause if pause <= LONGEST_PAUSE else None
