"""Whatever the file says, the answer is a saga or findings, never a fault of our own."""

import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from properties import examples

from saga_scaffold.errors import Refused
from saga_scaffold.spec.check import check
from saga_scaffold.spec.load import load, locate
from saga_scaffold.spec.model import SagaSpec

from .example import ORDER
from .test_dump import specs

VALUES = [
    "",
    "5",
    "-1",
    "true",
    "no",
    "[]",
    "{}",
    "[[a]]",
    "{a: {b: c}}",
    "*x",
    "&x y",
    "!!int 5",
    "'",
    '"',
    "|",
    "\t",
    "\x07",
    "é",
]


def read(text: str) -> None:
    with contextlib.suppress(Refused):
        spec, document = load(text, "saga.yaml")
        locate(check(spec), document)


@examples(300)
@given(st.text(alphabet="ab:-{}[]&*!|>'\"#%@,? \n\t0"))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text)


@pytest.mark.parametrize("seed", range(300))
def test_any_slip_in_a_file_is_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    lines = ORDER.splitlines()
    for _ in range(chance.randint(1, 3)):
        number = chance.randrange(len(lines))
        key, colon, _ = lines[number].partition(":")
        slips = [[], [lines[number]] * 2, [f"{key}{colon} {chance.choice(VALUES)}"], [f"  {lines[number]}"], [key]]
        lines[number : number + 1] = chance.choice(slips)
    read("\n".join(lines))


@examples(300)
@given(specs)
def test_any_saga_is_checked(spec: SagaSpec) -> None:
    findings = check(spec)
    assert all(finding.path is not None and finding.problem and finding.hint for finding in findings)
    assert all((finding.path + finding.problem + finding.hint).isprintable() for finding in findings)
