"""Steps that stand in several tables of one form, one for each service: `### Mailbox service` above each."""

import re
from collections.abc import Sequence

from saga_scaffold.architecture.evidence.found import Found
from saga_scaffold.architecture.evidence.stems import about_the_same
from saga_scaffold.architecture.evidence.tables import Table, steps_of, tables
from saga_scaffold.architecture.evidence.titles import cleaned, title_of
from saga_scaffold.architecture.evidence.tokens import tokens

_UNDOES = re.compile(r"compensat|undo|rollback|kompens|annul", re.IGNORECASE)


def split_table_steps(lines: Sequence[str]) -> list[Found]:
    """The steps of the tables with the same headings, in their order; rows that compensate undo the step before."""
    held = [table for table in tables(lines) if table.holds_steps and "service" not in table.roles]
    alike = [table for table in held if table.headings == held[0].headings]
    if len(alike) < 2:
        return []
    found: list[Found] = []
    for table in alike:
        service = _heading_above(lines, table)
        for step in steps_of(table):
            command = step.said.get("command", step.title)
            if _UNDOES.search(step.said.get("kind", "")):
                told = {token.text for token in tokens(step.said["kind"])}
                meant = [one for one in found if told & {token.text for token in tokens(one.said.get("command", ""))}]
                meant = meant or [one for one in found if "undo" not in one.said and about_the_same(command, one.title)]
                if meant:
                    meant[-1].say("undo", command)
                    meant[-1].say("undo event", step.said.get("success", ""))
                continue
            step.say("service", service)
            found.append(step)
    return found


def _heading_above(lines: Sequence[str], table: Table) -> str:
    """What the title right above the table says, without its number."""
    above = (title for line in reversed(lines[: table.line - 1]) if (title := title_of(line)) is not None)
    return cleaned(next(above, ""))
