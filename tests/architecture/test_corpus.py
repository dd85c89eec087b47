"""Real documents, whole and damaged: what the reader returns, `check` accepts; and it always returns."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from saga_scaffold.architecture.read import read_architecture
from saga_scaffold.errors import ScaffoldError, Severity
from saga_scaffold.spec.check import check

FILES = sorted((Path(__file__).parents[1] / "corpus" / "architectures").glob("*.md"))
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in FILES}


def accepted(text: str) -> None:
    """Reads it, or says why not; `check` has nothing against what is read."""
    try:
        read = read_architecture(text, "answer.md", "package")
    except ScaffoldError:
        return
    errors = [found for found in check(read.spec) if found.severity is Severity.ERROR]
    assert errors == []


@pytest.mark.parametrize("name", TEXTS)
def test_a_real_document_becomes_a_sound_saga(name: str) -> None:
    read = read_architecture(TEXTS[name], f"{name}.md", "package")

    assert len(read.spec.steps) > 1
    accepted(TEXTS[name])


@pytest.mark.slow
@examples(150)
@given(data=st.data())
def test_damaged_documents_are_read_or_refused(data: st.DataObject) -> None:
    one, other = (TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))] for _ in range(2))
    cut, splice = data.draw(st.integers(0, len(one))), data.draw(st.integers(0, len(other)))
    noise = data.draw(st.text(max_size=20))

    accepted(one[:cut] + noise + other[splice:])


def test_five_megabytes_are_read_in_seconds() -> None:
    text = "\n\n".join(TEXTS.values())
    spent = time.thread_time()

    accepted(text * (5_000_000 // len(text)))

    assert time.thread_time() - spent < 20
