"""Prompt files (`*.prompt.yml`, `*.prompt.yaml`): read with all their dialects, filled by plain replacement.

What is filled in is data: placeholders or braces inside it stay as they are.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saga_scaffold import assets
from saga_scaffold.architect import dialects
from saga_scaffold.architect.conversation import Turn
from saga_scaffold.architect.dialects import Case, Variable
from saga_scaffold.architect.evaluators import Evaluator, parse_evaluator
from saga_scaffold.architect.marked import read_marked
from saga_scaffold.errors import Place, ScaffoldError

WORKFLOW = "business_transaction_workflow"
_SIZE_LIMIT = 1024 * 1024
_READ = {"name", "description", "model", "modelParameters", "messages", "variables", "testData", "evaluators"}


@dataclass(frozen=True)
class Prompt:
    """A prompt file. `parameters` have their wire names; `extra` keeps the keys that nothing here reads."""

    name: str
    description: str
    model: str | None
    parameters: Mapping[str, Any]
    turns: tuple[Turn, ...]
    variables: tuple[Variable, ...]
    cases: tuple[Case, ...]
    evaluators: tuple[Evaluator, ...]
    sha: str
    file: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def fill(self, values: Mapping[str, str]) -> tuple[Turn, ...]:
        """The turns with every placeholder replaced, once; a `ScaffoldError` names the value that is missing."""
        known = {variable.name: variable for variable in self.variables}

        def value(match: re.Match[str]) -> str:
            variable = known[match[1].strip()]
            if variable.name not in values and variable.required and not variable.default:
                raise ScaffoldError(
                    f"`{{{{{variable.name}}}}}` of the prompt is not filled",
                    f"give a value for `{variable.name}`"
                    + (f": {variable.description}" if variable.description else ""),
                    place=Place(self.file),
                )
            return values.get(variable.name, variable.default)

        return tuple(Turn(turn.role, dialects.PLACEHOLDER.sub(value, turn.content)) for turn in self.turns)

    @property
    def workflow_variable(self) -> str:
        """The variable that takes the workflow: by its name, or the only one there is."""
        names = [variable.name for variable in self.variables]
        if WORKFLOW in names:
            return WORKFLOW
        if len(names) == 1:
            return names[0]
        raise ScaffoldError(
            f"the prompt has no variable `{WORKFLOW}`",
            f"write `{{{{{WORKFLOW}}}}}` where the workflow belongs",
            place=Place(self.file),
        )


def bundled_prompt(name: str) -> Prompt:
    """A prompt that comes with the package: `saga-architect`, `repair` or `gaps`."""
    return read_prompt(assets.path("prompts", f"{name}.prompt.yml"))


def read_prompt(path: Path) -> Prompt:
    """The prompt in a file."""
    try:
        with path.open("rb") as file:
            raw = file.read(_SIZE_LIMIT + 1)
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScaffoldError(f"`{path}` is not UTF-8: byte {error.start}", "save it as UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ScaffoldError(f"cannot read the prompt file `{path}`: {reason}", "check its name") from None
    if len(raw) > _SIZE_LIMIT:
        raise ScaffoldError(f"the prompt file `{path}` is larger than 1 MB", "keep test data in a prompt file small")
    return load_prompt(text, str(path))


def load_prompt(text: str, file: str) -> Prompt:
    """The prompt in `text`; a `ScaffoldError` with file and line says what is wrong."""
    marked = read_marked(text, file)
    if not isinstance(marked.value, dict):
        raise ScaffoldError(
            "a prompt file is a mapping with `messages`", "see `prompts/README.md`", place=Place(file, 1)
        )
    turns = dialects.turns_of(marked)
    return Prompt(
        name=dialects.text_at(marked, "name") or Path(file).name,
        description=dialects.text_at(marked, "description"),
        model=dialects.text_at(marked, "model") or None,
        parameters=dialects.parameters_of(marked),
        turns=turns,
        variables=dialects.variables_of(marked, turns),
        cases=tuple(dialects.case_of(marked, index) for index, _ in enumerate(dialects.list_at(marked, "testData"))),
        evaluators=tuple(
            parse_evaluator(item, marked.place("evaluators", index))
            for index, item in enumerate(dialects.list_at(marked, "evaluators"))
        ),
        sha=hashlib.sha256(text.encode()).hexdigest(),
        file=file,
        extra={key: value for key, value in marked.value.items() if key not in _READ},
    )
