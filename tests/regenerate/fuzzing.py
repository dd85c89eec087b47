"""Whole projects that their owners have changed, regenerated after random changes of the saga; what is lost is told."""

import ast
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from regenerate.owner import QUIET, SAGA, new_project
from saga_scaffold.build import project_tree
from saga_scaffold.project.tree import Tree
from saga_scaffold.regenerate.regenerate import Prepared, Situation, look, prepare, write
from saga_scaffold.regenerate.verdict import Verdict
from saga_scaffold.spec.check import check, errors
from saga_scaffold.spec.load import load_spec

Document = dict[str, Any]
Change = Callable[[Document, Random], None]
TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".example", ".ini", ""}
NOT_EDITED = {"saga.yaml"}
NEW_STEP = """
id: check-fraud-{n}
context: payment
command: CheckFraud{n}
takes: [order_id]
success: FraudChecked{n}
failure: FraudFound{n}
undo: {{command: ForgetCheck{n}, takes: [order_id], success: CheckForgotten{n}}}
"""


@dataclass
class Account:
    """What many pairs of changes came to. `lost` and `broken` tell the seed and what it is about."""

    pairs: int = 0
    edits: int = 0
    conflicts: int = 0
    pairs_in_conflict: int = 0
    lost: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    restless: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, nothing is broken, and every second run had nothing to do."""
        return not (self.lost or self.broken or self.restless)


def fuzz(folder: Path, seed: int, sagas: int, owners: int) -> Account:
    """Projects of `owners` owners with edits of their own, each regenerated after two random changes of the saga.

    There are `sagas` such pairs of changes. The second one finds retired code, and merges of the first; where that had
    a conflict, it is left out.
    """
    account = Account()
    base = new_project(folder / "base").project
    for number in range(sagas):
        random = Random(f"{seed}/{number}")
        texts = [changed_saga(random) for _ in range(2)]
        trees: list[dict[int, Tree]] = [{}, {}]
        for owner in range(owners):
            project, name = folder / "project", f"{seed}/{number}/{owner}"
            shutil.rmtree(project, ignore_errors=True)
            shutil.copytree(base, project)
            marks = edited(project, Random(name))
            account.edits += len(marks)
            for text, known in zip(texts, trees, strict=True):
                if not _pair(account, project, text, marks, known, name):
                    break
    return account


def _pair(
    account: Account, project: Path, saga: str, marks: Mapping[str, Path], trees: dict[int, Tree], name: str
) -> bool:
    """Whether it went without a conflict."""
    (project / "saga.yaml").write_text(saga, encoding="utf-8")
    prepared = _prepared(project, trees)
    write(prepared)
    account.pairs += 1
    account.conflicts += prepared.conflicts
    account.pairs_in_conflict += prepared.conflicts > 0
    account.lost += [f"{name}: {mark} of {path}" for mark, path in marks.items() if not is_there(project, mark, path)]
    account.broken += [f"{name}: {path}" for path in broken(project)]
    if not prepared.conflicts:
        account.restless += [f"{name}: {row.path} {row.why}" for row in _prepared(project, trees).touched]
    return not prepared.conflicts


def _prepared(project: Path, trees: dict[int, Tree]) -> Prepared:
    situation: Situation = look(project)
    if situation.version not in trees:
        trees[situation.version] = project_tree(
            situation.spec, QUIET, situation.version, situation.history, situation.baseline.formatted
        )
    prepared = prepare(situation, trees[situation.version])
    expected = {row.path for row in prepared.rows if row.verdict is not Verdict.UNCHANGED}
    assert {row.path for row in prepared.touched} <= expected
    return prepared


def is_there(project: Path, mark: str, path: Path) -> bool:
    """Whether it is in its file still, in a conflict there or not."""
    return (project / path).is_file() and mark in (project / path).read_text(encoding="utf-8")


def broken(project: Path) -> Iterator[Path]:
    """The files without a conflict that do not compile."""
    for path in sorted(project.rglob("*.py")):
        if ".saga-scaffold" not in path.parts and not _compiles(path.read_bytes()):
            yield path.relative_to(project)


@cache
def _compiles(code: bytes) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return conflicts(code.decode()) > 0
    return True


def conflicts(text: str) -> int:
    """How many there are, of whichever tool; what an owner wrote only looks like one."""
    return len(re.findall(r"^<{7} (?!owner_)", text, re.MULTILINE))


def changed_saga(random: Random) -> str:
    """A saga after one to four changes that `check` accepts."""
    while True:
        document = deepcopy(yaml.safe_load(SAGA))
        for change in random.sample(CHANGES, random.randint(1, 4)):
            change(document, random)
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        try:
            if not errors(check(load_spec(text, "saga.yaml"))):
                return text
        except Exception:  # what no saga can be is not what this is about
            continue


def _step(document: Document, random: Random) -> Document:
    step: Document = random.choice(document["steps"])
    return step


def _insert(document: Document, random: Random) -> None:
    step = yaml.safe_load(NEW_STEP.format(n=random.randint(1, 9)))
    document["steps"].insert(random.randint(0, len(document["steps"])), step)


def _remove(document: Document, random: Random) -> None:
    if len(document["steps"]) > 1:
        document["steps"].remove(_step(document, random))
    used = {step["context"] for step in document["steps"]}
    document["contexts"] = {name: one for name, one in document["contexts"].items() if name in used}


def _reorder(document: Document, random: Random) -> None:
    random.shuffle(document["steps"])


def _rename(document: Document, random: Random) -> None:
    step = _step(document, random)
    step["was"], step["id"] = step["id"], f"{step['id']}-now"


def _move(document: Document, random: Random) -> None:
    _step(document, random)["context"] = random.choice(list(document["contexts"]))
    used = {step["context"] for step in document["steps"]}
    document["contexts"] = {name: one for name, one in document["contexts"].items() if name in used}


def _kind(document: Document, random: Random) -> None:
    last = document["steps"][-1]
    last["kind"] = random.choice(["pivot", "retriable"])
    if last["kind"] == "retriable":
        last.pop("failure", None)
        last["undo"], last["because"] = "none", "it must succeed"


def _effect(document: Document, random: Random) -> None:
    _step(document, random)["effect"] = "external"


def _guard(document: Document, random: Random) -> None:
    _step(document, random)["when"] = f"amount > {random.randint(1, 99)}"


def _no_undo(document: Document, random: Random) -> None:
    step = _step(document, random)
    step["undo"], step["because"] = "none", "it cannot be taken back"


def _other_undo(document: Document, random: Random) -> None:
    step = _step(document, random)
    if isinstance(step["undo"], dict):
        step["undo"]["command"] = f"TakeBack{random.randint(1, 9)}"


def _field(document: Document, random: Random) -> None:
    step = _step(document, random)
    step.setdefault("gives", {})[f"receipt_{random.randint(1, 9)}"] = random.choice(["string", "decimal", "date?"])


def _input(document: Document, random: Random) -> None:
    document["input"][f"extra_{random.randint(1, 9)}"] = "string?"


def _words(document: Document, random: Random) -> None:
    step = _step(document, random)
    key = random.choice(["command", "success"])
    step[key] = f"{step[key]}{random.choice(['Again', 'Twice', 'Later'])}"


def _topic(document: Document, random: Random) -> None:
    context = random.choice(list(document["contexts"]))
    document["contexts"][context]["commands"] = {"topic": f"{context}.tasks", "partitions": random.randint(1, 9)}


def _times(document: Document, random: Random) -> None:
    step = _step(document, random)
    step["timeout"] = f"{random.randint(1, 90)}s"
    step["retry"] = {"attempts": random.randint(1, 9)}


CHANGES: list[Change] = [
    _insert,
    _remove,
    _reorder,
    _rename,
    _move,
    _kind,
    _effect,
    _guard,
    _no_undo,
    _other_undo,
    _field,
    _input,
    _words,
    _topic,
    _times,
]


def edited(project: Path, random: Random) -> Mapping[str, Path]:
    """An owner's edits of a few files, each with marks; returns which mark stands in which file."""
    files = [path for path in sorted(project.rglob("*")) if _may_be_edited(project, path)]
    handlers = [path for path in files if path.parent.name == "contexts" and path.name != "__init__.py"]
    chosen = [*random.sample(files, 4), *random.sample(handlers, 2)]
    own = project / "src" / "shop" / f"owner_{random.randint(90, 99)}.py"
    own.write_text(f'"""Mine: {own.stem}."""\n', encoding="utf-8")
    for number, path in enumerate(dict.fromkeys(chosen)):
        for edit in range(random.randint(1, 3)):
            mark, text = f"owner_{number}{edit}", path.read_text(encoding="utf-8")
            path.write_text(
                _python(text, mark, random) if path.suffix == ".py" else _lines(text, mark, random), "utf-8"
            )
        path.write_bytes(_laid_out(path.read_text(encoding="utf-8"), random).encode())
    if random.random() < 0.2:
        random.choice(handlers).unlink()
    return {
        mark: path.relative_to(project)
        for path in dict.fromkeys((*chosen, own))
        if path.exists()
        for mark in re.findall(r"\bowner_\d\d\b", path.read_text(encoding="utf-8"))
    }


