"""Asking a server: the question as it leaves, the answer as it arrives, what is given up on the way."""

import pytest

from architect_model.asking import KEY, Listener, request, settings
from architect_model.fake_server import Completion, error, serving
from saga_scaffold.architect.conversation import Asking, Hearing, Purpose, Tokens, unheard
from saga_scaffold.architect.openai import Server

TEXT = "# Order fulfillment\n\nReserve the stock, then take the payment.\n"


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_comes_with_its_text_model_and_tokens(stream: bool) -> None:
    with serving(Completion(TEXT)) as server:
        reply = Server(settings(server.url, stream=stream)).ask(request(), unheard)

    assert reply.text == TEXT
    assert reply.model == "fake-model-2026-01-01"
    assert reply.tokens == Tokens(1200, 340)
    assert reply.notes == ()


def test_the_question_goes_to_chat_completions_with_the_key_and_the_parameters() -> None:
    with serving(Completion(TEXT)) as server:
        Server(settings(server.url)).ask(request({"temperature": 0.1, "top_p": 0.95}), unheard)
        received = server.received[0]

    assert received.path == "/v1/chat/completions"
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert received.body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Design it."}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.1,
        "top_p": 0.95,
    }


def test_the_answer_is_heard_as_it_arrives() -> None:
    listener = Listener()
    with serving(Completion(TEXT, piece=10)) as server:
        Server(settings(server.url)).ask(request(), listener)
        host = server.host

    pieces = [progress for progress in listener.heard if isinstance(progress, Hearing)]
    assert listener.heard[0] == Asking(Purpose.DESIGN, "m", host)
    assert "".join(piece.delta for piece in pieces) == TEXT
    assert [piece.tokens for piece in pieces] == list(range(1, len(pieces) + 1))
    assert all(piece.elapsed >= 0 for piece in pieces)


def test_the_names_of_an_account_stay_away_from_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    with serving(Completion(TEXT)) as server:
        Server(settings(server.url)).ask(request(), unheard)
        headers = server.received[0].headers

    assert not [value for value in headers.values() if "secret" in value]


def test_a_refused_parameter_is_dropped_and_said_so() -> None:
    listener = Listener()
    refusal = error(
        400, "Unsupported value: 'temperature' does not support 0.1.", code="unsupported_value", param="temperature"
    )
    with serving(refusal, Completion(TEXT)) as server:
        reply = Server(settings(server.url)).ask(request({"temperature": 0.1, "top_p": 0.95}), listener)
        first, second = (received.body for received in server.received)
        note = f"{server.host} does not take `temperature`; asked again without it"

    assert first["temperature"] == 0.1
    assert "temperature" not in second
    assert second["top_p"] == 0.95
    assert reply.notes == (note,)
    assert listener.notes == [note]


def test_each_refused_parameter_is_dropped_once_and_never_sent_again() -> None:
    with serving(
        error(400, "nope", code="unsupported_value", param="temperature"),
        error(400, "nope", code="unsupported_parameter", param="top_p"),
        Completion(TEXT),
    ) as server:
        asked = Server(settings(server.url))
        asked.ask(request({"temperature": 0.1, "top_p": 0.95}), unheard)
        again = asked.ask(request({"temperature": 0.1, "top_p": 0.95}), unheard)
        bodies = [received.body for received in server.received]

    assert [sorted({"temperature", "top_p"} & body.keys()) for body in bodies] == [
        ["temperature", "top_p"],
        ["top_p"],
        [],
        [],
    ]
    assert again.notes == ()


def test_a_server_that_names_the_parameter_only_in_its_message_is_understood() -> None:
    with serving(error(422, "Extra inputs are not permitted: top_p"), Completion(TEXT)) as server:
        reply = Server(settings(server.url)).ask(request({"top_p": 0.95}), unheard)

        assert reply.notes == (f"{server.host} does not take `top_p`; asked again without it",)


