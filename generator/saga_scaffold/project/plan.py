"""Everything that the templates need, decided before the first of them is rendered. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from saga_scaffold.project.history import FIRST_VERSION, History
from saga_scaffold.project.view import asyncapi, contexts, definition, docs, messages, story, topics, trials
from saga_scaffold.project.view.examples import start_values
from saga_scaffold.project.view.story import Composition, Story
from saga_scaffold.spec.model import SagaSpec


@dataclass(frozen=True)
class Plan:
    """One project: its names, and what each kind of file shows."""

    spec: SagaSpec
    version: int
    slug: str
    package: str
    script: str
    summary: str
    story: Story
    composition: Composition
    vocabulary: messages.Vocabulary
    contexts: tuple[contexts.ContextModule, ...]
    definitions: Mapping[int, str]
    docs: docs.Docs
    asyncapi: dict[str, Any]
    topics: dict[str, Any]
    trials: trials.Trials


def plan(spec: SagaSpec, version: int = FIRST_VERSION, history: History = ()) -> Plan:
    """The plan of a spec that `check` accepts; `version` is that of its structure, `history` has those before it."""
    modules = contexts.context_modules(spec, history)
    definitions = {one.version: one.definition for one in history}
    definitions |= {version: definition.definition_json(spec, version)}
    return Plan(
        spec=spec,
        version=version,
        slug=spec.package.replace("_", "-"),
        package=spec.package,
        script=spec.package.replace("_", "-"),
        summary=" ".join((spec.summary or spec.title).split()),
        story=story.story(spec, version, history),
        composition=story.composition(spec, modules),
        vocabulary=messages.vocabulary(spec, history),
        contexts=modules,
        definitions=definitions,
        docs=docs.docs(spec, _start_json(spec)),
        asyncapi=asyncapi.asyncapi(spec),
        topics=topics.topics(spec, definitions.values()),
        trials=trials.trials(spec, modules, history),
    )


def _start_json(spec: SagaSpec) -> str:
    return json.dumps(start_values(spec), ensure_ascii=False)
