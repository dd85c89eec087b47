"""Which of the events that a text names tell that a command is done, and which that it is not."""

from saga_scaffold.architecture.evidence.tokens import Token, says_failure, tokens
from saga_scaffold.language.verbs import base_form
from saga_scaffold.spec import naming


def split_events(text: str, asked: str = "") -> tuple[list[str], list[str]]:
    """The events of a text that tell success of the command that was asked, and those that tell failure."""
    names = [token.text for token in tokens(text) if token.is_name or token.is_topic]
    good = [name for name in names if not says_failure(name, asked)]
    done = [name for name in good if _is_done(name, asked)]
    topics = [name for name in good if Token(name, False).is_topic]
    if len(done) == 1 and done[0] not in topics:
        good = [*done, *topics]
    elif len(good) == len(names) == 2 and len(topics) != 1:
        good = done if len(done) == 1 else good[:1]
    elif len(good) == len(names) == 3 and len(topics) == 1:
        good = [next(name for name in good if name not in topics), *topics]
    return good, [name for name in names if name not in good]


def _is_done(name: str, asked: str) -> bool:
    """Whether the event tells that what was asked is done: `BudgetReserved` of `ReserveBudget`."""
    words = naming.words(asked)
    verb = base_form(words[0]) if words else None
    return verb is not None and any(base_form(word) == verb for word in naming.words(name))
