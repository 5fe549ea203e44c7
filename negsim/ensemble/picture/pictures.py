"""Pictures of results, by Altair: shares as bars, along a sweep as lines, over cells as a heat map.

Each number is drawn with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from negsim.clean import clean
from negsim.ensemble.picture.reading_slides import about, common_values, is_of_readings, reading_slide
from negsim.ensemble.picture.setting_words import answer, question, settings
from negsim.ensemble.picture.slide import altair, drawn
from negsim.ensemble.sample.intervals import Share
from negsim.ensemble.sample.sample import CellResult, Sample
from negsim.errors import UsageError, did_you_mean
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.log.wrapping import wrapped
from negsim.wording import in_words

MOST_ROWS = 200
ROW_HEIGHT, COLUMN_WIDTH = 34, 118
ROW_LETTERS, COLUMN_LETTERS, TITLE_LETTERS = 60, 20, 60  # of a name in a line
LABEL_LINE = 12  # from one line of a name to the next
BAR_HEIGHT, BAR_WIDTH = 28, 460
LINE_WIDTH, LINE_HEIGHT = 560, 320
DARK_FROM = 0.55  # a share from which on its cell is so dark that its text is light
BLUES = ["#f7fbff", "#08519c"]
INK, SOFT = "#1f2328", "#59636e"


def picture(sample: Sample, outcome: str | None = None) -> Any:
    """The picture that fits a sample, with its title; of one outcome alone where it is named.

    Of readings it is a slide, 16 by 9, with their questions and answers.
    """
    outcomes = _shown(sample, outcome)
    if is_of_readings(sample):
        _check_room(sample)
        return drawn(reading_slide(sample, outcomes, outcome))
    made = drawing(sample, outcome)
    return made.properties(title=_title(sample, outcome), background="#ffffff", padding=12).configure_view(stroke=None)


def drawing(sample: Sample, outcome: str | None = None) -> Any:
    """The picture of a result whose readings are not varied alone, without title and ground."""
    outcomes = _shown(sample, outcome)
    if len(sample.cells) == 1:
        return _bars(sample, outcomes)
    if len(sample.varied) == 1 and sample.varied[0] in sample.scenario.parameters:
        return _lines(sample, outcomes)
    if len(sample.varied) == 2:  # noqa: PLR2004 - a plane
        return _planes(sample, outcomes)
    return _cells(sample, outcomes)


def _check_room(sample: Sample) -> None:
    if len(sample.cells) > MOST_ROWS:
        raise UsageError(
            f"a picture has room for {MOST_ROWS} cells, not for {len(sample.cells):,}",
            "the table has them all: write it to a file.parquet",
        )


def _shown(sample: Sample, outcome: str | None) -> list[str]:
    """The outcomes of a picture: all, or the one that is named."""
    if outcome is not None and outcome not in sample.scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, sample.scenario.outcomes))
    return list(sample.scenario.outcomes) if outcome is None else [outcome]


def _title(sample: Sample, outcome: str | None) -> Any:
    return altair().TitleParams(
        clean(sample.scenario.title),
        subtitle=about(sample, outcome),
        anchor="start",
        color=INK,
        subtitleColor=SOFT,
        frame="bounds",
        offset=14,
    )


def _said(share: Share, between: str = "\n") -> str:
    """A share and its interval, in two lines unless told otherwise."""
    if share.share is None:
        return "no run"
    return f"{in_percent(share.share)} %{between}{interval_end(share.low)} to {interval_end(share.high)}"


def _bars(sample: Sample, outcomes: list[str]) -> Any:
    alt = altair()
    values = [
        {
            "outcome": in_words(name),
            "share": share.share,
            "low": share.low,
            "high": share.high,
            "said": _said(share, ", "),
        }
        for name, share in sample.only.outcomes.items()
        if name in outcomes
    ]
    names = [in_words(name) for name in outcomes]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("outcome:N", sort=names, title=None, axis=alt.Axis(labelLimit=0)), tooltip="said:N"
    )
    share = alt.X("share:Q", title="share of runs", axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0))
    layers = [
        base.mark_bar(color="#9ecae1", height=BAR_HEIGHT - 10).encode(x=share),
        base.mark_rule(color=INK, strokeWidth=1.5).encode(x="low:Q", x2="high:Q"),
        base.mark_tick(color=INK, size=10).encode(x="low:Q"),
        base.mark_tick(color=INK, size=10).encode(x="high:Q"),
        base.mark_text(align="left", dx=8, color=INK, fontSize=10).encode(x="high:Q", text="said:N"),
    ]
    return alt.layer(*layers).properties(width=BAR_WIDTH, height=len(names) * BAR_HEIGHT + 20)


def _cells(sample: Sample, outcomes: list[str]) -> Any:
    """Shares, a row for each cell."""
    _check_room(sample)
    rows = [_wrapped(f"{each.number + 1}. {_varied(sample, each)}", ROW_LETTERS) for each in sample.cells]
    values = [
        _square({"row": row}, name, each.outcomes[name])
        for row, each in zip(rows, sample.cells, strict=True)
        for name in outcomes
    ]
    alt = altair()
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("outcome:N", sort=[in_words(name) for name in outcomes], title=None, axis=_names(orient="top")),
        y=alt.Y("row:N", sort=rows, title=None, axis=_names()),
        tooltip=["row:N", "outcome:N", "said:N"],
    )
    return _boxes(base, rows, len(outcomes))


def _varied(sample: Sample, cell: CellResult) -> str:
    return settings(sample.scenario, {name: cell.settings[name] for name in sample.varied}, cell.parameters)


def _square(place: dict[str, Any], outcome: str, share: Share) -> dict[str, Any]:
    return {**place, "outcome": in_words(outcome), "share": share.share or 0.0, "said": _said(share)}


def _shares() -> Any:
    alt = altair()
    scale = alt.Scale(domain=[0, 1], range=BLUES, interpolate="lab")
    return alt.Color("share:Q", title="share of runs", scale=scale, legend=alt.Legend(format="%"))


def _ink() -> Any:
    alt = altair()
    return alt.condition(f"datum.share > {DARK_FROM}", alt.value("#ffffff"), alt.value(INK))


def _boxes(base: Any, rows: Sequence[str], columns: int) -> Any:
    """Boxes with shares in them, each row as high as its name."""
    boxes = base.mark_rect(stroke="#ffffff").encode(color=_shares())
    texts = base.mark_text(lineBreak="\n", fontSize=10, lineHeight=12, dy=-5).encode(text="said:N", color=_ink())
    lines = max((row.count("\n") + 1 for row in rows), default=1)
    height = len(rows) * max(ROW_HEIGHT, lines * LABEL_LINE + 6)
    return altair().layer(boxes, texts).properties(width=columns * COLUMN_WIDTH, height=height)


def _names(**how: Any) -> Any:
    """An axis of names, whole, in their lines."""
    split = "split(datum.label, '\\n')"
    return altair().Axis(labelAngle=0, labelLimit=0, labelExpr=split, labelLineHeight=LABEL_LINE, **how)


def _wrapped(text: str, width: int) -> str:
    return "\n".join(wrapped(text, width))


def _lines(sample: Sample, outcomes: list[str]) -> Any:
    """Shares along one parameter, with bands."""
    alt = altair()
    name = sample.varied[0]
    parameter = sample.scenario.parameters[name]
    values = [
        {
            "at": each.parameters[name],
            "outcome": in_words(outcome),
            "share": share.share,
            "low": share.low,
            "high": share.high,
            "said": _said(share),
        }
        for each in sample.cells
        for outcome, share in each.outcomes.items()
        if outcome in outcomes and share.share is not None
    ]
    names = [in_words(outcome) for outcome in outcomes]
    title = f"{in_words(name)}{f' ({clean(parameter.unit)})' if parameter.unit else ''}"
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("at:Q", title=title, scale=alt.Scale(zero=False, nice=False)),
        color=alt.Color("outcome:N", title="outcome", sort=names),
    )
    share = alt.Y("share:Q", title="share of runs", axis=alt.Axis(format="%"), scale=alt.Scale(domainMin=0))
    layers = [
        base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q"),
        base.mark_line(point=True).encode(y=share, tooltip=["outcome:N", "at:Q", "said:N"]),
    ]
    return alt.layer(*layers).properties(width=LINE_WIDTH, height=LINE_HEIGHT)


def _planes(sample: Sample, outcomes: list[str]) -> Any:
    """Shares over two settings, a heat map for each outcome."""
    alt = altair()
    across, down = sample.varied
    places = [_plane_place(sample, cell) for cell in sample.cells]
    columns, rows = (list(dict.fromkeys(place[key] for place in places)) for key in ("column", "row"))
    asked = [question(sample.scenario, name, common_values(sample)) for name in (across, down)]
    titles = [_wrapped(words, TITLE_LETTERS).split("\n") for words in asked]
    maps = []
    for outcome in outcomes:
        values = [
            _square(place, outcome, cell.outcomes[outcome]) for place, cell in zip(places, sample.cells, strict=True)
        ]
        base = alt.Chart(alt.InlineData(values=values)).encode(
            x=alt.X("column:N", sort=columns, title=titles[0], axis=_names()),
            y=alt.Y("row:N", sort=rows, title=titles[1], axis=_names()),
            tooltip=["column:N", "row:N", "said:N"],
        )
        title = alt.TitleParams(in_words(outcome), anchor="start", fontSize=12)
        maps.append(_boxes(base, rows, len(columns)).properties(title=title))
    return alt.vconcat(*maps)


def _plane_place(sample: Sample, cell: CellResult) -> dict[str, str]:
    """The column and the row of a cell, by its two settings in words."""
    across, down = (answer(sample.scenario, name, cell.settings[name], cell.parameters) for name in sample.varied)
    return {"column": _wrapped(across, COLUMN_LETTERS), "row": _wrapped(down, ROW_LETTERS)}
