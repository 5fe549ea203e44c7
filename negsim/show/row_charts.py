"""Rows of bars, strokes and curves, for pages: as wide as their place, by Altair (Vega-Lite).

Every row is named over it, not beside it, so that a narrow screen has room for what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any

import attrs

from negsim.clean import clean
from negsim.exact.answer.words import share as in_percent
from negsim.log.wrapping import wrapped
from negsim.show.theme import INK, NAME_LINE, SOFT, TINTS, WIDTH, altair, down, named_rows

LABEL, BAR, CURVE, GAP = 15, 12, 64, 8
NAME_LETTERS = 56  # of a row's name in a line: as many as a telephone has room for


@attrs.frozen
class RowLevel:
    """What a row says, a number, and the interval around it. `name` stands over it, if it is not what it says."""

    words: str
    number: float
    low: float
    high: float
    name: str | None = None


def in_lines(name: str) -> str:
    """A row's name, in lines that a narrow screen has room for."""
    return "\n".join(line for part in name.split("\n") for line in wrapped(part, NAME_LETTERS))


@attrs.frozen
class Placed:
    """Rows from the top down: their names in lines, where each begins, where what is drawn of it begins."""

    names: tuple[str, ...]
    tops: tuple[float, ...]
    bodies: tuple[float, ...]
    height: float


def placed(names: Iterable[str], body: float, *, head: float = 0.0) -> Placed:
    """Rows that are `body` high under their names, under a `head`."""
    written = tuple(in_lines(name) for name in names)
    tops, bodies, top = [], [], head
    for name in written:
        tops.append(top)
        bodies.append(top + LABEL + name.count("\n") * NAME_LINE)
        top = bodies[-1] + body + GAP
    return Placed(written, tuple(tops), tuple(bodies), top)


def bars(rows: Sequence[RowLevel]) -> Any:
    """A bar for each share, with its interval."""
    alt = altair()
    at = placed([row.words if row.name is None else row.name for row in rows], BAR)
    values = [
        {
            "share": row.number,
            "low": row.low,
            "high": row.high,
            "y": top + 2,
            "y2": top + BAR,
            "middle": top + BAR / 2 + 1,
            "said": clean(row.words),
        }
        for row, top in zip(rows, at.bodies, strict=True)
    ]
    base = alt.Chart(alt.InlineData(values=values)).encode(tooltip="said:N", description="said:N")
    y, middle = down(at.height), down(at.height, "middle")
    layers = [
        *named_rows(at.tops, at.names, y),
        base.mark_rect(fill=TINTS[1], stroke=SOFT, strokeWidth=0.6)
        .encode(x=_of_runs("zero"), x2="share", y=y, y2="y2")
        .transform_calculate(zero="0"),
        base.mark_rule(color=INK, strokeWidth=1.6).encode(x=_of_runs("low"), x2="high", y=middle),
        base.mark_tick(color=INK, thickness=1.6, size=8, orient="vertical").encode(x=_of_runs("low"), y=middle),
        base.mark_tick(color=INK, thickness=1.6, size=8, orient="vertical").encode(x=_of_runs("high"), y=middle),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=at.height)


