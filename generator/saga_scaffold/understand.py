"""From a source to a checked saga: read as a spec, as an architecture, or designed from prose by an architect."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from saga_scaffold import console
from saga_scaffold.architect.conversation import Asking, Hearing, Noting
from saga_scaffold.architect.conversation import Progress as Heard
from saga_scaffold.architect.settings import Architect, Settings, choose, settings_from
from saga_scaffold.console import Note, Progress
from saga_scaffold.errors import Finding, Refused, Severity
from saga_scaffold.source import Form, Source
from saga_scaffold.spec.model import SagaSpec

ITS_AUTHOR = "its author"
OFFLINE = "the offline architect"


@dataclass(frozen=True)
class Wanted:
    """Which architect is to design, and how a model is reached."""

    architect: Architect = Architect.AUTO
    base_url: str | None = None
    model: str | None = None
    send_default_key: bool = False
    record: Path | None = None
    replay: Path | None = None

    @property
    def chosen(self) -> Architect:
        """Who designs, given the environment."""
        return choose(self.architect, os.environ, base_url=self.base_url, replay=self.replay)

    @property
    def settings(self) -> Settings:
        """How the model is reached; raises `ScaffoldError` for what cannot be used."""
        return settings_from(
            os.environ,
            base_url=self.base_url,
            model=self.model,
            send_default_key=self.send_default_key,
            record=self.record,
            replay=self.replay,
        )


@dataclass(frozen=True)
class Designed:
    """A saga that `check` accepts, what is to be said about it, and who designed it.

    `kept` is what the project keeps of a model's answer, by path below `.saga-scaffold/architect/`.
    """

    spec: SagaSpec
    findings: tuple[Finding, ...]
    architect: str
    kept: Mapping[PurePosixPath, str] = field(default_factory=dict)


def understand(source: Source, package: str | None, wanted: Wanted, progress: Progress) -> Designed:
    """What the source describes, as a checked spec; raises `Refused` with every finding that stops it."""
    with progress.stage("design") as note:
        designed = _understood(source, package, wanted, progress)
        errors = tuple(found for found in designed.findings if found.severity is Severity.ERROR)
        if errors:
            raise Refused(errors)
        note.text = f"{console.counted(len(designed.spec.steps), 'step')} by {designed.architect}"
    return designed


def _understood(source: Source, package: str | None, wanted: Wanted, progress: Progress) -> Designed:
    match source.form:
        case Form.SPEC:
            return _written(source, package)
        case Form.ARCHITECTURE:
            from saga_scaffold.architecture.read import read_architecture

            read = read_architecture(source.text, source.name, package or "")
            return Designed(read.spec, read.findings, ITS_AUTHOR)
        case Form.PROSE:
            if wanted.chosen is Architect.OPENAI:
                return _modelled(source, package, wanted, progress)
            from saga_scaffold.architect.offline import design

            completed = design(source.text, package or "", source.name)
            return Designed(completed.spec, completed.findings, OFFLINE)


def _written(source: Source, package: str | None) -> Designed:
    from saga_scaffold.spec.check import check
    from saga_scaffold.spec.load import load, locate

    spec, document = load(source.text, source.name)
    spec = spec.model_copy(update={"package": package}) if package else spec
    return Designed(spec, locate(check(spec), document), ITS_AUTHOR)


def _modelled(source: Source, package: str | None, wanted: Wanted, progress: Progress) -> Designed:
    from saga_scaffold.architect.model import design_with_model

    settings = wanted.settings
    with progress.live("model") as note:
        answer = design_with_model(source.text, package or "", settings, _shown(progress, note))
    kept = {
        PurePosixPath("answer.md"): answer.markdown,
        PurePosixPath("answer.json"): json.dumps(answer.record, indent=2, ensure_ascii=False) + "\n",
    }
    return Designed(answer.completed.spec, answer.completed.findings, f"the model {answer.model}", kept)


def _shown(progress: Progress, note: Note) -> "Shown":
    return Shown(progress, note)


@dataclass
class Shown:
    """Shows a conversation with a model while it is held: on a terminal the answer as it arrives."""

    progress: Progress
    note: Note
    tokens: int = 0

    def __call__(self, heard: Heard) -> None:
        """One thing that happened."""
        match heard:
            case Asking(purpose=purpose, model=model, host=host):
                self.progress.told(f"asking {model} at {host}: {purpose.value}")
            case Hearing(delta=delta, elapsed=elapsed):
                self.tokens += 1
                self.note.text = f"{self.tokens} tokens, {console.spell(elapsed)}"
                self.progress.streamed(delta)
            case Noting(note=said):
                self.progress.told(said)
