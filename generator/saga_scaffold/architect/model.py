"""The architect that asks a model. The model proposes a design in Markdown, which the reader of all documents makes a
saga of; code never comes from it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from saga_scaffold.architect.conversation import Correspondent, OnProgress, unheard
from saga_scaffold.architect.dialogue import Answer, Dialogue, Read
from saga_scaffold.architect.openai import Server
from saga_scaffold.architect.prompt import Prompt, bundled_prompt
from saga_scaffold.architect.recording import Recorded, Replayed
from saga_scaffold.architect.settings import MODEL, Settings, is_openai
from saga_scaffold.errors import ScaffoldError


def design_with_model(
    workflow: str,
    package: str,
    settings: Settings,
    on_progress: OnProgress = unheard,
    *,
    prompt: Prompt | None = None,
    values: Mapping[str, str] | None = None,
) -> Answer:
    """The saga that a model designs for the workflow; a `ScaffoldError` says why there is none. Never falls back.

    `prompt` replaces the one that comes with the package; `values` fill what else it asks for.
    """
    prompt = prompt or bundled_prompt("saga-architect")
    with _correspondent(settings) as correspondent:
        model = model_name(settings, prompt)
        return Dialogue(correspondent, prompt, model, on_progress, _reader(package)).hold(workflow, values or {})


def model_name(settings: Settings, prompt: Prompt) -> str:
    """The model that is asked: the settings' before the prompt file's, whose provider prefix OpenAI does not know."""
    if settings.model:
        return settings.model
    if not prompt.model:
        raise ScaffoldError("no model is named", f"name one with `--model`, {MODEL}, or `model:` in `{prompt.file}`")
    return prompt.model.removeprefix("openai/") if is_openai(settings.base_url) else prompt.model


@contextmanager
def _correspondent(settings: Settings) -> Iterator[Correspondent]:
    if settings.replay:
        yield Replayed(settings.replay)
    elif settings.record:
        recorded = Recorded(Server(settings))
        try:
            yield recorded
        except ScaffoldError:  # what was answered so far tells why; an interruption leaves nothing behind
            recorded.save(settings.record)
            raise
        recorded.save(settings.record)
    else:
        yield Server(settings)


def _reader(package: str) -> Read:
    from saga_scaffold.architecture.read import read_architecture

    return lambda markdown: read_architecture(markdown, "<answer>", package)
