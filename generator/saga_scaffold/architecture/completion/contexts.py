"""Bounded contexts out of the services that a text names, or out of what the steps are about."""

import re
from dataclasses import dataclass, field
from typing import Any

from saga_scaffold.architecture.completion.notes import Notes
from saga_scaffold.language.objects import business_object
from saga_scaffold.spec import naming

_GENERIC = frozenset(
    "service services microservice microservices bounded context system systems team module department gateway "
    "api ms component subsystem platform the a an our provider".split()
)


@dataclass
class Contexts:
    """The contexts so far, by name."""

    notes: Notes
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    _by_service: dict[str, str] = field(default_factory=dict)

    def of(self, service: str | None, about: str) -> str:
        """The name of the context of a service; of what the step is about, where no service is named."""
        title = _title(service) if service and naming.words(service) else _assumed_title(about)
        key = naming.same_words(title)
        if key not in self._by_service:
            name = naming.distinct(_name(title), self.found)
            self._by_service[key] = name
            self.found[name] = {"title": title}
        return self._by_service[key]


def _title(service: str) -> str:
    return re.sub(r"\s+", " ", service).strip(" .,:;`*\"'")[:80]


def _assumed_title(about: str) -> str:
    known = business_object(about)
    words = naming.words(known.name if known else about)[-2:] or ["process"]
    return " ".join([*(word.capitalize() for word in words), "Service"])


def _name(title: str) -> str:
    words = naming.words(title)
    telling = [word for word in words if word.lower() not in _GENERIC] or words
    return naming.context_name(" ".join(telling[:5]))
