"""Answers as files: written once with `--record`, read with `--replay` instead of asking. No key is ever in them.

One file for each question, named after its fingerprint: a recording holds for the same prompt and workflow only.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from saga_scaffold.architect.conversation import Asking, Correspondent, Hearing, OnProgress, Reply, Request, Tokens
from saga_scaffold.errors import Place, ScaffoldError

VERSION = 1


class Recorded:
    """Passes questions on and keeps the answers, until `save` writes them."""

    def __init__(self, correspondent: Correspondent) -> None:
        self._correspondent = correspondent
        self._kept: dict[str, dict[str, Any]] = {}

    def ask(self, request: Request, on_progress: OnProgress) -> Reply:
        """The answer of the other side."""
        reply = self._correspondent.ask(request, on_progress)
        self._kept[file_name(request)] = exchange(request, reply)
        return reply

    def save(self, directory: Path) -> None:
        """Writes one file for each answer, each of them whole or not at all."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            for name, document in self._kept.items():
                _write(directory / name, json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        except OSError as error:
            raise ScaffoldError(
                f"cannot write the recording to `{directory}`: {(error.strerror or str(error)).lower()}",
                "name a directory that can be written with `--record`",
            ) from None


class Replayed:
    """Answers from a recording; nothing leaves this machine."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def ask(self, request: Request, on_progress: OnProgress) -> Reply:
        """The recorded answer to the same question; a `ScaffoldError` where there is none."""
        path = self._directory / file_name(request)
        document = self._read(path, request)
        try:
            reply = _reply(document)
        except (KeyError, TypeError, ValueError):
            raise ScaffoldError(
                "the recording is damaged", "record it again with `--record`", place=Place(str(path))
            ) from None
        on_progress(Asking(request.purpose, reply.model, str(self._directory)))
        on_progress(Hearing(reply.text, 0.0, reply.tokens.completion))
        return reply

    def _read(self, path: Path, request: Request) -> Any:
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ScaffoldError(
                f"the recording `{self._directory}` holds no answer to this question ({request.purpose.value})",
                "the workflow or the prompt is another one than when it was recorded: record it again with `--record`",
            ) from None
        except (OSError, ValueError) as error:
            raise ScaffoldError(
                f"cannot read the recording: {error}", "record it again with `--record`", place=Place(str(path))
            ) from None


def file_name(request: Request) -> str:
    """`design-0123456789abcdef.json`."""
    return f"{request.purpose.value}-{request.fingerprint[:16]}.json"


def exchange(request: Request, reply: Reply) -> dict[str, Any]:
    """One question and its answer, with texts as lists of lines so that a diff shows what changed."""
    return {
        "version": VERSION,
        "purpose": request.purpose.value,
        "question": [{"role": turn.role, "content": turn.content.split("\n")} for turn in request.turns],
        "answer": reply.text.split("\n"),
        "model": reply.model,
        "tokens": {"prompt": reply.tokens.prompt, "completion": reply.tokens.completion},
    }


def _reply(document: Any) -> Reply:
    if document["version"] != VERSION:
        raise ValueError(document["version"])
    tokens = Tokens(int(document["tokens"]["prompt"]), int(document["tokens"]["completion"]))
    return Reply("\n".join(document["answer"]), str(document["model"]), tokens)


def _write(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".recording-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
