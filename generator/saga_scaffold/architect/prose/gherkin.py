"""Scenarios in `Given / When / Then` as sentences: the one that succeeds tells the steps, the others what is undone."""

import re

from saga_scaffold.architect.prose.signs import FAILURE

_SCENARIO = re.compile(r"^\s*scenario(?: outline)?\s*:\s*(?P<name>.*)$", re.IGNORECASE)
_STEP = re.compile(r"^\s*(?P<word>given|when|then|and|but)\s+(?P<what>\S.*?)[.,;]?\s*$", re.IGNORECASE)
_IF_THEN = re.compile(r"^\s*if\s+(?P<what>.+?)\s+then\s+(?P<then>\S.*?)[.,;]?\s*$", re.IGNORECASE)
_FEATURE = re.compile(r"^\s*feature\s*:\s*(?P<name>.*)$", re.IGNORECASE)


def without_scenarios(text: str) -> str:
    """The text with its scenarios told as sentences, each line where it was; other texts as they are."""
    lines = text.split("\n")
    if not any(map(_SCENARIO.match, lines)) and not _is_scenario(lines):
        return text
    told: list[str] = []
    scenario = _Scenario("")
    for line in lines:
        line = _IF_THEN.sub(r"If \g<what>, \g<then>.", line)
        named, step, feature = _SCENARIO.match(line), _STEP.match(line), _FEATURE.match(line)
        if named:
            scenario = _Scenario(named["name"])
            told.append(scenario.heading())
        elif feature:
            told.append(f"# {feature['name']}")
        else:
            if step and not scenario.name and scenario.part == "then" and step["word"].lower() in {"given", "when"}:
                scenario = _Scenario("")
            told.append(scenario.sentence(step) if step else line)
    return "\n".join(told)


def _is_scenario(lines: list[str]) -> bool:
    """Whether the lines are one scenario without its name: `Given` or `When`, `Then`, and hardly anything else."""
    words = [step["word"].lower() for line in lines if (step := _STEP.match(line))]
    told = [line for line in lines if line.strip()]
    return "then" in words and bool({"given", "when"} & set(words)) and len(words) >= 0.6 * len(told)


class _Scenario:
    """One scenario on its way: which keyword its `And` continues, and whether it tells a failure."""

    def __init__(self, name: str) -> None:
        self.name, self.part, self.case = name, "", "it fails"
        self.fails = bool(FAILURE.search(name) or re.search(r"\bno\b", name, re.IGNORECASE))

    def heading(self) -> str:
        return f"## {'Failure' if self.fails else 'Steps'}: {self.name}"

    def sentence(self, step: re.Match[str]) -> str:
        """What a step says: `Given` sets the scene, and in a failing scenario only `Then` says what is done."""
        word = step["word"].lower()
        self.part = self.part if word in {"and", "but"} else word
        if self.part in {"given", "when"} and not self.name:
            if FAILURE.search(step["what"]):
                self.fails, self.case = True, step["what"]
            return ""
        if self.part == "given" or (self.fails and self.part != "then"):
            return ""
        return f"If {self.case}, {step['what']}." if self.fails else f"{step['what'][:1].upper()}{step['what'][1:]}."
