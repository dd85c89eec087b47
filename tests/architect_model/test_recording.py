"""Recordings: what was answered once is answered again, without a network and without a key."""

import json
from pathlib import Path

import pytest

from architect_model.asking import KEY, Listener, request, settings
from architect_model.fake_server import Completion, serving
from saga_scaffold.architect.conversation import Asking, Hearing, Purpose, Tokens, unheard
from saga_scaffold.architect.openai import Server
from saga_scaffold.architect.recording import Recorded, Replayed, file_name
from saga_scaffold.errors import ScaffoldError

TEXT = "# Order fulfillment\n\n1. Réserve\r\n"


def record(directory: Path) -> str:
    """Records one answer and says how its file is called."""
    with serving(Completion(TEXT)) as server:
        recorded = Recorded(Server(settings(server.url)))
        recorded.ask(request({"temperature": 0.1}), unheard)
    recorded.save(directory)
    return file_name(request())


def test_a_recorded_answer_is_given_again_without_a_server(tmp_path: Path) -> None:
    record(tmp_path / "answers")
    listener = Listener()
    reply = Replayed(tmp_path / "answers").ask(request(), listener)

    assert (reply.text, reply.model, reply.tokens) == (TEXT, "fake-model-2026-01-01", Tokens(1200, 340))
    assert listener.heard == [
        Asking(Purpose.DESIGN, "fake-model-2026-01-01", str(tmp_path / "answers")),
        Hearing(TEXT, 0.0, 340),
    ]


def test_a_recording_holds_no_key_and_no_address(tmp_path: Path) -> None:
    name = record(tmp_path)

    written = (tmp_path / name).read_text()
    assert KEY not in written
    assert "127.0.0.1" not in written
    assert json.loads(written)["question"] == [{"role": "user", "content": ["Design it."]}]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_same_question_to_another_model_finds_the_same_answer(tmp_path: Path) -> None:
    record(tmp_path)

    assert Replayed(tmp_path).ask(request({"top_p": 0.5}), unheard).text == TEXT


def test_another_question_has_no_recorded_answer(tmp_path: Path) -> None:
    record(tmp_path)
    with pytest.raises(ScaffoldError) as raised:
        Replayed(tmp_path).ask(request(text="Design something else."), unheard)

    assert raised.value.problem == f"the recording `{tmp_path}` holds no answer to this question (design)"
    assert raised.value.hint == (
        "the workflow or the prompt is another one than when it was recorded: record it again with `--record`"
    )


@pytest.mark.parametrize("damage", ["{", "[]", '{"version": 2}', '{"version": 1, "answer": 3}'])
def test_a_damaged_recording_is_named(tmp_path: Path, damage: str) -> None:
    name = record(tmp_path)
    (tmp_path / name).write_text(damage)
    with pytest.raises(ScaffoldError) as raised:
        Replayed(tmp_path).ask(request(), unheard)

    assert raised.value.place is not None
    assert raised.value.place.file == str(tmp_path / name)
    assert raised.value.hint == "record it again with `--record`"


def test_a_recording_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScaffoldError) as raised:
        record(tmp_path / "file")

    assert raised.value.problem == f"cannot write the recording to `{tmp_path / 'file'}`: file exists"
