"""A saga brought in line with a new design of its workflow: what the text states is taken over, all else stays.

Steps are matched by id, then by the words of their command. What the design only assumed never replaces anything.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from saga_scaffold.spec import naming
from saga_scaffold.spec.model import Context, Kind, SagaSpec, Step

STATED = ("failure", "undo", "effect", "timeout", "retry")


def revised(present: SagaSpec, design: SagaSpec) -> SagaSpec:
    """The present saga with the steps, the order and the stated facts of the design."""
    return _Revision(present, design).spec()


class _Revision:
    """One design laid over one saga."""

    def __init__(self, present: SagaSpec, design: SagaSpec) -> None:
        self.present = present
        self.design = design
        self.ids = dict(_matched(present, design))
        self.contexts = _contexts(present, design)

    def spec(self) -> SagaSpec:
        """Everything put together, and read again as a whole."""
        steps = [self._step(step) for step in self.design.steps]
        values = self.present.model_dump(mode="json")
        values |= {"input": self._supplied(steps), "steps": steps}
        used = {step["context"] for step in steps}
        titles = {self.contexts[name]: context for name, context in self.design.contexts.items()}
        known = {**{name: Context(title=context.title) for name, context in titles.items()}, **self.present.contexts}
        values["contexts"] = {name: known[name].model_dump(mode="json") for name in known if name in used}
        values["assumed"] = list(self._assumed({step["id"] for step in steps}))
        return SagaSpec.model_validate(values)

    def _step(self, step: Step) -> dict[str, Any]:
        told = step.model_dump(mode="json")
        told |= {"context": self.contexts[step.context], "after": [self.ids.get(one, one) for one in step.after]}
        kept = self._kept(step)
        if kept is None:
            return told
        values = kept.model_dump(mode="json")
        for name in STATED:
            if f"steps.{step.id}.{name}" not in self.design.assumed:
                values[name] = told[name]
        if told["undo"] != "none" and values["undo"] == told["undo"] and kept.compensation:
            values["undo"] = _same_undo(kept, told["undo"])
        values |= {"because": None if isinstance(values["undo"], dict) else values["because"] or told["because"]}
        if f"steps.{step.id}.context" not in self.design.assumed:
            values["context"] = told["context"]
        if naming.same_words(step.command.name) != naming.same_words(kept.command.name):
            values |= {name: told[name] for name in ("command", "success", "title", "state")}
        if step.kind is not Kind.COMPENSATABLE:
            values["kind"] = told["kind"]
        if step.when is not None:
            values["when"] = told["when"]
        values["after"] = self._after(step, kept, told["after"])
        return values

    def _after(self, step: Step, kept: Step, told: list[str]) -> list[str]:
        """The new order, unless the saga has an order of its own where the text only goes down the page."""
        place = self.present.steps.index(kept)
        chained = list(kept.after) == [one.id for one in self.present.steps[max(place - 1, 0) : place]]
        before = self.design.steps[: self.design.steps.index(step)]
        only_listed = list(step.after) == [one.id for one in before[-1:]]
        still_there = set(kept.after) <= {self.ids.get(one.id, one.id) for one in before}
        return list(kept.after) if only_listed and not chained and still_there else told

    def _kept(self, step: Step) -> Step | None:
        id = self.ids.get(step.id)
        return None if id is None else self.present.step(id)

    def _supplied(self, steps: list[dict[str, Any]]) -> dict[str, str]:
        """No field twice, and none that nothing supplies; what only new steps take joins the input. Returns that."""
        present = {step.id for step in self.present.steps}
        given = {name for step in steps if step["id"] in present for name in step["gives"]}
        for step in steps:
            if step["id"] not in present:
                free = {name: kind for name, kind in step["gives"].items() if name not in {*self.present.input, *given}}
                step["gives"] = free
                given |= set(free)
        taken = [name for step in steps for taking in _taking(step) for name in taking["takes"]]
        missing = [name for name in dict.fromkeys(taken) if name not in given and name not in self.present.input]
        supplied = self.present.input | {n: self.design.input[n] for n in missing if n in self.design.input}
        for step in steps:
            for taking in _taking(step):
                taking["takes"] = [name for name in taking["takes"] if name in supplied or name in given]
        return supplied

    def _assumed(self, ids: set[str]) -> Iterator[str]:
        """What is still assumed of steps that stay, and what is assumed of those that are new."""
        stated = {
            f"steps.{self.ids[step.id]}.{name}"
            for step in self.design.steps
            if step.id in self.ids
            for name in STATED
            if f"steps.{step.id}.{name}" not in self.design.assumed
        }
        for path in self.present.assumed:
            part = path.split(".")
            if path not in stated and (part[0] != "steps" or part[1] in ids):
                yield path
        new = {step.id for step in self.design.steps} - set(self.ids)
        yield from (path for path in self.design.assumed if path.startswith("steps.") and path.split(".")[1] in new)


def _matched(present: SagaSpec, design: SagaSpec) -> Iterator[tuple[str, str]]:
    """Ids of the design and of the saga that mean the same step."""
    own = {step.id for step in present.steps}
    by_words = {naming.same_words(step.command.name): step.id for step in present.steps}
    taken = {step.id for step in design.steps} & own
    for step in design.steps:
        if step.id in own:
            yield step.id, step.id
            continue
        found = by_words.get(naming.same_words(step.command.name))
        if found is not None and found not in taken:
            taken.add(found)
            yield step.id, found


def _contexts(present: SagaSpec, design: SagaSpec) -> Mapping[str, str]:
    """By the design's name of a bounded context, the name that the saga has for it."""
    titles = {context.title.lower(): name for name, context in present.contexts.items()}
    return {name: titles.get(context.title.lower(), name) for name, context in design.contexts.items()}


def _taking(step: dict[str, Any]) -> list[dict[str, Any]]:
    """What of a step takes fields: its command, and its undo where there is one."""
    return [step, step["undo"]] if isinstance(step["undo"], dict) else [step]


def _same_undo(kept: Step, told: Any) -> Any:
    undo = kept.model_dump(mode="json")["undo"]
    same = isinstance(undo, dict) and naming.same_words(undo["command"]) == naming.same_words(told["command"])
    return undo if same else told
