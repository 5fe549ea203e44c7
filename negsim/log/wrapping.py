"""Long texts in lines, for places that do not wrap by themselves: pictures and graphs. Nothing is ever cut off."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import east_asian_width

WIDE = frozenset("WF")  # characters twice as wide as a letter


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most so many letters, broken at blanks; a longer word is broken where it has to be.

    Each stretch of blanks is one. A text without words is one empty line.
    """
    lines = [""]
    for word in text.split():
        for piece in _pieces(word, width):
            longer = f"{lines[-1]} {piece}" if lines[-1] else piece
            if letters(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(piece)
    return lines


def letters(text: str) -> int:
    """How wide a text is, in letters: a Chinese, Japanese or Korean character is as wide as two."""
    return sum(2 if east_asian_width(character) in WIDE else 1 for character in text)


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word, in pieces where it is wider than a line."""
    if letters(word) <= width:
        yield word
        return
    piece = ""
    for character in word:
        if piece and letters(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece
