"""What regeneration needs to know: lock.json, and under base/ every file as it was generated last."""

import json
from pathlib import PurePosixPath

from saga_scaffold import __version__
from saga_scaffold.project.history import History
from saga_scaffold.project.tidy import Tidied, formatter
from saga_scaffold.project.tree import Tree, digest
from saga_scaffold.spec.dump import dump_spec
from saga_scaffold.spec.model import SagaSpec
from saga_scaffold.spec.schema import json_schema

FOLDER = PurePosixPath(".saga-scaffold")
LOCK = FOLDER / "lock.json"
BASE = FOLDER / "base"
SCHEMA = FOLDER / "saga.schema.json"
LOCK_VERSION = 1


def recorded(tidied: Tidied, spec: SagaSpec, version: int, history: History) -> Tree:
    """The tree with its record: lock.json, base/, the spec of every live version, and the schema for editors."""
    tree = tidied.tree
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    base = {base_path(path): text for path, text in tree.items()}
    specs = {spec_path(one.version): dump_spec(one.spec) for one in history} | {spec_path(version): dump_spec(spec)}
    lock = json.dumps(lock_of(tidied, spec, version), indent=2, ensure_ascii=False) + "\n"
    return dict(sorted({**tree, SCHEMA: schema, **specs, **base, LOCK: lock}.items()))


def base_path(path: PurePosixPath) -> PurePosixPath:
    """Where the generated text of a file is kept; `.base` keeps formatters and test runners away from it."""
    return BASE / path.parent / f"{path.name}.base"


def spec_path(version: int) -> PurePosixPath:
    """Where the spec of a recorded version is kept."""
    return FOLDER / "specs" / f"v{version}.yaml"


def lock_of(tidied: Tidied, spec: SagaSpec, version: int) -> dict[str, object]:
    """Who wrote the project, from which spec, and the hash of every file. No times: equal input, equal lock.

    `drafts` are hashes of texts before they were formatted, so that the same text is not formatted again.
    """
    return {
        "version": LOCK_VERSION,
        "generator": __version__,
        "formatter": formatter(),
        "spec": digest(dump_spec(spec)),
        "definition": version,
        "files": {str(path): digest(text) for path, text in sorted(tidied.tree.items())},
        "drafts": {str(path): draft for path, draft in sorted(tidied.drafts.items())},
    }
