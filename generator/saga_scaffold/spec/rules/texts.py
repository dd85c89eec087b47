"""Free texts: bounded, of one line where they are titles, without characters that act on a terminal or an editor."""

import unicodedata
from collections.abc import Iterator

from saga_scaffold.errors import Finding
from saga_scaffold.spec.model import Proposed, SagaSpec

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
_TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")


def titles_are_of_one_line(spec: SagaSpec) -> Iterator[Finding]:
    """A title stands in a heading, a table or a diagram."""
    for path, title in _titles(spec):
        if len(title) > LONGEST_TITLE or "\n" in title:
            problem = f"the text at `{path}` is longer than a line of {LONGEST_TITLE} characters"
            yield Finding("text", path, problem, "shorten it")


def titles_say_something(spec: SagaSpec) -> Iterator[Finding]:
    """People know a context by its title."""
    for name, context in spec.contexts.items():
        if not context.title.strip():
            path = f"contexts.{name}.title"
            yield Finding("text", path, f"the context `{name}` has an empty title", "write what people call it")


def texts_are_bounded(spec: SagaSpec) -> Iterator[Finding]:
    """A summary or a proposal is a paragraph, not a book."""
    for path, text in _texts(spec):
        if len(text) > LONGEST_TEXT:
            yield Finding("text", path, f"the text at `{path}` is longer than {LONGEST_TEXT} characters", "shorten it")


def texts_show_what_they_say(spec: SagaSpec) -> Iterator[Finding]:
    """Control characters, and those that turn the direction of writing, hide what a text says."""
    for path, text in (*_titles(spec), *_texts(spec)):
        hidden = next((letter for letter in text if _acts(letter)), None)
        if hidden:
            problem = f"the text at `{path}` has the invisible character U+{ord(hidden):04X}"
            yield Finding("text", path, problem, "remove it")


def _acts(letter: str) -> bool:
    return letter in _TURNING or (letter not in "\n\t" and unicodedata.category(letter) in {"Cc", "Cs"})


def _titles(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    yield "title", spec.title
    for name, context in spec.contexts.items():
        yield f"contexts.{name}.title", context.title
    for step in spec.steps:
        yield f"steps.{step.id}.title", step.title
        yield f"steps.{step.id}.because", step.because or ""
        yield f"steps.{step.id}.when", step.when or ""
        if step.compensation:
            yield f"steps.{step.id}.undo.title", step.compensation.title


def _texts(spec: SagaSpec) -> Iterator[tuple[str, str]]:
    yield "summary", spec.summary
    for kind in Proposed.model_fields:
        yield from ((f"proposed.{kind}.{number}", text) for number, text in enumerate(getattr(spec.proposed, kind)))
    yield from ((f"assumed.{number}", path) for number, path in enumerate(spec.assumed))
