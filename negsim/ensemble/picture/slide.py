"""Pictures of readings for a wall: 16 by 9, questions and answers whole, in letters that the last row can read.

What there is no room for in such letters is counted, not shown smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from negsim.clean import clean
from negsim.ensemble.picture.setting_words import QuestionAsked
from negsim.ensemble.picture.shades import SHADES
from negsim.errors import UsageError, to_install
from negsim.log.wrapping import letters, wrapped

WIDTH, HEIGHT, EDGE = 1280, 720, 36
TITLE, ABOUT, FOOT = 28, 16, 16  # letters, in pixels
SIZES = (24, 22, 20, 18)  # letters of questions and answers, the largest that has room for all
LEFT = 620  # how far questions and answers reach
KEY_SIZES = (*SIZES, 16)  # of questions and answers that rows are signs of
SMALL, SIGN = 14, 18  # letters of intervals, and of signs
LETTER = 0.52  # how wide a letter is on the whole, of its height
INK, SOFT, LINE, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"


@attrs.frozen
class SlideBox:
    """A number with its interval on a colour."""

    fill: str
    number: str
    interval: str


@attrs.frozen
class ShareBar:
    """A number with its interval as a bar, or (where numbers can be below none) as a point."""

    number: float
    low: float
    high: float
    words: str


@attrs.frozen
class SlideRow:
    """The question of some rows (in the first of them alone), an answer in its lines, and what came of it."""

    question: str
    answers: tuple[str, ...]
    shown: tuple[SlideBox, ...] | ShareBar


@attrs.frozen
class Slide:
    """What stands on a slide. `columns` head boxes; rows are signs of what is in `key`; `signed`: numbers around 0."""

    title: str
    about: str
    rows: tuple[SlideRow, ...]
    columns: tuple[str, ...] = ()
    key: tuple[QuestionAsked, ...] = ()
    signed: bool = False


@attrs.define
class _Marks:
    """What is drawn, in pixels from the upper left corner."""

    texts: list[dict[str, Any]] = attrs.field(factory=list)
    boxes: list[dict[str, Any]] = attrs.field(factory=list)

    def write(self, x: float, y: float, words: str, size: float, *, look: str = "plain") -> None:
        """A line of text; its `look` is `plain`, `bold`, `soft` or `middle`."""
        self.texts.append({"x": x, "y": y, "words": clean(words), "size": size, "look": look})

    def box(self, x: float, y: float, until: tuple[float, float], fill: str) -> None:
        """A box to a lower right corner."""
        self.boxes.append({"x": x, "y": y, "x2": until[0], "y2": until[1], "fill": fill})


def drawn(slide: Slide) -> Any:
    """The slide as a chart of Altair. It is as high as it must be where its key, or one row alone, has no room."""
    marks = _Marks()
    top = _head(marks, slide)
    room = HEIGHT - EDGE - FOOT - top
    size, heights = _fitting(slide, room)
    lowest = _key(marks, slide, (top, room))
    y, shown = top, 0
    for row, height in zip(slide.rows, heights, strict=False):
        if shown and y + height > max(HEIGHT - EDGE - FOOT, lowest):
            break
        _row(marks, slide, row, (y, height, size))
        y += height
        shown += 1
    bottom = max(HEIGHT, max(y, lowest) + EDGE + FOOT)
    left = len(slide.rows) - shown
    if left:
        marks.write(
            EDGE, bottom - EDGE, f"{left} more {'row is' if left == 1 else 'rows are'} not shown.", FOOT, look="soft"
        )
    return _chart(marks, bottom)


def _head(marks: _Marks, slide: Slide) -> float:
    """Title, what it is, and the heads of columns; where the rows begin."""
    y = float(EDGE)
    for line in wrapped(slide.title, _fits(TITLE)):
        marks.write(EDGE, y, line, TITLE, look="bold")
        y += TITLE * 1.2
    for line in wrapped(slide.about, _fits(ABOUT)):
        marks.write(EDGE, y, line, ABOUT, look="soft")
        y += ABOUT * 1.25
    y += 16
    column, first = _columns(slide)
    heads = [wrapped(name, _fits(ABOUT, column - 6)) for name in slide.columns]
    for place, lines in enumerate(heads):
        for number, line in enumerate(lines):
            marks.write(first + (place + 0.5) * column, y + number * ABOUT * 1.15, line, ABOUT, look="middle")
    y += max((len(lines) for lines in heads), default=0) * ABOUT * 1.15
    return y if heads else _scale(marks, slide, y)


def _key(marks: _Marks, slide: Slide, place: tuple[float, float]) -> float:
    """The questions and answers that rows are signs of, left of them; where they end."""
    y, room = place
    for size in KEY_SIZES:
        lines = [(line, look, size * (1.2 if line else 0.5)) for line, look in _key_lines(slide, size)]
        if sum(high for _, _, high in lines) <= room:
            break
    for line, look, high in lines:
        marks.write(EDGE, y + 4, line, size, look=look)
        y += high
    return y


def _key_lines(slide: Slide, size: int) -> Iterator[tuple[str, str]]:
    """Each line of the key with its look; an empty one after each question with its answers."""
    width = _fits(size, LEFT - EDGE - 16)
    for asked in slide.key:
        yield from ((line, "bold") for line in wrapped(f"{asked.number}  {asked.words}", width))
        for value, words in asked.answers.items():
            yield from ((line, "plain") for line in wrapped(f"{asked.sign(value)}  {words}", width))
        yield "", "plain"


def _scale(marks: _Marks, slide: Slide, y: float) -> float:
    """What stands at the ends of bars."""
    most = _most(slide)
    ends = ((-most, 0.0, most) if slide.signed else (0.0, most / 2, most)) if slide.rows else ()
    for end in ends:
        words = f"{100 * end:+.3g}" if slide.signed and end else f"{100 * end:.3g}{'' if slide.signed else ' %'}"
        marks.write(_at(slide, end), y, words, ABOUT, look="middle")
    return y + ABOUT * 1.25


def _columns(slide: Slide) -> tuple[float, float]:
    """How wide columns of boxes are, and where the first begins: right of what rows say."""
    signs = max((letters(words) for row in slide.rows for words in row.answers), default=0) if slide.key else 0
    first = LEFT + signs * SIGN * LETTER * 1.1
    return (WIDTH - EDGE - first) / max(len(slide.columns), 1), first


def _fits(size: float, width: float = WIDTH - 2 * EDGE) -> int:
    """How many letters of a size have room in a width."""
    return max(1, int(width / (size * LETTER)))


def _fitting(slide: Slide, room: float) -> tuple[int, list[float]]:
    """The size of letters in which all rows have room, else the smallest; and how high each row is then."""
    for size in SIZES:
        heights = [_height(slide, row, size) for row in slide.rows]
        if sum(heights) <= room:
            break
    return size, heights


def _lines(row: SlideRow, size: int) -> tuple[list[str], list[str]]:
    """The lines of a row's question and of its answers."""
    width = _fits(size, LEFT - EDGE - 16)
    asked = wrapped(row.question, width) if row.question else []
    return asked, [line for words in row.answers for line in wrapped(words, width)]


