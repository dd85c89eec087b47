"""Whatever text comes: an answer, in time."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import examples
from prose.test_corpus import TEXTS

from saga_scaffold.architect.offline import design
from saga_scaffold.architect.prose.passages import MOST_STEPS
from saga_scaffold.architect.prose.read import read_prose
from saga_scaffold.errors import ScaffoldError, Severity
from saga_scaffold.spec.check import check

WORDS = st.sampled_from(
    'the we service fails undo: -> | 1. - ( ) [ ] \n # * if then and , . ; : retry 3 within 5 s é 漢 "'.split(" ")
)


@examples(150)
@given(st.sampled_from(TEXTS), st.integers(0, 3000), st.integers(0, 3000))
def test_a_cut_text_is_read(path: Path, start: int, length: int) -> None:
    read_prose(path.read_text(encoding="utf-8")[start : start + length])


@examples(150)
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=80).map(" ".join)))
def test_any_text_gives_a_sound_spec_or_says_that_there_are_no_steps(text: str) -> None:
    if not read_prose(text).steps:
        with pytest.raises(ScaffoldError, match="no steps found"):
            design(text, "demo")
        return

    assert [one for one in check(design(text, "demo").spec) if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize(
    "text",
    [
        "reserve the stock and take the payment, " * 130_000,
        "(" * 5_000_000,
        " " * 5_000_000,
        "a -> " * 1_000_000,
        "If x fails, " * 400_000,
        "\n".join(f"{number}. reserve stock {number}" for number in range(100_000)),
        "|a|b|\n" * 800_000,
        "undo: release; " * 300_000,
    ],
    ids=["words", "brackets", "blanks", "arrows", "failures", "items", "bars", "labels"],
)
def test_five_megabytes_take_no_time(text: str) -> None:
    spent = time.thread_time()

    draft = read_prose(text)

    assert time.thread_time() - spent < 10
    assert len(draft.steps) <= MOST_STEPS


@pytest.mark.parametrize("text", ["", "   \n\n", "Lorem ipsum dolor sit amet.", "?!", "Hello, how are you today?"])
def test_a_text_without_steps_says_what_was_looked_for(text: str) -> None:
    with pytest.raises(ScaffoldError) as caught:
        design(text, "demo")

    assert caught.value.problem == "no steps found in the workflow"
    assert "numbered" in caught.value.hint
    assert "arrows" in caught.value.hint
