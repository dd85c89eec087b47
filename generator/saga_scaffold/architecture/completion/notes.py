"""What completing a draft notes down: the paths of everything that no text stated, and findings."""

from dataclasses import dataclass, field

from saga_scaffold.errors import Finding, Severity


@dataclass
class Notes:
    """Grows while a saga is completed."""

    assumed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def assume(self, path: str) -> None:
        """No text stated what stands at the path."""
        if path not in self.assumed:
            self.assumed.append(path)

    def warn(self, rule: str, path: str, problem: str, hint: str) -> None:
        """Something was stated that could not be taken as it is."""
        self.findings.append(Finding(rule, path, problem, hint, Severity.WARNING))
