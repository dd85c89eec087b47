"""Messages under names that are safe and unique; a name that no class can have stays as the stored name."""

from dataclasses import dataclass, field
from typing import Any

from saga_scaffold.architecture.completion.wire_names import class_name
from saga_scaffold.architecture.draft import MessageDraft
from saga_scaffold.spec import naming

Written = dict[str, Any]


@dataclass
class Messages:
    """The messages so far: stored names that are taken, and every class or stored name without its spelling.

    `respelled` has the topics that are written with slashes, and what they are here.
    """

    stored: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    refusals: dict[str, Written] = field(default_factory=dict)
    respelled: dict[str, str] = field(default_factory=dict)

    def stated(self, draft: MessageDraft, usual: str) -> Written:
        """The message as the text names it; without a name it gets the usual one."""
        name = (draft.name or "").strip()
        if not naming.words(name):
            return self._with_topic(self.assumed(usual), draft)
        written = self._free(self._class(name))
        # A class may have another name than what is stored; two messages never share what is stored.
        if written["name"] != name and naming.WIRE.fullmatch(name) and name not in self.stored:
            self.stored.discard(written["name"])
            self._take(name)
            written = {"name": written["name"], "wire": name}
        return self._with_topic(written, draft)

    def refusal(self, draft: MessageDraft, usual: str) -> Written:
        """Like `stated`; a refusal that steps share keeps its one name."""
        name = (draft.name or "").strip()
        if not name:
            return self.stated(draft, usual)
        if name not in self.refusals:
            told = self.stated(MessageDraft(name), usual)
            self.refusals[name] = told
        return self._with_topic(self.refusals[name], draft)

    def assumed(self, usual: str) -> Written:
        """A message under its usual name."""
        return self._free(usual)

    def _class(self, name: str) -> str:
        """The short class name where it is free, else the whole name."""
        short = class_name(name)
        return naming.message_name(name) if naming.same_words(short) in self.taken else short

    def _free(self, wanted: str) -> Written:
        """The message under that name, or with a number where any spelling of it is taken."""
        name, number = str(wanted), 1
        while naming.same_words(name) in self.taken:
            number += 1
            name = f"{wanted[: naming.LONGEST - len(str(number))]}{number}"
        self._take(name)
        return {"name": name}

    def _take(self, name: str) -> None:
        self.stored.add(name)
        self.taken.add(naming.same_words(name))

    def _with_topic(self, written: Written, draft: MessageDraft) -> Written:
        topic = draft.topic.strip() if draft.topic else ""
        legal = topic.strip("/").replace("/", ".")
        if not naming.is_topic(legal):
            return written
        if legal != topic:
            self.respelled[topic] = legal
        return {**written, "topic": legal}
