"""A sentence cut where one action may end and the next begin."""

import re

from saga_scaffold.language.verbs import is_participle

_CUT = re.compile(
    r"\s*;\s*|,\s+(?:and|but|or|so)\s+then\s+|,\s+(?:and|but|plus)\s+|,\s+then\s+|,\s+|"
    r"\s+and\s+(?:only\s+)?then\s+|\s+(?:and|plus)\s+|(?<! is)(?<! are)(?<! be)(?<! shall)(?<! must)(?<! "
    r"will)(?<! who)(?<! which)(?<! it)\s+then\s+|\s+[+&]\s+|\s+as well as\s+|\s+followed "
    r"by\s+|,?\s+while\s+(?=(?:the |our )?[\w-]+(?: [\w-]+)?\s+\w+s\s+(?:the|a|an|its)\b|"
    r"(?:the|our) (?:[\w-]+ ){1,3}\w+s \w)"
)
_CHAIN = re.compile(r"\s+->\s+|\s+>\s+|\s+/\s+|\s*\|\s*")


def pieces(text: str) -> list[tuple[str, str]]:
    """The pieces of a sentence, each with the words that join it to the piece before; brackets and quotes stay whole.

    In a list with commas, `credit destination + commit hold` is one piece."""
    found: list[tuple[str, str]] = []
    start, joint = 0, ""
    depth = _depths(text)
    listed = "," in text or ";" in text
    for match in _CUT.finditer(text):
        if match[0].strip() in {"+", "&"} and listed:
            continue
        if depth[match.start()] or _in_a_list_of_numbers(text, match):
            continue
        found.append((text[start : match.start()].strip(), joint))
        start, joint = match.end(), match[0].strip()
    found.append((text[start:].strip(), joint))
    return [(piece, joint) for piece, joint in found if piece.strip(" .,;:!?")]


def chain(text: str) -> list[str]:
    """The elements of `a -> b -> c`, of `a > b > c` or of `a / b / c`; one element where the text is no chain."""
    for separator in (" -> ", " > ", " / ", " | ", " + "):
        if text.count(separator) >= (1 if separator == " -> " else 2):
            return [part.strip(" .;,") for part in text.split(separator) if part.strip(" .;,")]
    return [text]


def is_an_outcome(element: str) -> bool:
    """Whether the left of an arrow is what has happened, and not what is done: `mint reverted`."""
    words = element.split()
    return 1 < len(words) <= 4 and is_participle(words[-1])


def _depths(text: str) -> list[bool]:
    """For each letter whether it stands in brackets or in double quotes."""
    inside: list[bool] = []
    brackets, quoted = 0, False
    balanced = text.count('"') % 2 == 0
    for letter in text:
        if letter in "([":
            brackets += 1
        elif letter in ")]":
            brackets = max(0, brackets - 1)
        elif letter == '"' and balanced:
            quoted = not quoted
        inside.append(brackets > 0 or quoted)
    return [*inside, False]


def _in_a_list_of_numbers(text: str, match: re.Match[str]) -> bool:
    return bool(
        re.search(r"\d\s*$", text[: match.start()][-4:]) and re.match(r"\d", text[match.end() : match.end() + 1])
    )