def _of_runs(field: str) -> Any:
    """Shares from none to all, to the right."""
    alt = altair()
    axis = alt.Axis(orient="top", values=[0, 0.25, 0.5, 0.75, 1], format="%", labelFlush=True, domain=False)
    return alt.X(f"{field}:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1], nice=False))


def forest(rows: Sequence[RowLevel]) -> Any:
    """A point with its interval for each difference, around no difference."""
    alt = altair()
    at = placed([row.words if row.name is None else row.name for row in rows], BAR)
    most = max([0.01, *(max(-row.low, row.high) for row in rows)])
    values = [
        {
            "x": 100 * row.number,
            "low": 100 * row.low,
            "high": 100 * row.high,
            "y": top + BAR / 2 + 1,
            "said": clean(row.words),
        }
        for row, top in zip(rows, at.bodies, strict=True)
    ]
    axis = alt.Axis(orient="top", tickCount=5, format="+~f", labelFlush=True, domain=False)
    scale = alt.Scale(domain=[-100 * most, 100 * most], nice=False)
    y = down(at.height)
    base = alt.Chart(alt.InlineData(values=values)).encode(y=y, tooltip="said:N", description="said:N")

    def points(field: str) -> Any:
        return alt.X(f"{field}:Q", title=None, axis=axis, scale=scale)

    layers = [
        *named_rows(at.tops, at.names, y),
        alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(color=SOFT, strokeDash=[3, 3]).encode(x=points("x")),
        base.mark_rule(color=INK, strokeWidth=1.6).encode(x=points("low"), x2="high"),
        base.mark_tick(color=INK, thickness=1.6, size=8, orient="vertical").encode(x=points("low")),
        base.mark_tick(color=INK, thickness=1.6, size=8, orient="vertical").encode(x=points("high")),
        base.mark_point(filled=True, fill=TINTS[1], stroke=INK, strokeWidth=1, size=60, opacity=1).encode(
            x=points("x")
        ),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=at.height)


def strokes(rows: Sequence[tuple[str, Sequence[tuple[float, str]]]]) -> Any:
    """A stroke for each of many shares, from the smallest to the largest."""
    alt = altair()
    tops = [number * (LABEL + 18 + GAP) for number in range(len(rows) + 1)]
    spans, strokes, labels = [], [], []
    for (words, cells), top in zip(rows, tops, strict=False):
        shares = [share for share, _ in cells] or [0.0]
        low, middle, high = min(shares), median(shares), max(shares)
        labels.append(f"{words}: {in_percent(low)} to {in_percent(high)} %, half of them up to {in_percent(middle)} %")
        spans.append({"x": low, "x2": high, "y": top + LABEL + 9})
        strokes += [
            {"x": share, "y": top + LABEL + 9, "said": clean(f"{said}\n{words}: {in_percent(share)} %")}
            for share, said in cells
        ]
    y = down(tops[-1])
    layers = [
        *named_rows(tops[:-1], labels, y),
        alt.Chart(alt.InlineData(values=spans)).mark_rule(color=SOFT).encode(x=_of_runs("x"), x2="x2", y=y),
        alt.Chart(alt.InlineData(values=strokes))
        .mark_tick(color=INK, thickness=1, size=14, opacity=0.5, orient="vertical")
        .encode(x=_of_runs("x"), y=y, tooltip="said:N", description="said:N"),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def curves(rows: Sequence[tuple[str, Sequence[dict[str, Any]]]], x: Any, *, dots: bool = True) -> Any:
    """A curve a row: points with `x`, `share`, what they say (if anything), and an interval from `low` to `high`."""
    alt = altair()
    tops = [number * (LABEL + CURVE + GAP) for number in range(len(rows) + 1)]
    points = [
        {
            "x": point["x"],
            "row": number,
            "y": _height(top, point["share"]),
            "low": _height(top, point["low"]),
            "high": _height(top, point["high"]),
            "said": clean(f"{words}, {point['said']}") if point["said"] else "",
        }
        for number, ((words, found), top) in enumerate(zip(rows, tops, strict=False))
        for point in found
    ]
    y = down(tops[-1])
    base = alt.Chart(alt.InlineData(values=points))
    layers = [
        *named_rows(tops[:-1], [words for words, _ in rows], y),
        *_levels(tops[:-1], y),
        base.mark_area(color=TINTS[1]).encode(x=x, y=down(tops[-1], "low"), y2="high", detail="row:N"),
        base.mark_line(color=INK, strokeWidth=1.4).encode(x=x, y=y, detail="row:N"),
        base.transform_filter("datum.said != ''")
        .mark_point(color=INK, filled=True, opacity=1 if dots else 0, size=22 if dots else 120)
        .encode(x=x, y=y, tooltip="said:N", description="said:N"),
    ]
    return alt.layer(*layers).properties(width=WIDTH, height=tops[-1])


def _height(top: float, share: float) -> float:
    return round(top + LABEL + (1 - share) * CURVE, 2)


def _levels(tops: Sequence[float], y: Any) -> Iterator[Any]:
    """Where none, half and all of the runs are."""
    alt = altair()
    levels = [{"y": _height(top, share), "words": f"{100 * share:.0f} %"} for top in tops for share in (0.0, 0.5, 1.0)]
    base = alt.Chart(alt.InlineData(values=levels)).encode(y=y)
    yield base.mark_rule(color=SOFT, opacity=0.35, strokeDash=[1, 3])
    yield base.mark_text(align="right", baseline="bottom", dx=-2, fontSize=9, color=SOFT).encode(
        x=alt.value("width"), text="words:N"
    )
