"""What the user is told when the model cannot be asked or does not answer: for each fault a problem and a hint."""

import re

from saga_scaffold.architect import faults
from saga_scaffold.architect.faults import Fault, Status
from saga_scaffold.architect.settings import BASE_URL, DEFAULT_KEY, MODEL, OWN_KEY, Key, Settings, is_loopback
from saga_scaffold.errors import ScaffoldError

OFFLINE = "`--architect offline` designs without a model"
_KEY_SHAPED = re.compile(
    r"\bBearer\s+\S+|\b(?:sk|pk|gsk|xai|hf)[-_][^\s\"',;<>]{4,}|\b(?:key|org|proj|AIza)[-_]?(?=\S*[\d*])[^\s\"',;<>]{6,}"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_LONGEST_QUOTE = 300


def failure(fault: Fault, settings: Settings, model: str, tries: int = 1) -> ScaffoldError:
    """The error for a fault; no key is in it, not even in what a server said."""
    problem, hint = _explain(fault, settings, model, tries)
    return ScaffoldError(problem, hint)


def quoted(text: str, key: Key | None) -> str:
    """What a server said, in one short line, without control characters and without anything that looks like a key."""
    if key and not key.is_placeholder:
        text = re.sub(re.escape(key.secret[:6]) + r"\S*", "[key]", text)
    line = " ".join(_CONTROL.sub(" ", _KEY_SHAPED.sub("[key]", text)).split())
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


def no_package() -> ScaffoldError:
    """The error for an environment without the client library."""
    return ScaffoldError(
        "the package `openai` is not installed, and the model is reached through it",
        f"install it with `pip install 'openai>=2,<4'`; {OFFLINE}",
    )


def _explain(fault: Fault, settings: Settings, model: str, tries: int) -> tuple[str, str]:
    host, key = settings.host, settings.key
    match fault:
        case faults.NoKey():
            return (
                "there is no key for the model",
                f"set {DEFAULT_KEY}, or name a server that needs none with `--base-url` or {BASE_URL}; {OFFLINE}",
            )
        case Status():
            return _status(fault, settings, model, tries)
        case faults.Silence():
            return (
                f"{host} was silent for {settings.timeout:g} s",
                f"wait longer with `--timeout {max(2 * settings.timeout, 1):g}`, "
                f"or choose a faster model with `--model`; {OFFLINE}",
            )
        case faults.Unreachable(cause=cause):
            return f"cannot reach {host}: {quoted(cause, key)}", _reach(settings)
        case faults.NotAnEndpoint(seen=seen):
            return (
                f"{host} is not an OpenAI-compatible endpoint: it answered with {quoted(seen, key)}",
                "check the address: most servers want it to end in `/v1`; "
                "a proxy or a login page of the network may also have answered",
            )
        case faults.NotStreamed():
            return (
                f"{host} ended the answer of `{model}` without saying that it is complete",
                f"try again, or choose another model with `--model`; {OFFLINE}",
            )
        case faults.BrokenOff(length=length, cause=cause):
            return (
                f"the answer of {host} broke off after {length} characters: {quoted(cause, key)}",
                f"try again; {OFFLINE}",
            )
        case faults.CutOff(tokens=tokens):
            at = f" after {tokens} tokens" if tokens else ""
            return (
                f"the answer of `{model}` was cut off at its limit{at}",
                "raise `maxTokens` in the prompt file, or the server's context size, or describe fewer steps",
            )
        case faults.Filtered():
            return (
                f"the content filter of {host} withheld the answer of `{model}`",
                f"reword the workflow, or choose another model with `--model`; {OFFLINE}",
            )
        case faults.Declined(refusal=refusal):
            return (
                f"`{model}` declined to answer: {quoted(refusal, key)}",
                f"reword the workflow, or choose another model with `--model`; {OFFLINE}",
            )
        case faults.Empty():
            return (
                f"`{model}` answered with nothing",
                f"try again, or choose another model with `--model`; {OFFLINE}",
            )
        case faults.Unknown(message=message):
            return f"{host} could not be asked: {quoted(message, key)}", f"try again; {OFFLINE}"


def _status(fault: Status, settings: Settings, model: str, tries: int) -> tuple[str, str]:
    host, said = settings.host, quoted(fault.message, settings.key)
    if faults.is_quota(fault):
        return (
            f"the account behind {_origin(settings)} has no quota left at {host}",
            f"waiting does not help: look at the account's plan and billing, or use another key; {OFFLINE}",
        )
    if faults.is_too_long(fault):
        return (
            f"the workflow is too long for `{model}`: {said}",
            "cut it down to the part that describes the transaction, "
            "or choose a model with a larger context with `--model`",
        )
    match fault.status:
        case 401:
            return _unauthorized(settings)
        case 403:
            return (
                f"{host} does not let {_origin(settings)} use `{model}`{_colon(said)}",
                f"ask for access to the model, or choose another with `--model`; {OFFLINE}",
            )
        case 404 | 405:
            return _not_found(fault, settings, model)
        case 429:
            wait = f"wait {fault.retry_after:g} s" if fault.retry_after else "wait a minute"
            return (
                f"{host} takes no more requests for now{_tried(tries)}{_colon(said)}",
                f"{wait} and try again; {OFFLINE}",
            )
        case status if status >= 500:
            return (
                f"{host} failed with status {status}{_tried(tries)}{_colon(said if fault.in_json else '')}",
                f"the trouble is on the server's side: try again later; {OFFLINE}",
            )
        case status:
            return (
                f"{host} refuses the request with status {status}{_colon(said)}",
                f"check the model with `--model` and the parameters in the prompt file; {OFFLINE}",
            )


def _unauthorized(settings: Settings) -> tuple[str, str]:
    if settings.key and settings.key.variable:
        variable = settings.key.variable
        return (
            f"{settings.host} refuses the key from {variable}",
            f"set {variable} to a valid key of that server; {OFFLINE}",
        )
    if settings.withheld_key:
        return (
            f"{settings.host} wants a key, and {DEFAULT_KEY} goes to OpenAI's own servers only",
            f"set {OWN_KEY} to a key of that server, or allow the default one with `--send-default-key`; {OFFLINE}",
        )
    return f"{settings.host} wants a key", f"set {OWN_KEY} to a key of that server; {OFFLINE}"


def _not_found(fault: Status, settings: Settings, model: str) -> tuple[str, str]:
    if fault.code == "model_not_found" or (fault.in_json and "model" in fault.message.lower()):
        pull = (
            f"; a local server may have to pull it first, for example `ollama pull {model}`"
            if is_loopback(settings.base_url)
            else ""
        )
        return f"{settings.host} has no model `{model}`", f"choose one that it has with `--model` or {MODEL}{pull}"
    return (
        f"there is no chat endpoint below `{settings.shown_url}`",
        "check the address: most servers want it to end in `/v1`",
    )


def _reach(settings: Settings) -> str:
    if is_loopback(settings.base_url):
        return f"start the server, for example with `ollama serve`, and check the port; {OFFLINE}"
    return f"check the network and the address (`--base-url`, {BASE_URL}); {OFFLINE}"


def _origin(settings: Settings) -> str:
    return (
        f"the key from {settings.key.variable}" if settings.key and settings.key.variable else "a request without a key"
    )


def _tried(tries: int) -> str:
    return f" after {tries} tries" if tries > 1 else ""


def _colon(said: str) -> str:
    return f": {said}" if said else ""
