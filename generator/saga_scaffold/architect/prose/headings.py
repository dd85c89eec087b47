"""Headings, and what they say about the lines below them."""

import re
from enum import Enum

from saga_scaffold.architect.prose.kind_words import kind_of


class Role(Enum):
    """What a part of the text is about."""

    UNKNOWN = "unknown"
    FORWARD = "forward"
    UNDO = "undo"
    ASIDE = "aside"


_ROLES = (
    (
        Role.ASIDE,
        r"out of scope|not in scope|\bwhy\b|background|user stor(?:y|ies)|\bstory\b|context|purpose|"
        r"motivation|introduction|definition of done|"
        r"non-?functional|open questions|todo|stakeholders|glossary|links|references|history|metrics|kpis|"
        r"nice to have|^scope|not now|later\b|^other|^misc\w*|^notes?$|estimate|business value|persona",
    ),
    (
        Role.UNDO,
        r"acceptance|compensat\w+|roll\w*[ -]?back|undo\w*|revers(?:al|e|ing)\w*|unhappy|fail\w*|error\w*|exception\w*|"
        r"goes wrong|go wrong|it breaks|faults?\b|trouble|problems?\b|abort\w*|sad path|"
        r"cancell?ation\w*|clean-?up|recovery|backing out|way back",
    ),
    (
        Role.FORWARD,
        r"steps?\b|flow\b|\bworkflow|happy path|\bprocess\b|sequence|actions?\b|\bwhat\b|functional "
        r"requirements|how it works|\border of\b|procedure|main path|"
        r"scenario|requirements|functions\b|behaviou?r|happens|\bforward\b|tasks?\b|pipeline|activities|the saga",
    ),
)
_PATTERNS = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _ROLES)
_META = re.compile(
    r"^\s*[*_>]*\s*(?:from|to|cc|bcc|subject|date|sent|reply-to|title|type|estimate|priority|reporter|"
    r"assignee|labels?|epic|author|authors|owner|owners|status|"
    r"sprint|components?|story points|points|version|fix version|created|updated|due|project|issue|ticket|id|"
    r"key|tags?|last updated|reviewers?|saga|workflow|use case)"
    r"\s*\*?:\*?\s",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$")
_JIRA = re.compile(r"^h[1-6]\.\s+(.*)$")
_BOLD = re.compile(r"^\s*(?:\*\*|__)(.{1,60}?):?(?:\*\*|__):?\s*$")
_NUMBERED = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+(\S.{0,60})$")
_NEXT_NUMBER = re.compile(r"^\s*\d{1,2}(?:\.\d{1,2})*[.)]?\s+\S")
_ITEM_NEXT = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|\(\d|\||#)")


def is_meta(line: str) -> bool:
    """Whether the line is a header of a mail or of a ticket."""
    told = _META.match(line)
    return (
        bool(told) and len(line) < 160 and not re.search(r"->|: 1[.)]|, \S+ .*, ", line[told.end() :] if told else "")
    )


def role_of(heading: str) -> Role:
    """What a heading, or a line that announces a list, says about what follows."""
    if kind_of(heading):
        return Role.FORWARD
    return next((role for role, pattern in _PATTERNS if pattern.search(heading)), Role.UNKNOWN)


def heading_of(lines: list[str], index: int, hashes_are_items: bool) -> str | None:
    """The heading that the line is, or None."""
    line = lines[index]
    jira, bold = _JIRA.match(line), _BOLD.match(line)
    markdown = None if hashes_are_items else _MARKDOWN.match(line)
    if markdown:
        return markdown[2]
    if jira or bold:
        found = jira or bold
        assert found
        return found[1]
    following = lines[index + 1] if index + 1 < len(lines) else ""
    if re.fullmatch(r"\s*(?:={3,}|-{3,})\s*", following) and line.strip():
        return line.strip()
    if set(line.strip()) <= set("=-*_ "):
        return ""
    if kind_of(line) and len(line.split()) <= 6 and _ITEM_NEXT.match(following) and not _ITEM_NEXT.match(line):
        return line.strip().rstrip(":") + ":"
    return _section_number(lines, index, following) or _bare(lines, index, following)


def _section_number(lines: list[str], index: int, following: str) -> str | None:
    """`2. Functional requirements`, directly followed by something that is not the next number, nor led to by one."""
    leads_on = "->" in lines[index] or (index and _NEXT_NUMBER.match(lines[index - 1]))
    numbered = None if leads_on else _NUMBERED.match(lines[index])
    if numbered and following.strip() and not _NEXT_NUMBER.match(following) and not following.startswith((" ", "\t")):
        return numbered[1] if len(numbered[1].split()) <= 4 and not numbered[1].endswith((".", ";", ",")) else None
    return None


def _bare(lines: list[str], index: int, following: str) -> str | None:
    """`Happy path` or `Compensation:`, alone at the top of its paragraph."""
    line = lines[index].strip()
    alone = index == 0 or not lines[index - 1].strip()
    if (
        not alone
        or len(line.split()) > 6
        or line.startswith(("-", "*", "(", "|", ">"))
        or line.endswith((".", ",", ";", "!", "?"))
    ):
        return None
    if ": " in line:
        return None
    role = role_of(line)
    if line.endswith(":"):
        return line if role is not Role.UNKNOWN or not following.strip() else None
    if following[:1].isupper() and len(following) > 60 and len(line) < 50:
        return line
    named = role is not Role.UNKNOWN and (len(line.split()) <= 3 or line[0].isupper())
    opens = bool(following.strip()) or (index + 2 < len(lines) and bool(_ITEM_NEXT.match(lines[index + 2])))
    spelled = line[0].isupper() or (len(line.split()) <= 3 and not line.endswith(")"))
    return line if named and spelled and opens and "->" not in line else None