def _height(slide: Slide, row: SlideRow, size: int) -> float:
    if slide.key:  # a row is as high as a number and its interval
        return size + SMALL + 7
    asked, answers = _lines(row, size)
    return (len(asked) + max(len(answers), 2)) * size * 1.2 + 14


def _row(marks: _Marks, slide: Slide, row: SlideRow, place: tuple[float, float, int]) -> None:
    y, height, size = place
    if slide.key:
        marks.write(LEFT, y + (height - SIGN) / 2, " ".join(row.answers), SIGN)
        top, edge = y, 1
    else:
        marks.box(EDGE, y, (WIDTH - EDGE, y + 1), LINE)
        asked, answers = _lines(row, size)
        for number, line in enumerate([*asked, *answers]):
            look = "bold" if number < len(asked) else "plain"
            marks.write(EDGE, y + 7 + number * size * 1.2, line, size, look=look)
        top, edge = y + len(asked) * size * 1.2, 4
    if isinstance(row.shown, ShareBar):
        _bar(marks, slide, row.shown, (top + edge, size))
    else:
        _boxes(marks, slide, row.shown, (top + edge, y + height - edge, size))


def _boxes(marks: _Marks, slide: Slide, boxes: Sequence[SlideBox], place: tuple[float, float, int]) -> None:
    top, bottom, size = place
    (column, first), middle = _columns(slide), (top + bottom) / 2
    widest = max(letters(box.interval) for box in boxes)
    small = min(float(SMALL), (column - 8) / (max(widest, 1) * LETTER))
    for number, box in enumerate(boxes):
        x = first + number * column
        marks.box(x + 1, top, (x + column - 1, bottom), box.fill)
        large = min(float(size), (column - 8) / (letters(box.number) * LETTER))
        high = large + (small + 3 if box.interval else 0)
        marks.write(x + column / 2, middle - high / 2 + 1, box.number, large, look="middle")
        if box.interval:
            marks.write(x + column / 2, middle + high / 2 + 1 - small, box.interval, small, look="middle")


