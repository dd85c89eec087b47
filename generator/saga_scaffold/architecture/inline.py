"""Texts and names as they stand in the document, and back: whatever a title holds, it is neither markup nor lost."""

import json
import re

_MARKUP = re.compile(r"[\\`*_\[\]<>|#~&]")
_AT_START = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAK = "<br>"
_QUOTED = re.compile(r'`("(?:[^`])*")`')


def prose(text: str) -> str:
    """The text as inline Markdown on one line; what Markdown would change is written as a quoted code span."""
    lines = text.split("\n")
    if not text or not all(_is_neat(line) for line in lines):
        return _quoted(text)
    return _BREAK.join(map(_escaped, lines))


def code(name: str) -> str:
    """A name, a guard or a path in a code span."""
    plain = bool(name) and _is_neat(name) and not any(mark in name for mark in "`|\n") and not name.startswith('"')
    return f"`{name}`" if plain else _quoted(name)


def bold(name: str) -> str:
    """An identifier in a code span inside bold."""
    return f"**{code(name)}**"


def read_prose(markdown: str) -> str:
    """What `prose` wrote; also plain text that somebody wrote there."""
    quoted = _QUOTED.fullmatch(markdown.strip(" "))
    if quoted:
        return _unquoted(quoted[1])
    return "\n".join(_ESCAPED.sub(r"\1", line) for line in markdown.strip(" ").split(_BREAK))


def read_code(markdown: str) -> str:
    """What `code` or `bold` wrote; also the bare name."""
    bare = markdown.strip(" *")
    quoted = _QUOTED.fullmatch(bare)
    if quoted:
        return _unquoted(quoted[1])
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == "`" else bare


def read_codes(markdown: str) -> list[str]:
    """Every code span of a line, in order."""
    return [read_code(span) for span in re.findall(r"`[^`]+`", markdown)]


def _escaped(line: str) -> str:
    escaped = _MARKUP.sub(r"\\\g<0>", line)
    return _AT_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def _is_neat(line: str) -> bool:
    """Whether Markdown and editors leave the line as it is."""
    return (
        line == " ".join(line.split()) if line.isascii() else line == line.strip() and "  " not in line and _shown(line)
    )


def _shown(line: str) -> bool:
    return all(letter == " " or (letter.isprintable() and not letter.isspace()) for letter in line)


def _quoted(text: str) -> str:
    written = json.dumps(text).replace("`", "\\u0060").replace("|", "\\u007c")
    return f"`{written}`"


def _unquoted(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written