def _laid_out(text: str, random: Random) -> str:
    """As an editor of another taste saves it."""
    ways = {
        "as it is": lambda: text,
        "lines of Windows": lambda: text.replace("\n", "\r\n"),
        "byte order mark": lambda: f"\ufeff{text}",
        "no last line end": lambda: text.rstrip("\n"),
        "blank lines": lambda: text.replace("\n\n\n", "\n\n\n\n"),
    }
    return random.choices([*ways.values()], weights=[12, 1, 1, 1, 1])[0]()


def _may_be_edited(project: Path, path: Path) -> bool:
    kept_apart = {".saga-scaffold", "__pycache__", "definitions"} & set(path.parts)
    plain = path.is_file() and path.suffix in TEXTS and path.name not in NOT_EDITED
    return plain and not kept_apart and path.relative_to(project).parts[0] != ".git"


def _lines(text: str, mark: str, random: Random) -> str:
    """A line of one's own somewhere, or in the place of one."""
    lines = text.splitlines(keepends=True) or ["\n"]
    at = random.randrange(len(lines))
    lines[at : at + random.randint(0, 1)] = [f"# {mark} wrote this\n"]
    return "".join(lines)


def _python(text: str, mark: str, random: Random) -> str:
    """One edit as owners make them; the file can still be parsed."""
    lines = text.splitlines(keepends=True)
    tops = [n for n, line in enumerate(lines) if line.startswith(("def ", "async def ", "class ", "@"))] or [len(lines)]
    backs = [n for n, line in enumerate(lines) if line.startswith("    return ")]
    top = random.choice(tops)
    ways = {
        "constant": lambda: lines.append(f"\n\n{mark} = 1\n"),
        "function": lambda: lines.insert(top, f"def {mark}() -> int:\n    return 1\n\n\n"),
        "comment": lambda: lines.insert(top, f"# {mark} knows why\n"),
        "decorator": lambda: lines.insert(top, f"@{mark}(1)\n"),
        "class": lambda: lines.insert(top, f"class {mark}:\n    def run(self) -> None: ...\n\n\n"),
        "form feed": lambda: lines.insert(top, f"\x0c\n# {mark} begins\n"),
        "types": lambda: lines.append(f"\nif TYPE_CHECKING:\n    from typing import Any as {mark}\n"),
        "move": lambda: lines.extend([f"\n\n# {mark} moved it\n", *_taken(lines, top)]),
    }
    imports = [n for n, line in enumerate(lines) if line.startswith(("from ", "import "))]
    if imports:
        here = random.choice(imports)
        ways["import"] = lambda: lines.insert(here, f"import {mark}\n")
        ways["path"] = lambda: lines.insert(here, f"sys.path.append({mark})\n")
        ways["remark"] = lambda: lines.__setitem__(here, f"{lines[here].rstrip()}  # {mark} needs it\n")
        ways["about"] = lambda: lines.insert(here, f"# {mark} is what this is for\n")
    if backs:
        back = random.choice(backs)
        ways["line"] = lambda: lines.insert(back, f"    {mark} = 2\n")
        ways["nested"] = lambda: lines.insert(back, f"    def {mark}() -> None: ...\n\n")
        ways["afterthought"] = lambda: lines.insert(back + 1, f"    # {mark} after all\n")
        ways["text"] = lambda: lines.insert(back, f'    text = """\n<<<<<<< {mark}\n=======\n>>>>>>> {mark}\n"""\n')
        ways["result"] = lambda: lines.__setitem__(back, f"    return {mark}(command)\n")
    ways[random.choice([*ways])]()
    done = "".join(lines)
    try:
        ast.parse(done)
    except SyntaxError:
        return f"{text}\n\n{mark} = 1\n"
    return done


def _taken(lines: list[str], top: int) -> list[str]:
    """A definition with what belongs to it, cut out."""
    ends = (
        n for n in range(top + 1, len(lines)) if lines[n].strip() and not lines[n].startswith((" ", ")", "@", "\t"))
    )
    end = next(ends, len(lines))
    taken = lines[top:end]
    del lines[top:end]
    return taken