def _most(slide: Slide) -> float:
    """What the bars reach to: all of it, or the largest difference."""
    if not slide.signed:
        return 1.0
    return max([0.01, *(max(-row.shown.low, row.shown.high) for row in slide.rows if isinstance(row.shown, ShareBar))])


def _at(slide: Slide, number: float) -> float:
    """Where a number stands, from left to right."""
    most = _most(slide)
    share = (number + most) / (2 * most) if slide.signed else number / most
    return LEFT + 24 + share * (WIDTH - EDGE - LEFT - 48)


def _bar(marks: _Marks, slide: Slide, bar: ShareBar, place: tuple[float, int]) -> None:
    """A bar from none, with the line of its interval, and its words under it."""
    top, size = place
    none, end, low, high = (_at(slide, number) for number in (0.0, bar.number, bar.low, bar.high))
    middle = top + size * 0.7
    marks.box(min(none, end), middle - 8, (max(none, end), middle + 8), SHADES[3])
    marks.box(none - 1, top, (none + 1, top + size * 2.4), LINE)
    marks.box(low, middle - 1, (high, middle + 1), INK)
    for edge in (low, high):
        marks.box(edge - 1, middle - 6, (edge + 1, middle + 6), INK)
    marks.write(LEFT + 24, top + size * 1.3, bar.words, size, look="plain")


def _chart(marks: _Marks, height: float) -> Any:
    alt = altair()
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, WIDTH], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False))
    boxes = alt.Chart(alt.InlineData(values=marks.boxes)).mark_rect()
    layers = [boxes.encode(x=x, y=y, x2="x2", y2="y2", fill=alt.Fill("fill:N", scale=None)), *_written(marks, x, y)]
    made = alt.layer(*layers).properties(width=WIDTH, height=height, padding=0, background=PAPER)
    return made.configure_view(stroke=None).configure(font=FONT)


def _written(marks: _Marks, x: Any, y: Any) -> Iterator[Any]:
    alt = altair()
    looks: dict[str, dict[str, Any]] = {
        "plain": {"color": INK},
        "bold": {"color": INK, "fontWeight": "bold"},
        "soft": {"color": SOFT},
        "middle": {"color": INK, "align": "center"},
    }
    for look, how in looks.items():
        rows = [each for each in marks.texts if each["look"] == look]
        base = alt.Chart(alt.InlineData(values=rows)).mark_text(**{"align": "left", "baseline": "top", **how})
        yield base.encode(x=x, y=y, text="words:N", size=alt.Size("size:Q", scale=None, legend=None))


def altair() -> Any:
    """The library that makes pictures: an extra, loaded when a picture is made."""
    try:
        import altair  # noqa: ICN001, PLC0415 - an extra
    except ImportError:
        raise UsageError("pictures need the charts extra", to_install("charts")) from None
    return altair
