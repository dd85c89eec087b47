"""The lines of a text as passages: sentences, list items and table rows."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from saga_scaffold.architect.prose.headings import Role, heading_of, is_meta, role_of
from saga_scaffold.architect.prose.line_lists import (
    RULE,
    hashes_are_items,
    is_line_list,
    is_pipe_row,
    one_line_list,
    parts,
)
from saga_scaffold.architect.prose.passages import LONGEST_PASSAGE, MOST_PASSAGES, Form, Layout, Passage, Table
from saga_scaffold.architect.prose.records import record_rows
from saga_scaffold.architect.prose.sentences import sentences, statements
from saga_scaffold.architect.prose.signs import UNDOING
from saga_scaffold.language.verbs import is_verb

_ITEM = re.compile(
    r"^(?P<indent>\s*)(?:(?P<bullet>[-*+•‣◦▪·o])|(?P<number>\(?\d{1,3}[.):]|\(\d{1,3}\)|(?:step|schritt|"
    r"phase)\s+\d{1,3}\s*[.:)-]|[a-z]\)|\([a-z]\)"
    r"|[A-Z]{1,5}-?\d{1,4}[:.)]?(?=\s))|(?P<hash>\#))\s+(?P<text>\S.*)$",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(r"^[A-Z]{1,5}-?\d{1,4}[:.)]?$")
_TICKET = re.compile(r"^\s*(?:\[\w+\]\s*)?\[?(?P<key>[A-Z]{2,10}-\d{1,6})\]?\s*(?:[:\-|]\s*)?(?P<title>[^.;,]{3,80})$")
_ROW = re.compile(r"^\s*\|(.*)\|\s*$")


def layout(text: str) -> Layout:
    """The passages and the tables of a normalised text."""
    reader = _Reader(text.split("\n"))
    reader.read()
    return Layout(reader.title, tuple(reader.passages), tuple(reader.tables))


class _Reader:
    """Reads line by line; a paragraph is gathered until a line of another kind ends it."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.title: str | None = None
        self.passages: list[Passage] = []
        self.tables: list[Table] = []
        self.role = Role.UNKNOWN
        self.section = Role.UNKNOWN
        self.lead = ""
        self.block = 0
        self.paragraph: list[tuple[int, str]] = []
        self.hashes_are_items = hashes_are_items(lines)
        self.announced_at: int | None = None
        self.series = Counter(match[1] for line in lines if (match := re.match(r"\s*([A-Za-z]{1,10}-?)(?=\d)", line)))

    def read(self) -> None:
        index = 0
        while index < len(self.lines):
            index = self._line(index)
        self._close_paragraph()

    def _line(self, index: int) -> int:
        line = self.lines[index]
        if not line.strip():
            self._close_paragraph()
            self.block += 1
            if self.announced_at is not None and len(self.passages) > self.announced_at:
                self.role, self.lead, self.announced_at = self.section, "", None
            return index + 1
        if _ROW.match(line) or is_pipe_row(self.lines, index):
            self._close_paragraph()
            return self._table(index)
        if rows := record_rows(self.lines, index):
            self._close_paragraph()
            self.tables.append(Table(rows[0], rows[1:], self.role, index - 1))
            return index + len(rows) - 1
        if not self.passages and not self.paragraph and (ticket := self._ticket(line)):
            self.title = self.title or ticket
            return index + 1
        if is_meta(line):
            self._meta(line)
            return index + 1
        heading = heading_of(self.lines, index, self.hashes_are_items)
        if heading is not None:
            self._heading(heading)
            return index + 1
        item = self._item(line)
        if item:
            self._close_paragraph()
            return self._list_item(index, item)
        if (
            not self.paragraph
            and not line.startswith(" ")
            and self.passages
            and self.passages[-1].form is not Form.SENTENCE
        ):
            self.block += 1
        self.paragraph.append((index, line))
        return index + 1

    def _item(self, line: str) -> re.Match[str] | None:
        item = _ITEM.match(line)
        if item is None or (item["hash"] and not self.hashes_are_items):
            return None
        if item["number"] and one_line_list(item["text"]):
            return None
        if item["number"] and _REQUIREMENT.match(item["number"]) and not self._numbers_requirements(item["number"]):
            return None
        if item["bullet"] and item["bullet"].lower() == "o" and not item["indent"]:
            return None
        return item

    def _numbers_requirements(self, number: str) -> bool:
        """Whether another line begins with a number of the same series, as `FR-2` does after `FR-1`."""
        series = number.rstrip("0123456789:.) ")
        return self.series[series] > 1

    def _meta(self, line: str) -> None:
        key, _, value = line.partition(":")
        if (
            key.strip(" *").lower() in {"subject", "title", "summary", "saga", "workflow", "use case"}
            and self.title is None
        ):
            self.title = re.sub(r"^(?:(?:re|fwd?|aw)\s*:\s*)+", "", value.strip(" *"), flags=re.IGNORECASE)

    def _ticket(self, line: str) -> str | None:
        """What stands behind the key of a ticket: `FIT-88: Book a class`."""
        match = _TICKET.match(line)
        return match["title"] if match and not self._numbers_requirements(match["key"]) else None

    def _heading(self, heading: str) -> None:
        self._close_paragraph()
        self.block += 1
        if self.title is None and not self.passages:
            self.title = heading
        if heading.endswith(":"):
            self._announce(heading)
            return
        self.role = self.section = role_of(heading)
        self.lead, self.announced_at = heading, None

    def _list_item(self, index: int, item: re.Match[str]) -> int:
        text, end = item["text"], index + 1
        if self._only_heads_a_list(index, item):
            return end
        while end < len(self.lines) and self._continues(self.lines[end], item):
            text += (" " if text.endswith((",", ";", ":", ".")) else "; ") + self.lines[end].strip(" -*+•")
            end += 1
        form = Form.BULLET if item["bullet"] else Form.NUMBERED
        number = re.sub(r"\W", "", item["number"] or "")
        number = number.lower() if number[:4].lower() == "step" else number
        if item["number"] and _REQUIREMENT.match(item["number"]):
            form = Form.SENTENCE
            for sentence in statements(text):
                self._add(sentence, form, index, number)
            self.block += 1
        else:
            self._add(text, form, index, number)
        return end

    def _only_heads_a_list(self, index: int, item: re.Match[str]) -> bool:
        """Whether an item is but the heading of the bullets below it: `1. Intake`."""
        below = [_ITEM.match(line) for line in self.lines[index + 1 : index + 3]]
        nested = [one for one in below if one and one["bullet"] and len(one["indent"]) > len(item["indent"])]
        words = item["text"].split()
        return len(nested) == 2 and len(words) <= 3 and (len(words) == 1 or not is_verb(words[0]))

    def _continues(self, line: str, item: re.Match[str]) -> bool:
        """Whether a line belongs to the item above: deeper than the item's mark, and not an item of the same depth."""
        depth = len(line) - len(line.lstrip(" "))
        return bool(line.strip()) and depth > len(item["indent"])

    def _add(self, text: str, form: Form, index: int, number: str = "") -> None:
        if len(self.passages) < MOST_PASSAGES:
            self.passages.append(
                Passage(text.strip()[:LONGEST_PASSAGE], self.role, form, self.block, index + 1, self.lead, number)
            )

    def _close_paragraph(self) -> None:
        lines, self.paragraph = self.paragraph, []
        if not lines:
            return
        if is_line_list([text for _, text in lines]):
            self._line_list(lines)
            return
        for part in parts(lines):
            self._sentences(part)

    def _sentences(self, lines: list[tuple[int, str]]) -> None:
        first, text = lines[0][0], " ".join(part.strip() for _, part in lines)
        lead = text.endswith(":")
        for sentence in statements(text):
            self._add(sentence, Form.SENTENCE, first)
        if lead:
            self._announce(sentences(text)[-1])

    def _announce(self, sentence: str) -> None:
        """A sentence that ends in a colon says what the following list is."""
        self.lead = sentence.rstrip(":")
        role = role_of(self.lead)
        self.role = role if role is not Role.UNKNOWN else self.section
        self.announced_at = len(self.passages)

    def _line_list(self, lines: list[tuple[int, str]]) -> None:
        for index, text in lines:
            if text.rstrip().endswith(":"):
                self._add(text, Form.SENTENCE, index)
                self._announce(text.strip())
                self.block += 1
            else:
                self._add(text, Form.LINE, index)

    def _table(self, index: int) -> int:
        rows: list[tuple[str, ...]] = []
        end = index
        while end < len(self.lines) and "|" in self.lines[end]:
            if not RULE.match(self.lines[end]):
                cells = self.lines[end].strip().removeprefix("|").removesuffix("|").split("|")
                rows.append(tuple(cell.strip(" *`") for cell in cells))
            end += 1
        if len(rows) > 1 and self._undos_by_number(rows, index):
            pass
        elif len(rows) > 1:
            self.tables.append(Table(rows[0], tuple(rows[1:]), self.role, index + 1))
        self.block += 1
        return end

    def _undos_by_number(self, rows: list[tuple[str, ...]], index: int) -> bool:
        """Whether the rows say by which number what is undone: `| 2 | release seat |`; each becomes a passage."""
        numbered = [row for row in rows[1:] if len(row) == 2 and re.fullmatch(r"\d{1,2}", row[0])]
        if len(numbered) != len(rows) - 1 or not UNDOING.search(" ".join(rows[0]) + " " + self.lead):
            return False
        role, self.role = self.role, Role.UNDO
        for number, undo in numbered:
            self._add(undo, Form.NUMBERED, index, f"step{number}")
        self.role = role
        return True


def with_role(passage: Passage, role: Role) -> Passage:
    """The passage under another heading."""
    return replace(passage, role=role)


def sentences_of(passages: tuple[Passage, ...]) -> Iterator[Passage]:
    """The passages, list items split into their sentences."""
    for passage in passages:
        for part in sentences(passage.text):
            yield replace(passage, text=part)
