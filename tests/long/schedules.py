"""A long run of the kernel: `python tests/long/schedules.py --schedules 1000000 [--seed 1]`.

Random sagas, random schedules with every verb, every fault and every guard. Prints one line of JSON: how many there
were, how often each cell (state, input) of the table was met, and the first violation with its trace. Ends with 1 on
any.
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "templates"), str(ROOT / "tests"), str(ROOT / "tests" / "runtime")]

from kernel.definitions import BESIDE, GAP, LAST_RETRIABLE, LINE, PIVOT, policy, step  # noqa: E402
from kernel.definitions import saga as saga_of  # noqa: E402

from runtime.orchestrator import fsm  # noqa: E402
from runtime.orchestrator.definitions import Condition, Definition  # noqa: E402
from runtime.orchestrator.states import Answer, Open  # noqa: E402
from runtime.simulation.schedules import simulate  # noqa: E402
from runtime.simulation.world import Machine  # noqa: E402

BATCH = 500
FIXED = (LINE, BESIDE, GAP, PIVOT, LAST_RETRIABLE)
GUARD = (Condition("wanted", "==", True),)


def random_saga(random: Random) -> Definition:
    """Up to five steps of any kind that is sound; the fixed ones now and then."""
    if random.random() < 0.2:
        return random.choice(FIXED)
    count = random.randint(1, 5)
    pivot = random.choice([None, *range(count)])
    first_retriable = random.randint(1, count) if pivot is None else pivot + 1
    ids = [chr(ord("A") + n) for n in range(count)]
    steps = []
    for n, id in enumerate(ids):
        kind = "pivot" if n == pivot else "retriable" if n >= first_retriable else "compensatable"
        before = ids[:n]
        after = before if kind != "compensatable" else [one for one in before if random.random() < 0.6]
        changes: dict[str, Any] = {"kind": kind, "effect": random.choice(["local", "external"])}
        if kind != "compensatable" or random.random() < 0.2:
            changes["undo"] = None
        if kind == "retriable" or random.random() < 0.25:
            changes["failures"] = ()
        if random.random() < 0.25:
            changes["when"] = GUARD
        steps.append(step(id, *after, **changes))
    return saga_of(*steps)


def run_batch(seed: int) -> tuple[Counter[str], str | None]:
    """So many schedules from one seed: the cells that were met, and what went wrong."""
    random, cells = Random(seed), Counter[str]()

    def decide(definition: Any, policy: Any, state: Any, given: Any, now: float) -> Any:
        said = fsm.decide(definition, policy, state, given, now)
        if state is not None:
            cells[_cell(state, given)] += 1
        return said

    for _ in range(BATCH):
        definition = random_saga(random)
        schedule = random.randrange(2**32)
        violation = simulate(Machine(definition, policy(definition), decide=decide), schedule)
        if violation is not None:
            return cells, f"seed {seed}, schedule {schedule}: {violation}"
    return cells, None


def _cell(state: Any, given: Any) -> str:
    """The state of the step, or of the saga, that an input meets."""
    if isinstance(given, Answer):
        return f"{type(state.step(given.step)).__name__} x {given.outcome} of {given.phase}"
    if hasattr(given, "step"):
        return f"{type(state.step(given.step)).__name__} x {type(given).__name__}"
    due = sorted({type(one).__name__ for one in state.steps.values() if isinstance(one, Open)})
    return f"{'/'.join(due) if type(given).__name__ == 'Tick' else state.status} x {type(given).__name__}"


def batches(schedules: int, seed: int) -> Iterator[int]:
    """The seeds of all batches."""
    yield from range(seed * 10_000_000, seed * 10_000_000 + max(1, schedules // BATCH))


def main() -> None:
    """Run, tell, and end with 1 when something went wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--schedules", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=2)
    options = asked.parse_args()
    began, cells, done = time.monotonic(), Counter[str](), 0
    with Pool(options.processes) as pool:
        for seen, problem in pool.imap_unordered(run_batch, batches(options.schedules, options.seed)):
            cells += seen
            done += BATCH
            if sys.stderr.isatty():
                print(f"\r{done:,} schedules", end="", file=sys.stderr)
            if problem is not None:
                print(problem)
                raise SystemExit(1)
    told = {"schedules": done, "seconds": round(time.monotonic() - began), "violations": 0}
    rare = {cell: count for cell, count in sorted(cells.items(), key=lambda one: one[1]) if " x Tick" not in cell}
    print(json.dumps({**told, "cells": len(rare), "rarest": dict(list(rare.items())[:12])}))


if __name__ == "__main__":
    main()