def test_a_refused_max_tokens_is_sent_under_its_newer_name() -> None:
    refusal = error(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        code="unsupported_parameter",
        param="max_tokens",
    )
    with serving(refusal, Completion(TEXT)) as server:
        reply = Server(settings(server.url)).ask(request({"max_tokens": 4000}), unheard)
        second = server.received[1].body
        host = server.host

    assert "max_tokens" not in second
    assert second["max_completion_tokens"] == 4000
    assert reply.notes == (f"{host} does not take `max_tokens`; asked again with `max_completion_tokens`",)


def test_a_server_that_does_not_count_streams_is_asked_without_counting() -> None:
    with serving(error(400, "Unknown field: stream_options"), Completion(TEXT)) as server:
        reply = Server(settings(server.url)).ask(request(), unheard)

        assert server.received[1].body["stream"] is True
    assert reply.tokens == Tokens()


def test_a_server_that_does_not_stream_is_asked_for_the_answer_in_one_piece() -> None:
    with serving(Completion(TEXT, streams=False)) as server:
        reply = Server(settings(server.url)).ask(request(), unheard)
        host = server.host

    assert reply.text == TEXT
    assert reply.notes == (f"{host} does not take `stream`; asked again for the answer in one piece",)


def test_a_stream_without_an_end_is_not_taken_for_the_whole_answer() -> None:
    with serving(Completion("half", finish=None), Completion(TEXT)) as server:
        reply = Server(settings(server.url)).ask(request(), unheard)

    assert reply.text == TEXT


def test_a_form_of_answer_that_is_refused_gives_way_to_a_simpler_one() -> None:
    shape = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    with serving(
        error(400, "'response_format' of type 'json_schema' is not supported", param="response_format"),
        error(400, "response_format is not supported by this model"),
        Completion("{}"),
    ) as server:
        reply = Server(settings(server.url)).ask(request(shape=shape), unheard)
        forms = [received.body.get("response_format") for received in server.received]
        host = server.host

    assert forms == [
        {"type": "json_schema", "json_schema": {"name": "saga_facts", "strict": True, "schema": shape}},
        {"type": "json_object"},
        None,
    ]
    assert reply.notes == (
        f"{host} does not take `json_schema`; asked again for a JSON object without a schema",
        f"{host} does not take `json_object`; asked again for JSON inside a plain answer",
    )


def test_a_rate_limit_is_waited_out_as_long_as_the_server_asks() -> None:
    waits: list[float] = []
    with serving(error(429, "slow down", code="rate_limit_exceeded", retry_after="7"), Completion(TEXT)) as server:
        listener = Listener()
        reply = Server(settings(server.url), sleep=waits.append).ask(request(), listener)
        host = server.host

    assert reply.text == TEXT
    assert waits == [7.0]
    assert listener.notes == [f"{host} takes no more requests for now: slow down; trying again in 7.0 s"]


def test_a_failing_server_is_tried_three_times_with_growing_pauses() -> None:
    waits: list[float] = []
    with serving(error(503, "busy"), error(503, "busy"), Completion(TEXT)) as server:
        reply = Server(settings(server.url), sleep=waits.append).ask(request(), unheard)

    assert reply.text == TEXT
    assert waits == [0.01, 0.02]


@pytest.mark.parametrize("moment", [0, 3])
def test_an_interruption_leaves_the_connection_closed(moment: int) -> None:
    heard = Listener()

    def interrupt(progress: object) -> None:
        if isinstance(progress, Hearing):
            heard(progress)
            if len(heard.heard) > moment:
                raise KeyboardInterrupt

    with serving(Completion(TEXT * 400, piece=5, pause=0.01)) as server:
        with pytest.raises(KeyboardInterrupt):
            Server(settings(server.url)).ask(request(), interrupt)
        _wait_until(lambda: server.left == 1)

        assert len(server.received) == 1


def _wait_until(true: object) -> None:
    import time

    assert callable(true)
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")
