"""Every way in which a model fails has its own message and its own hint, and no key is ever in either."""

import socket
from collections.abc import Mapping

import pytest

from architect_model.asking import KEY, request, settings
from architect_model.fake_server import Answer, Completion, Raw, error, serving
from saga_scaffold.architect.conversation import unheard
from saga_scaffold.architect.openai import Server
from saga_scaffold.architect.settings import Settings, settings_from
from saga_scaffold.errors import Exit, ScaffoldError

OFFLINE = "`--architect offline` designs without a model"
PAGE = b"<!doctype html><html><body>Welcome to the hotel</body></html>"


def refused(
    *answers: Answer, environ: Mapping[str, str] | None = None, stream: bool = True, timeout: float = 60.0
) -> tuple[str, str]:
    """Problem and hint after those answers; the port of the server is written HOST."""
    with serving(*answers) as server:
        how = settings(server.url, environ, stream=stream, timeout=timeout)
        with pytest.raises(ScaffoldError) as raised:
            Server(how).ask(request(), unheard)
        host = server.host
    assert raised.value.exit_code is Exit.USAGE
    assert raised.value.__cause__ is None
    assert KEY not in raised.value.problem + raised.value.hint
    return raised.value.problem.replace(host, "HOST"), raised.value.hint.replace(host, "HOST")


def test_without_a_key() -> None:
    with pytest.raises(ScaffoldError) as raised:
        Server(settings_from({})).ask(request(), unheard)

    assert raised.value.problem == "there is no key for the model"
    assert raised.value.hint == (
        f"set OPENAI_API_KEY, or name a server that needs none with `--base-url` or OPENAI_BASE_URL; {OFFLINE}"
    )


def test_an_invalid_key_names_its_variable_and_quotes_nothing() -> None:
    answer = error(401, f"Incorrect API key provided: {KEY[:8]}****7890.", code="invalid_api_key")

    assert refused(answer) == (
        "HOST refuses the key from SAGA_SCAFFOLD_API_KEY",
        f"set SAGA_SCAFFOLD_API_KEY to a valid key of that server; {OFFLINE}",
    )


def test_a_server_that_wants_a_key_and_gets_none() -> None:
    assert refused(error(401, "no auth"), environ={}) == (
        "HOST wants a key",
        f"set SAGA_SCAFFOLD_API_KEY to a key of that server; {OFFLINE}",
    )


def test_a_server_that_wants_a_key_while_the_default_one_is_withheld() -> None:
    assert refused(error(401, "no auth"), environ={"OPENAI_API_KEY": KEY}) == (
        "HOST wants a key, and OPENAI_API_KEY goes to OpenAI's own servers only",
        "set SAGA_SCAFFOLD_API_KEY to a key of that server, "
        f"or allow the default one with `--send-default-key`; {OFFLINE}",
    )


def test_a_key_without_the_permission() -> None:
    assert refused(error(403, "Project has no access to model m")) == (
        "HOST does not let the key from SAGA_SCAFFOLD_API_KEY use `m`: Project has no access to model m",
        f"ask for access to the model, or choose another with `--model`; {OFFLINE}",
    )


@pytest.mark.parametrize("code", ["model_not_found", None])
def test_a_model_that_is_not_there(code: str | None) -> None:
    assert refused(error(404, "model 'm' not found", code=code)) == (
        "HOST has no model `m`",
        "choose one that it has with `--model` or SAGA_SCAFFOLD_MODEL; "
        "a local server may have to pull it first, for example `ollama pull m`",
    )


def test_a_path_that_is_not_there() -> None:
    assert refused(Raw(404, b"<html>404</html>", "text/html")) == (
        "there is no chat endpoint below `http://HOST/v1`",
        "check the address: most servers want it to end in `/v1`",
    )


@pytest.mark.parametrize("status", [429, 402])
def test_a_quota_that_is_used_up_is_not_tried_again(status: int) -> None:
    with serving(error(status, "You exceeded your current quota", code="insufficient_quota")) as server:
        with pytest.raises(ScaffoldError) as raised:
            Server(settings(server.url)).ask(request(), unheard)
        host = server.host

        assert len(server.received) == 1
    assert raised.value.problem == f"the account behind the key from SAGA_SCAFFOLD_API_KEY has no quota left at {host}"
    assert raised.value.hint == (
        f"waiting does not help: look at the account's plan and billing, or use another key; {OFFLINE}"
    )


