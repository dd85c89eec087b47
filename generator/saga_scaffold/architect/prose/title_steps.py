"""A title that reads like a step: `Order fulfilment`, `Plan a conference.`, `The weekly newsletter run.`"""

from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.passages import Passage
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.language.verbs import base_form

_MOST_WORDS = 8


def without_title(seen: tuple[Seen, ...], passages: tuple[Passage, ...]) -> tuple[Seen, ...]:
    """The steps without the first one where its sentence only says what the others do."""
    seen = _from_the_marked(seen)
    if len(seen) < 3 or seen[0].passage != 0 or seen[1].passage == 0 or seen[0].action.service:
        return seen
    text, others = passages[0].text, seen[1:]
    if len(text.split(",")[0].split()) > _MOST_WORDS:
        return seen
    alone = passages[0].block != passages[1].block and not text.rstrip().endswith((".", "!"))
    alike = sum(one.action.voice is seen[0].action.voice for one in others)
    unlike = alike < 0.5 * len(others) and seen[0].action.voice in {Voice.IMPERATIVE, Voice.ELLIPSIS, Voice.NOUN}
    return others if alone or unlike or _is_noun_at_the_end(seen[0], text) else seen


def _from_the_marked(seen: tuple[Seen, ...]) -> tuple[Seen, ...]:
    """The steps without those of the first sentence that lack what all others have: who does them."""
    told = [one for one in seen if one.passage == 0]
    others = seen[len(told) :]
    marked = all(one.action.service and one.action.voice is Voice.IMPERATIVE for one in others)
    return others if len(others) > 1 and marked and not any(one.action.service for one in told) else seen


def _is_noun_at_the_end(first: Seen, text: str) -> bool:
    """Whether the verb stands last and may be a noun: `the weekly run`."""
    last = text.split(",")[0].strip(" .!").split()[-1].lower()
    return first.action.voice is Voice.ELLIPSIS and base_form(last) == last
