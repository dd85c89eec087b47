"""How fast the generator is, as ratios within one run: `python tests/benchmarks/generator.py [NAME...]`.

Each prints one line of JSON: what was measured, beside what, in seconds, and the ratio. Every figure is the best of
several runs, taken in turns, so that what else the machine does hits both sides. `copier` is needed for `files` alone.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROUNDS = 5
STEP = """
  - id: do-part-{n}
    context: context-{c}
    command: DoPart{n}
    takes: [order_id]
    success: Part{n}Done
    failure: Part{n}NotDone
    undo: {{command: UndoPart{n}, takes: [order_id], success: Part{n}Undone}}
"""


def main() -> None:
    """Runs the named benchmarks, or all."""
    wanted = sys.argv[1:] or list(BENCHMARKS)
    for name in wanted:
        print(json.dumps({"benchmark": name, **BENCHMARKS[name]()}), flush=True)


def start_up() -> dict[str, object]:
    """`--help` and `--version` beside a bare `import typer`."""
    times = best(
        {
            "import typer": lambda: python("-c", "import typer"),
            "--help": lambda: scaffold("--help"),
            "--version": lambda: scaffold("--version"),
        }
    )
    bare = times["import typer"]
    return {"seconds": times, "ratio": {name: round(took / bare, 2) for name, took in times.items()}}


def files() -> dict[str, object]:
    """`new --no-smoke` beside `copier copy` of the same files and black over them."""
    with tempfile.TemporaryDirectory() as folder:
        spec = written(Path(folder), 4)
        project, copy = Path(folder, "project"), Path(folder, "copy")
        scaffold("new", str(spec), str(project), "--no-smoke")

        def copied() -> None:
            remove(copy)
            python("-m", "copier", "copy", "--quiet", "--vcs-ref", "HEAD", str(project), str(copy))
            python("-m", "black", "--quiet", str(copy / "src"), str(copy / "tests"))

        def new() -> None:
            remove(copy)
            scaffold("new", str(spec), str(copy), "--no-smoke")

        times = best({"new --no-smoke": new, "copier copy, then black": copied})
    return {"seconds": times, "ratio": round(times["new --no-smoke"] / times["copier copy, then black"], 2)}


def steps() -> dict[str, object]:
    """`new --no-smoke` for ever more steps: linear when the time for each step does not grow."""
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (4, 50, 100, 200):
            spec, target = written(Path(folder), count), Path(folder, "project")

            def new(spec: Path = spec, target: Path = target) -> None:
                remove(target)
                scaffold("new", str(spec), str(target), "--no-smoke")

            times[count] = best({"new": new}, rounds=3)["new"]
    slope = [(times[more] - times[less]) / (more - less) for less, more in ((4, 50), (50, 100), (100, 200))]
    return {"seconds": times, "milliseconds for each further step": [round(one * 1000, 1) for one in slope]}


def large() -> dict[str, object]:
    """Processor time of `regenerate --no-smoke` after one changed timeout, for ever more steps."""
    times = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (50, 100, 200):
            spec, project = written(Path(folder), count), Path(folder, f"project-{count}")
            scaffold("new", str(spec), str(project), "--no-smoke")
            text = (project / "saga.yaml").read_text(encoding="utf-8")
            (project / "saga.yaml").write_text(text.replace("timeout: 30s", "timeout: 31s", 1), encoding="utf-8")
            before = processor_time()
            scaffold("regenerate", str(project), "--no-smoke")
            times[count] = round(processor_time() - before, 2)
    return {"processor seconds": times}


def processor_time() -> float:
    """The seconds that ended processes of ours have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def again() -> dict[str, object]:
    """`regenerate --no-smoke` after one changed timeout, beside `copier update` of as many files."""
    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in (4, 200):
            spec, project = written(Path(folder), count), Path(folder, f"project-{count}")
            scaffold("new", str(spec), str(project), "--no-smoke")
            text = (project / "saga.yaml").read_text(encoding="utf-8")
            seconds = iter(range(31, 1000))

            def changed(project: Path = project, text: str = text, seconds: Iterator[int] = seconds) -> None:
                said = text.replace("timeout: 30s", f"timeout: {next(seconds)}s", 1)
                (project / "saga.yaml").write_text(said, encoding="utf-8")
                scaffold("regenerate", str(project), "--no-smoke")

            times[f"regenerate, {count} steps"] = best({"run": changed}, rounds=3)["run"]
        times["copier update, files of 4 steps"] = copier_update(Path(folder, "project-4"), Path(folder))
    return {
        "seconds": times,
        "ratio": round(times["regenerate, 4 steps"] / times["copier update, files of 4 steps"], 2),
    }


def copier_update(project: Path, folder: Path) -> float:
    """How long `copier update` takes for a template of these files of which one changes."""
    template, copy = folder / "template", folder / "updated"
    shutil.copytree(project, template, ignore=shutil.ignore_patterns(".saga-scaffold"))
    (template / "copier.yml").write_text("_subdirectory: .\n", encoding="utf-8")
    (template / "{{ _copier_conf.answers_file }}.jinja").write_text("{{ _copier_answers|to_nice_yaml }}")
    git(template, "init", "-q")
    commit(template, "v1")
    python("-m", "copier", "copy", "-q", "--defaults", "--vcs-ref", "v1", f"git+file://{template}", str(copy))
    git(copy, "init", "-q")
    commit(copy, "copied")
    (template / "README.md").write_text("changed\n", encoding="utf-8")
    commit(template, "v2")
    began = time.perf_counter()
    python("-m", "copier", "update", "-q", "--defaults", "--vcs-ref", "v2", str(copy))
    return round(time.perf_counter() - began, 3)


def commit(repository: Path, tag: str) -> None:
    """Everything that is there, under a tag."""
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.com")
    git(repository, "add", "-A")
    git(repository, *who, "commit", "-q", "-m", tag)
    git(repository, "tag", tag)


def git(repository: Path, *arguments: str) -> None:
    """Git in a repository."""
    subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True)


def best(runs: dict[str, Callable[[], None]], rounds: int = ROUNDS) -> dict[str, float]:
    """The least time of each, in seconds; they take turns."""
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            least[name] = min(least[name], time.perf_counter() - began)
    return {name: round(took, 3) for name, took in least.items()}


def written(folder: Path, count: int) -> Path:
    """A saga of so many steps in four contexts."""
    contexts = "".join(f"  context-{n}: {{title: Context {n}}}\n" for n in range(4))
    head = f"saga: long\npackage: long\ntitle: Long\ninput: {{order_id: string}}\ncontexts:\n{contexts}steps:"
    path = folder / f"saga-{count}.yaml"
    path.write_text(head + "".join(STEP.format(n=n, c=n % 4) for n in range(count)), encoding="utf-8")
    return path


def scaffold(*arguments: str) -> None:
    """`saga-scaffold` in a process of its own."""
    python("-m", "saga_scaffold", *arguments)


def python(*arguments: str) -> None:
    """Python in a process of its own, with the checkout on its path."""
    environment = {"PYTHONPATH": str(ROOT / "generator"), "PATH": "/usr/bin:/bin", "HOME": tempfile.gettempdir()}
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=True, timeout=300)


def remove(directory: Path) -> None:
    """The directory with everything in it, where there is one."""
    shutil.rmtree(directory, ignore_errors=True)


BENCHMARKS: dict[str, Callable[[], dict[str, object]]] = {
    "start-up": start_up,
    "files": files,
    "steps": steps,
    "again": again,
    "large": large,
}

if __name__ == "__main__":
    main()