def test_a_rate_limit_that_lasts() -> None:
    assert refused(error(429, "20 requests per minute", code="rate_limit_exceeded")) == (
        "HOST takes no more requests for now after 3 tries: 20 requests per minute",
        f"wait a minute and try again; {OFFLINE}",
    )


def test_a_rate_limit_longer_than_a_minute_is_told_instead_of_waited_out() -> None:
    assert refused(error(429, "daily limit", code="rate_limit_exceeded", retry_after="3600")) == (
        "HOST takes no more requests for now: daily limit",
        f"wait 3600 s and try again; {OFFLINE}",
    )


def test_a_refused_request_that_no_parameter_explains() -> None:
    assert refused(error(400, "roles must alternate")) == (
        "HOST refuses the request with status 400: roles must alternate",
        f"check the model with `--model` and the parameters in the prompt file; {OFFLINE}",
    )


def test_a_workflow_that_is_too_long() -> None:
    answer = error(
        400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded", param="messages"
    )

    assert refused(answer) == (
        "the workflow is too long for `m`: This model's maximum context length is 8192 tokens.",
        "cut it down to the part that describes the transaction, "
        "or choose a model with a larger context with `--model`",
    )


def test_a_proxy_that_fails() -> None:
    assert refused(Raw(502, PAGE, "text/html")) == (
        "HOST failed with status 502 after 3 tries",
        f"the trouble is on the server's side: try again later; {OFFLINE}",
    )


@pytest.mark.parametrize("stream", [True, False])
def test_a_web_page_under_a_success_status(stream: bool) -> None:
    assert refused(Raw(200, PAGE, "text/html"), stream=stream) == (
        "HOST is not an OpenAI-compatible endpoint: it answered with a web page",
        "check the address: most servers want it to end in `/v1`; "
        "a proxy or a login page of the network may also have answered",
    )


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (Raw(200, b"{oops"), "broken JSON"),
        (Raw(200, b'{"error": {"message": "overloaded"}}'), "the error `overloaded` under a success status"),
        (Raw(200, b'{"id": "1", "object": "chat.completion", "choices": []}'), "a JSON document without `choices`"),
        (Raw(200, b'{"id": "1", "choices": null}'), "a JSON document without `choices`"),
        (Raw(200, b"[1, 2]"), "a JSON document without `choices`"),
        (Raw(200, b"pong", "text/plain"), "plain text"),
    ],
    ids=["broken", "error", "empty", "null", "list", "text"],
)
@pytest.mark.parametrize("stream", [True, False])
def test_anything_else_under_a_success_status(answer: Raw, seen: str, stream: bool) -> None:
    problem, _ = refused(answer, stream=stream)

    assert problem == f"HOST is not an OpenAI-compatible endpoint: it answered with {seen}"


@pytest.mark.parametrize("stream", [True, False])
def test_a_model_that_declines(stream: bool) -> None:
    assert refused(Completion(None, refusal="I cannot help\nwith that."), stream=stream) == (
        "`m` declined to answer: I cannot help with that.",
        f"reword the workflow, or choose another model with `--model`; {OFFLINE}",
    )


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_that_was_cut_off(stream: bool) -> None:
    assert refused(Completion("# Half a des", finish="length"), stream=stream) == (
        "the answer of `m` was cut off at its limit after 340 tokens",
        "raise `maxTokens` in the prompt file, or the server's context size, or describe fewer steps",
    )


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_that_was_filtered(stream: bool) -> None:
    assert refused(Completion("", finish="content_filter"), stream=stream) == (
        "the content filter of HOST withheld the answer of `m`",
        f"reword the workflow, or choose another model with `--model`; {OFFLINE}",
    )


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_without_text(stream: bool) -> None:
    assert refused(Completion(" \n"), stream=stream) == (
        "`m` answered with nothing",
        f"try again, or choose another model with `--model`; {OFFLINE}",
    )


@pytest.mark.parametrize("stream", [True, False])
def test_a_server_that_stays_silent(stream: bool) -> None:
    assert refused(Raw(200, b"{}", delay=60.0), stream=stream, timeout=0.2) == (
        "HOST was silent for 0.2 s",
        f"wait longer with `--timeout 1`, or choose a faster model with `--model`; {OFFLINE}",
    )


def test_a_server_that_falls_silent_in_the_middle() -> None:
    problem, _ = refused(Completion("# A design that stops", pause=60.0), timeout=0.2)

    assert problem == "HOST was silent for 0.2 s"


def test_an_answer_that_breaks_off() -> None:
    problem, hint = refused(Completion("# A design of many words", piece=6, breaks_after=2))

    assert problem.startswith("the answer of HOST broke off after 12 characters: ")
    assert hint == f"try again; {OFFLINE}"


def test_an_error_inside_a_stream() -> None:
    event = b'data: {"error": {"message": "The model crashed", "code": "server_error"}}\n\n'

    problem, _ = refused(Raw(200, event, "text/event-stream"))

    assert problem == "HOST failed with status 500 after 3 tries: The model crashed"


def test_a_server_that_is_not_running() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(ScaffoldError) as raised:
            Server(settings(f"http://127.0.0.1:{port}/v1")).ask(request(), unheard)

    assert raised.value.problem == f"cannot reach 127.0.0.1:{port}: Connection refused"
    assert raised.value.hint == f"start the server, for example with `ollama serve`, and check the port; {OFFLINE}"


def test_a_host_that_does_not_exist() -> None:
    with pytest.raises(ScaffoldError) as raised:
        Server(settings("http://model.invalid/v1", max_retries=0)).ask(request(), unheard)

    assert raised.value.problem.startswith("cannot reach model.invalid: ")
    assert raised.value.hint == f"check the network and the address (`--base-url`, OPENAI_BASE_URL); {OFFLINE}"


@pytest.mark.parametrize(
    "said",
    [
        f"bad header Authorization: Bearer {KEY}",
        f"key {KEY} is over its limit",
        f"key {KEY[:12]}*****7890 is over its limit",
        "Organization org-Ab12Cd34Ef56 is unknown",
    ],
)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_what_a_server_says_is_quoted_without_keys(said: str, status: int) -> None:
    problem, _ = refused(error(status, said))

    assert "[key]" in problem
    assert "abcd" not in problem
    assert "Ab12" not in problem


def test_what_a_server_says_cannot_write_on_the_terminal() -> None:
    problem, _ = refused(error(400, "\x1b[2J\x1b]0;owned\x07 line\r\nbreak " + "x" * 1000))

    assert problem.isprintable()
    assert len(problem) < 400


def test_a_key_shows_itself_nowhere() -> None:
    made: Settings = settings("http://localhost:1/v1")

    assert made.key is not None
    assert made.key.secret == KEY
    assert KEY not in repr(made) + str(made) + f"{made.key}"


@pytest.mark.parametrize("key", ["abcdef0123456789", "gsk_abcdef0123456789"])
def test_a_key_of_any_shape_is_left_out_even_in_part(key: str) -> None:
    problem, _ = refused(error(400, f"the key {key[:9]}... of yours"), environ={"SAGA_SCAFFOLD_API_KEY": key})

    assert problem == "HOST refuses the request with status 400: the key [key] of yours"


def test_ordinary_words_are_not_taken_for_keys() -> None:
    problem, _ = refused(error(400, "the key-value pair is organisation-wide, project-bound and bears 3 keys"))

    assert problem.endswith("the key-value pair is organisation-wide, project-bound and bears 3 keys")


def test_a_debugging_client_shows_no_key(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    monkeypatch.setenv("OPENAI_LOG", "debug")
    logging.getLogger("openai").setLevel(logging.DEBUG)
    with serving(Completion("# Done")) as server:
        Server(settings(server.url)).ask(request(), unheard)
    logging.getLogger("openai").setLevel(logging.NOTSET)

    shown = capfd.readouterr()
    assert KEY not in shown.out + shown.err
