"""Texts that nobody would write: cuts, splices and stray bytes of the corpus, read by both readers.

`PYTHONPATH=generator:templates:tests python -m architecture.fuzzing 10000` reads that many and says what went wrong.
"""

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from saga_scaffold.architect.offline import design
from saga_scaffold.architecture.complete import Completed
from saga_scaffold.architecture.read import looks_like_architecture, read_architecture
from saga_scaffold.errors import ScaffoldError, Severity
from saga_scaffold.spec.check import check

CORPUS = Path(__file__).parents[1] / "corpus"
MARKS = "|`*#->→:;,.()[]{}<>\n\r\t\"' 0123456789\u0000\u00a0\ufeff\u200b漢é🚚"


def texts(count: int, seed: int) -> Iterator[str]:
    """Mutations of the corpus, the same ones for the same seed."""
    whole = [file.read_text(encoding="utf-8") for file in sorted(CORPUS.rglob("*.[mt][dx]*")) if file.suffix != ".yaml"]
    dice = random.Random(seed)
    for _ in range(count):
        yield _mutated(dice.choice(whole), dice.choice(whole), dice)


def _mutated(one: str, other: str, dice: random.Random) -> str:
    match dice.randrange(4):
        case 0:
            start = dice.randrange(len(one))
            return one[start : start + dice.randrange(1, 2_000)]
        case 1:
            return one[: dice.randrange(len(one))] + other[dice.randrange(len(other)) :]
        case 2:
            lines = one.splitlines() + other.splitlines()[:20]
            dice.shuffle(lines)
            return "\n".join(lines)
        case _:
            letters = list(one)
            for _ in range(dice.randrange(1, 40)):
                letters[dice.randrange(len(letters))] = dice.choice(MARKS)
            return "".join(letters)


def problem(text: str) -> str | None:
    """What is wrong with how a text is read: an error that is none of ours, a spec that `check` refuses, too slow."""
    spent = time.thread_time()
    try:
        read = _read(text)
    except ScaffoldError:
        return None
    except Exception as error:  # whatever it is, it is a defect
        return f"{type(error).__name__}: {error}"
    refused = [found.problem for found in check(read.spec) if found.severity is Severity.ERROR]
    if refused:
        return refused[0]
    return "took more than ten seconds" if time.thread_time() - spent > 10 else None


def _read(text: str) -> Completed:
    return read_architecture(text, "answer.md", "demo") if looks_like_architecture(text) else design(text, "demo")


def main(count: int, seed: int = 1) -> int:
    """Reads `count` texts; the number of those that went wrong."""
    wrong = 0
    for number, text in enumerate(texts(count, seed)):
        told = problem(text)
        if told:
            wrong += 1
            print(f"text {number}: {told}: {text[:80]!r}")
    print(f"{count} texts, {wrong} problems")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(*map(int, sys.argv[1:] or ["10000"]))))
