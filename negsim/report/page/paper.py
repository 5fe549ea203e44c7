"""One printed page that is being filled: how much has room on it. What has none is counted; no text is cut.

How much there is room for is reckoned in lines of letters, with some to spare for other fonts and for letter paper.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from negsim.log.text import counted
from negsim.log.wrapping import wrapped
from negsim.report.page.elements import Content, Markup, items, paragraph, tag, together
from negsim.report.page.frame import sheet

LINES, LETTERS = 64, 110  # of a page
HEADING = 2  # lines that a heading takes
TITLE_LETTERS, TITLE_LINE = 68, 1.5  # of the title, in a line; and how much higher its lines are
LEAD_LETTERS = 95
MOST_TITLE, MOST_LEAD, MOST_TEXT = 8, 2, 8  # lines that one text can take
NO_ROOM = ", for which there is no room here"
COUNTED = HEADING + 1  # a heading, and how many things under it have no room
BROAD = frozenset("mw@%&—…жмфшщыюæœ")  # small letters and signs that are nearly as broad as two


def height(words: str, letters: int = LETTERS) -> int:
    """How many lines a text takes. Capitals and other broad letters are reckoned as two."""
    reckoned = "".join(each + each if each.isupper() or each in BROAD else each for each in words)
    return len(wrapped(reckoned, letters))


@attrs.frozen
class Line:
    """Something that stands in a list: what it looks like, how high it is, and its place in the list's order."""

    markup: Markup
    height: int
    place: float = 0.0


def line(*contents: Content, words: str, place: float = 0.0, letters: int = LETTERS - 4) -> Line:
    """A line of these contents, which say these words."""
    return Line(together(*contents), height(words, letters), place)


@attrs.define
class Paper:
    """A page that is being filled, from the top down."""

    room: float = LINES
    parts: list[Markup] = attrs.field(factory=list)

    def say(self, heading: str, *texts: str) -> None:
        """Paragraphs under a heading; of a text that is too long only its length."""
        said = [fitting(each, MOST_TEXT) for each in texts]
        self.put(heading, sum(map(height, said)), *map(paragraph, said))

    def put(self, heading: str, lines: float, *contents: Content) -> None:
        """What takes so many lines, under a heading."""
        self.room -= HEADING + lines
        self.parts.append(together(tag("h2", heading), *contents))

    def list(
        self, heading: str, lines: Iterable[Line], noun: str, *, rest: str = "", most: int = LINES, then: int = 0
    ) -> list[Line]:
        """As many of some lines as there is room for, the first ones first; the others are counted.

        `noun` is what one of them is called, and `rest` says more of the others. `most` is how much of the page they
        take at most, and `then` how many such lists come after this one.
        """
        room = min(self.room - then * COUNTED, most) - HEADING - 1
        kept: list[Line] = []
        left = 0
        for each in lines:
            if each.height <= room:
                kept.append(each)
                room -= each.height
            else:
                left += 1
        if kept or left:
            shown = items(each.markup for each in sorted(kept, key=lambda each: each.place))
            more = f"And {counted(left, f'more {noun}')}{rest}." if kept else f"{counted(left, noun)}{rest}{NO_ROOM}."
            told = paragraph(more, class_="soft") if left else None
            self.put(heading, sum(each.height for each in kept) + (1 if left else 0), shown, told)
        return kept

    def written(self, title: str, lead: str, more: str, foot: Markup | None = None) -> str:
        """The page. `more` goes on with the lead where there is room for it."""
        whole = f"{lead}: {more}"
        said = whole if more and height(whole, LEAD_LETTERS) <= MOST_LEAD else lead
        return sheet(titled(title), said, together(*self.parts, foot))


def paper(title: str) -> Paper:
    """An empty page under a title and a lead."""
    return Paper(LINES - TITLE_LINE * height(titled(title), TITLE_LETTERS) - MOST_LEAD)


def titled(title: str) -> str:
    """A title, or how long it is where it is too long for a page."""
    return fitting(title, MOST_TITLE, TITLE_LETTERS)


def fitting(text: str, most: int, letters: int = LETTERS) -> str:
    """A text, or how long it is where it takes more than so many lines."""
    return text if height(text, letters) <= most else f"[{counted(len(text), 'letter')}{NO_ROOM}]"
