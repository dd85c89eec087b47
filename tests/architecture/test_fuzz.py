"""Cuts, splices and stray bytes of the corpus: always a spec that `check` accepts, or a refusal."""

import pytest

from architecture.fuzzing import problem, texts


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_whatever_is_read_is_sound(seed: int) -> None:
    assert [told for text in texts(80, seed) if (told := problem(text))] == []
