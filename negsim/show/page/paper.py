"""One printed page that is being filled: how much has room on it. What has none is counted; no text is cut.

How much there is room for is reckoned in lines of letters, with some to spare for other fonts and for letter paper.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from negsim.log.wrapping import wrapped
from negsim.show.page.elements import Content, Markup, items, paragraph, tag, together
from negsim.show.page.frame import sheet
from negsim.wording import counted

LINES, LETTERS = 64, 110  # of a page
HEADING = 2  # lines that a heading takes
TITLE_LETTERS, TITLE_LINE = 68, 1.5  # of the title, in a line; and how much higher its lines are
LEAD_LETTERS = 95
MOST_TITLE, MOST_LEAD, MOST_TEXT = 8, 2, 8  # lines that one text can take
NO_ROOM = ", for which there is no room here"
COUNTED = HEADING + 1  # a heading, and how many things under it have no room
BROADEST = frozenset("MWmw@%—…жмфшщыюæœ")  # letters and signs that are as broad as two


def height(words: str, letters: int = LETTERS) -> int:
    """How many lines a text takes. A blank is reckoned as half a letter, a capital as one and a half."""
    return len(wrapped("".join(map(_reckoned, words)), 2 * letters))


def _reckoned(sign: str) -> str:
    """A sign as many times as it is broad, in halves of a letter; a blank once."""
    if sign.isspace():
        return sign
    return sign * (4 if sign in BROADEST else 3 if sign.isupper() else 2)


@attrs.frozen
class Line:
    """Something that stands in a list: what it looks like, how high it is, and its place in the list's order."""

    markup: Markup
    height: int
    place: float = 0.0


def line(*contents: Content, words: str, place: float = 0.0, letters: int = LETTERS - 4) -> Line:
    """A line of these contents, which say these words."""
    return Line(together(*contents), height(words, letters), place)


@attrs.frozen
class Listing:
    """Lines under a heading. `noun` is what one of them is called, `weight` how much of the page is theirs."""

    heading: str
    lines: Sequence[Line]
    noun: str
    weight: float = 1


@attrs.define
class _Filled:
    """What of a list stands on the page so far, how high that is, and how much was left out."""

    listing: Listing
    kept: list[Line] = attrs.field(factory=list)
    seen: int = 0
    height: int = 0

    @property
    def left(self) -> int:
        return self.seen - len(self.kept)

    @property
    def is_done(self) -> bool:
        return self.seen == len(self.listing.lines)

    def take(self, room: float) -> int:
        """Takes the next line where there is room for it; how high it is."""
        line = self.listing.lines[self.seen]
        self.seen += 1
        if line.height > room:
            return 0
        self.kept.append(line)
        self.height += line.height
        return line.height

    @property
    def markup(self) -> Markup:
        shown = items(each.markup for each in sorted(self.kept, key=lambda each: each.place))
        noun = self.listing.noun
        more = f"And {counted(self.left, f'more {noun}')}." if self.kept else f"{counted(self.left, noun)}{NO_ROOM}."
        return together(shown, paragraph(more, class_="soft") if self.left else None)


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

    def lists(self, *listings: Listing, most: float = LINES, then: int = 0) -> None:
        """Lists one under another, in which the first lines come first. What has no room is counted.

        Room goes to a line of the list that has least for its weight, until nothing more fits. All of them take `most`
        at most, and `then` says how many lists come later.
        """
        filled = [_Filled(each) for each in listings if each.lines]
        room = min(self.room - then * COUNTED, most) - len(filled) * COUNTED
        waiting = list(filled)
        while waiting:
            least = min(waiting, key=lambda each: each.height / each.listing.weight)
            room -= least.take(room)
            if least.is_done:
                waiting.remove(least)
                room += 0 if least.left else 1  # nothing is left to be counted
        for each in filled:
            self.put(each.listing.heading, each.height + (1 if each.left else 0), each.markup)

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
