"""How a text is laid out in bytes: a byte order mark, line ends of Windows. None of it is a change."""

from dataclasses import dataclass

_MARK = "\ufeff"


@dataclass(frozen=True)
class Layout:
    """What an editor, or git on Windows, gives to a text."""

    mark: bool
    returns: bool

    @classmethod
    def of(cls, text: str) -> "Layout":
        """That of a text; line ends of both kinds are left as they are."""
        ends = text.count("\n")
        return cls(text.startswith(_MARK), 0 < ends == text.count("\r\n"))

    def taken(self, text: str) -> str:
        """The text without it."""
        text = text.removeprefix(_MARK) if self.mark else text
        return text.replace("\r\n", "\n") if self.returns else text

    def given(self, text: str) -> str:
        """The text with it again."""
        text = text.replace("\n", "\r\n") if self.returns else text
        return _MARK + text if self.mark else text


def plain(text: str) -> str:
    """The text without any."""
    return Layout.of(text).taken(text)
