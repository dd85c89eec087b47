"""Steps in tables: columns by what their headers say."""

import re
from dataclasses import replace

from saga_scaffold.architect.prose import services
from saga_scaffold.architect.prose.action import Action
from saga_scaffold.architect.prose.actions import item
from saga_scaffold.architect.prose.clause import Voice
from saga_scaffold.architect.prose.headings import Role
from saga_scaffold.architect.prose.passages import Table
from saga_scaffold.architect.prose.seen import Seen
from saga_scaffold.architect.prose.signs import NONE

_COLUMNS = (
    (
        "undo",
        r"compensat|^comp\b|roll ?-?back|undo|revers|on (?:failure|error)|if (?:it|this) (?:fails|goes wrong)|when it "
        r"fails|goes wrong|counter|cancel|^back(?:ward)?s?$|in reverse|way back|tak\w+ ?-?back|back ?-?out|"
        r"inverse|opposite|clean-?up|"
        r"un-?done|if (?:anything|"
        r"something|a later)|zurück|rückgängig|storno|annul|kompens|deshacer|desfazer",
    ),
    ("number", r"^(?:#|no\.?|nr\.?|order|seq\w*|pos\w*|num\w*|id|step no\.?|step #|step number)$"),
    (
        "service",
        r"service|system|participant|owner|context|component|who|actor|team|dep(?:artmen)?t\b|unit\b|"
        r"responsib|application|"
        r"module|lane|done by|by$|where|^(?:wer|qui|quién|quien|quem)$|dienst|servi[cç]|zuständig",
    ),
    ("kind", r"^type|kind|category|class"),
    ("condition", r"condition|only if|when|guard|applies"),
    ("retries", r"retr"),
    ("attempts", r"attempts|\btries\b|\btrials\b"),
    ("timeout", r"time-? ?out|sla|deadline|limit|max|within|duration"),
    (
        "action",
        r"action|step|command|task|activity|what|operation|forward|does|transaction|do$|"
        r"^(?:was|quoi|qué|que|o que)$|schritt|aktion|étape|paso|passo|acci[oó]n|ação",
    ),
)


def from_table(table: Table) -> tuple[Seen, ...]:
    """The steps of a table, one for each row; none where no column holds actions."""
    columns = _columns(table)
    if "action" not in columns or (table.role in {Role.UNDO, Role.ASIDE} and "undo" not in columns):
        return ()
    rows = [_read_row(row, columns, table.line + 2 + index) for index, row in enumerate(table.rows)]
    return tuple(seen for seen in rows if seen)


def is_header(cells: tuple[str, ...]) -> bool:
    """Whether the cells name the columns of a table of steps."""
    short = len(cells) > 1 and all(len(cell.split()) <= 4 for cell in cells)
    return short and len(found := _columns(Table(cells, (), Role.UNKNOWN, 0))) > 1 and "action" in found


def _columns(table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    for index, title in enumerate(table.header):
        role = next(
            (
                name
                for name, pattern in _COLUMNS
                if name not in found and re.search(pattern, title.strip(), re.IGNORECASE)
            ),
            None,
        )
        if role:
            found[role] = index
    if "action" in found and all(not re.search("[A-Za-z]{2}", _cell(row, found["action"])) for row in table.rows):
        found["number"] = found.pop("action")
        named = [
            index
            for index, title in enumerate(table.header)
            if index not in found.values()
            and re.search(
                r"action|description|what|name|title|task|command|activity|forward|does|happens", title, re.IGNORECASE
            )
        ]
        found |= {"action": named[0]} if named else {}
    if (
        "action" not in found
        and "number" in found
        and not all(_cell(row, found["number"])[:1].isdigit() for row in table.rows)
    ):
        found["action"] = found.pop("number")
    if "action" in found and "service" not in found:
        found |= _doers(table, set(found.values()))
    return found


def _doers(table: Table, taken: set[int]) -> dict[str, int]:
    """The column of names under a title that says nothing: `Authority`, `Station`."""
    for index in range(len(table.header)):
        cells = [cell for row in table.rows if (cell := _cell(row, index)) and not NONE.match(cell)]
        named = [cell for cell in cells if services.may_be_service(cell) and not cell[0].isdigit()]
        if index not in taken and cells and len(named) == len(cells) and any(cell[0].isupper() for cell in cells):
            return {"service": index}
    return {}


def _cell(row: tuple[str, ...], index: int | None) -> str:
    return row[index] if index is not None and index < len(row) else ""


def _read_row(row: tuple[str, ...], columns: dict[str, int], line: int) -> Seen | None:
    told = _cell(row, columns["action"])
    action = item(told) if told else None
    if action is None:
        return None
    doer = services.without_brackets(_cell(row, columns.get("service")))
    service = services.tidy(doer.text)
    action = replace(action, service=service if service and not NONE.match(service) else action.service)
    remarks = tuple(
        cell for index, cell in enumerate(row) if index not in columns.values() and cell and not NONE.match(cell)
    )
    undo = _cell(row, columns.get("undo"))
    kind = _cell(row, columns.get("kind")).lower()
    condition = _cell(row, columns.get("condition"))
    limits = " ; ".join(text for name in ("timeout", "attempts", "retries") for text in _titled(row, columns, name))
    return Seen(
        action if action.voice is not Voice.NOTHING else Action("", told),
        " ".join(row),
        -1,
        line,
        undo=undo if undo and not NONE.match(undo) else None,
        notes=(*action.notes, *remarks, *((undo, "nothing to undo") if "undo" in columns and NONE.match(undo) else ())),
        kind=kind or None,
        condition=condition if condition and not NONE.match(condition) and condition.lower() != "always" else None,
        limits=limits,
    )


def _titled(row: tuple[str, ...], columns: dict[str, int], name: str) -> list[str]:
    value = _cell(row, columns.get(name))
    return [f"{name} {value}"] if value and not NONE.match(value) else []
