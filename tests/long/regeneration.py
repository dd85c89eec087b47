"""A long run of regeneration: `python tests/long/regeneration.py [--pairs 2000] [--seed 1]`.

Random edits of owners in whole projects, random changes of the saga. Prints one line of JSON; ends with 1 where a line
of an owner was lost, code without a conflict does not compile, or a second run finds something to do.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "generator"), str(ROOT / "templates"), str(ROOT / "tests")]

from regenerate.fuzzing import fuzz  # noqa: E402

OWNERS = 10


def main() -> None:
    """Runs the pairs and tells."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pairs", type=int, default=2000, help=f"{OWNERS} owners for each change of the saga")
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="saga-fuzz-") as folder:
        account = fuzz(Path(folder), wanted.seed, -(-wanted.pairs // OWNERS), OWNERS)
    told = {"seed": wanted.seed, "seconds": round(time.monotonic() - began), **asdict(account)}
    print(json.dumps(told))
    sys.exit(0 if account.is_clean else 1)


if __name__ == "__main__":
    main()
