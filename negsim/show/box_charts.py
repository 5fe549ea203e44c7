"""Rows of boxes, a column for each outcome, each box with a number and its interval; by Altair (Vega-Lite)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from negsim.clean import clean
from negsim.ensemble.picture.slide import SlideBox
from negsim.show.row_charts import Placed, placed
from negsim.show.theme import SOFT, WIDTH, altair, down, named_rows
from negsim.wording import in_words

BOX = 36
HEAD_LINE = 12
_CENTERED = {"align": "center", "baseline": "middle"}

Rows = Sequence[tuple[str, Sequence[SlideBox]]]


def boxes(rows: Rows, columns: Sequence[str]) -> Any:
    """Rows of boxes with a number and its interval, which is in two lines where there is no room for one."""
    alt = altair()
    heads = [in_words(name).split() for name in columns]
    at = placed([words for words, _ in rows], BOX, head=HEAD_LINE * max(len(words) for words in heads) + 4)
    values = [*_values(rows, columns, at=at)]
    letters = max((len(box.interval) for _, boxes in rows for box in boxes), default=0)
    layers = [
        _heads(heads, down(at.height)),
        *named_rows(at.tops, at.names, down(at.height)),
        *_drawn(values, at.height, columns=len(columns), letters=letters),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=at.height)


def _values(rows: Rows, columns: Sequence[str], *, at: Placed) -> Iterator[dict[str, Any]]:
    """Where each box stands and what is written in it."""
    for (words, boxes), top in zip(rows, at.bodies, strict=True):
        for column, box in enumerate(boxes):
            yield {
                **attrs.asdict(box),
                "x": column,
                "x2": column + 1,
                "center": column + 0.5,
                "y": top,
                "y2": top + BOX,
                "first": top + 9,
                "second": top + 24,
                "narrow": box.interval.replace(" to ", " to\n"),
                "said": clean(f"{words}\n{in_words(columns[column])}: {box.number} ({box.interval})"),
            }


def _heads(heads: Sequence[Sequence[str]], y: Any) -> Any:
    """The names of the columns, a word a line."""
    alt = altair()
    named = [
        {"center": column + 0.5, "y": HEAD_LINE * (line + 0.5), "words": clean(word)}
        for column, words in enumerate(heads)
        for line, word in enumerate(words)
    ]
    return (
        alt.Chart(alt.InlineData(values=named))
        .mark_text(**_CENTERED, fontSize=10.5, color=SOFT)
        .encode(x=_across(len(heads), "center"), y=y, text="words:N")
    )


def _drawn(values: list[dict[str, Any]], height: float, *, columns: int, letters: int) -> Iterator[Any]:
    """The boxes, their numbers and their intervals, of which the longest has some `letters`."""
    alt = altair()
    fits = f"{letters} * 4.8 + 4 < width / {columns}"
    center, second = _across(columns, "center"), down(height, "second")
    base = alt.Chart(alt.InlineData(values=values))
    yield base.mark_rect(stroke=SOFT, strokeWidth=0.4).encode(
        x=_across(columns, "x"), x2="x2", y=down(height), y2="y2", fill=alt.Fill("fill:N", scale=None),
        tooltip="said:N", description="said:N",
    )  # fmt: skip
    yield base.mark_text(**_CENTERED, fontSize=11).encode(x=center, y=down(height, "first"), text="number:N")
    yield (base.mark_text(**_CENTERED, fontSize=9).transform_filter(fits).encode(x=center, y=second, text="interval:N"))
    yield (
        base.mark_text(**_CENTERED, fontSize=8.5, lineBreak="\n", lineHeight=9.5, dy=-4)
        .transform_filter(f"!({fits})")
        .encode(x=center, y=second, text="narrow:N")
    )


def _across(columns: int, field: str) -> Any:
    alt = altair()
    return alt.X(f"{field}:Q", axis=None, scale=alt.Scale(domain=[0, columns], nice=False, zero=False))
