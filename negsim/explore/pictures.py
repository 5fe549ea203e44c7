"""Pictures of results, by Altair: shares as bars, along a sweep as lines, over cells as a heat map.

Each number is drawn with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from negsim.clean import clean
from negsim.errors import UsageError, did_you_mean
from negsim.explore.effects import effects, order_of
from negsim.explore.intervals import Difference, Share
from negsim.explore.places import about_order
from negsim.solve.words import share as in_percent

if TYPE_CHECKING:
    from negsim.explore.result import CellResult, Result

MOST_ROWS = 200
ROW_HEIGHT, COLUMN_WIDTH = 34, 118
BAR_HEIGHT, BAR_WIDTH = 28, 460
LINE_WIDTH, LINE_HEIGHT = 560, 320
DARK_FROM = 0.55  # a share from which on its cell is so dark that its text is light
BLUES = ["#f7fbff", "#08519c"]
AROUND_ZERO = ["#b35806", "#f7f7f7", "#542788"]  # told apart by those who see few colours; neither is good or bad
INK, SOFT = "#1f2328", "#59636e"


def picture(result: Result, outcome: str | None = None) -> Any:
    """The picture that fits a result, with its title; of one outcome alone where it is named."""
    made = drawing(result, outcome)
    return made.properties(title=_title(result, outcome), background="#ffffff", padding=12).configure_view(stroke=None)


def drawing(result: Result, outcome: str | None = None) -> Any:
    """The picture without title and ground."""
    if outcome is not None and outcome not in result.scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, result.scenario.outcomes))
    outcomes = list(result.scenario.outcomes) if outcome is None else [outcome]
    if len(result.cells) == 1:
        return _bars(result, outcomes)
    if result.is_one_at_a_time:
        return _changes(result, outcomes, outcome)
    if len(result.varied) == 1 and result.varied[0] in result.scenario.parameters:
        return _lines(result, outcomes)
    if len(result.varied) == 2:  # noqa: PLR2004 - a plane
        return _planes(result, outcomes)
    return _cells(result, outcomes)


def about(result: Result, outcome: str | None = None) -> list[str]:
    """What a picture says of itself, in a few lines: what was run, under what, and that it is no forecast."""
    cells = f" of each of {len(result.cells):,} cells, with the same seeds" if len(result.cells) > 1 else ""
    lines = [
        f"Shares of {result.runs:,} runs{cells}, under the scenario's assumptions: no forecast. With 95 % intervals.",
        f"Seeds from {result.seed}, scenario {result.scenario.hash[:12]}, negsim {result.request.version}.",
    ]
    if result.is_one_at_a_time:
        lines.insert(0, "What another reading of the words changes, in percentage points; all else stays as given.")
        by = "how many runs end otherwise" if outcome is None else _words(outcome)
        order = about_order([*order_of(effects(result, outcome)).values()])
        lines.insert(1, f"Before a reading stands its place by {by}. {order}")
    return lines


def _altair() -> Any:
    try:
        import altair  # noqa: ICN001, PLC0415 - an extra, loaded when a picture is made
    except ImportError:
        raise UsageError("pictures need the charts extra", "pip install 'negsim[charts]'") from None
    return altair


def _title(result: Result, outcome: str | None) -> Any:
    return _altair().TitleParams(
        clean(result.scenario.title),
        subtitle=about(result, outcome),
        anchor="start",
        color=INK,
        subtitleColor=SOFT,
        frame="bounds",
        offset=14,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _said(share: Share, between: str = "\n") -> str:
    """A share and its interval, in two lines unless told otherwise."""
    if share.share is None:
        return "no run"
    return f"{in_percent(share.share)} %{between}{_percent(share.low)} to {_percent(share.high)}"


def _said_difference(difference: Difference) -> str:
    """A difference and its interval in two lines, in percentage points."""
    if difference.difference is None:
        return "no run"
    return f"{100 * difference.difference:+.1f}\n{100 * difference.low:+.1f} to {100 * difference.high:+.1f}"


def _bars(result: Result, outcomes: list[str]) -> Any:
    alt = _altair()
    values = [
        {
            "outcome": _words(name),
            "share": share.share,
            "low": share.low,
            "high": share.high,
            "said": _said(share, ", "),
        }
        for name, share in result.outcomes.items()
        if name in outcomes
    ]
    names = [_words(name) for name in outcomes]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("outcome:N", sort=names, title=None, axis=alt.Axis(labelLimit=240)), tooltip="said:N"
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


def _changes(result: Result, outcomes: list[str], outcome: str | None) -> Any:
    """What each other option changes, with the shares as they are on top."""
    alt = _altair()
    given = "as given"
    rows = [given]
    values: list[dict[str, Any]] = [
        {"row": given, "outcome": _words(name), "change": 0.0, "said": _said(result.cells[0].outcomes[name])}
        for name in outcomes
    ]
    for effect in effects(result, outcome):
        row = f"{effect.places.words()}. {_words(effect.reading)}: {_words(effect.option)}"
        rows.append(row)
        for name in outcomes:
            found = effect.change.outcomes[name]
            values.append(
                {
                    "row": row,
                    "outcome": _words(name),
                    "change": 100 * (found.difference or 0.0),
                    "said": _said_difference(found),
                }
            )
    most = max(1.0, *(abs(value["change"]) for value in values))
    colour = alt.Color(
        "change:Q",
        title="points",
        scale=alt.Scale(domain=[-most, 0, most], range=AROUND_ZERO, interpolate="lab"),
        legend=alt.Legend(format="+.0f"),
    )
    light = alt.condition(f"abs(datum.change) > {0.6 * most}", alt.value("#ffffff"), alt.value(INK))
    return _heat_map(values, rows, [_words(name) for name in outcomes], colour=colour, ink=light)


def _cells(result: Result, outcomes: list[str]) -> Any:
    """Shares, a row for each cell."""
    if len(result.cells) > MOST_ROWS:
        raise UsageError(
            f"a picture has room for {MOST_ROWS} cells, not for {len(result.cells):,}",
            "the table has them all: -o FILE.parquet",
        )
    rows = [f"{each.number + 1}. {_settings(result, each)}" for each in result.cells]
    values = [
        _square({"row": row}, name, each.outcomes[name])
        for row, each in zip(rows, result.cells, strict=True)
        for name in outcomes
    ]
    return _heat_map(values, rows, [_words(name) for name in outcomes], colour=_shares(), ink=_ink())


def _settings(result: Result, cell: CellResult) -> str:
    return ", ".join(f"{_words(name)} {_setting(cell.settings[name])}" for name in result.varied)


def _setting(value: float | str) -> str:
    return _words(value) if isinstance(value, str) else f"{value:.4g}"


def _square(place: dict[str, Any], outcome: str, share: Share) -> dict[str, Any]:
    return {**place, "outcome": _words(outcome), "share": share.share or 0.0, "said": _said(share)}


def _shares() -> Any:
    alt = _altair()
    scale = alt.Scale(domain=[0, 1], range=BLUES, interpolate="lab")
    return alt.Color("share:Q", title="share of runs", scale=scale, legend=alt.Legend(format="%"))


def _ink() -> Any:
    alt = _altair()
    return alt.condition(f"datum.share > {DARK_FROM}", alt.value("#ffffff"), alt.value(INK))


def _heat_map(values: Sequence[dict[str, Any]], rows: list[str], columns: list[str], *, colour: Any, ink: Any) -> Any:
    alt = _altair()
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X(
            "outcome:N", sort=columns, title=None, axis=alt.Axis(orient="top", labelAngle=0, labelLimit=COLUMN_WIDTH)
        ),
        y=alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(labelLimit=420)),
        tooltip=["row:N", "outcome:N", "said:N"],
    )
    boxes = base.mark_rect(stroke="#ffffff").encode(color=colour)
    texts = base.mark_text(lineBreak="\n", fontSize=10, lineHeight=12, dy=-5).encode(text="said:N", color=ink)
    return alt.layer(boxes, texts).properties(width=len(columns) * COLUMN_WIDTH, height=len(rows) * ROW_HEIGHT)


def _lines(result: Result, outcomes: list[str]) -> Any:
    """Shares along one parameter, with bands."""
    alt = _altair()
    name = result.varied[0]
    parameter = result.scenario.parameters[name]
    values = [
        {
            "at": each.parameters[name],
            "outcome": _words(outcome),
            "share": share.share,
            "low": share.low,
            "high": share.high,
            "said": _said(share),
        }
        for each in result.cells
        for outcome, share in each.outcomes.items()
        if outcome in outcomes and share.share is not None
    ]
    names = [_words(outcome) for outcome in outcomes]
    title = f"{_words(name)}{f' ({clean(parameter.unit)})' if parameter.unit else ''}"
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


def _planes(result: Result, outcomes: list[str]) -> Any:
    """Shares over two settings, a heat map for each outcome."""
    alt = _altair()
    across, down = result.varied
    settings = [each.settings for each in result.cells]
    columns = list(dict.fromkeys(_setting(each[across]) for each in settings))
    rows = list(dict.fromkeys(_setting(each[down]) for each in settings))
    maps = []
    for outcome in outcomes:
        values = [
            _square({"row": _setting(each[down]), "column": _setting(each[across])}, outcome, cell.outcomes[outcome])
            for each, cell in zip(settings, result.cells, strict=True)
        ]
        base = alt.Chart(alt.InlineData(values=values)).encode(
            x=alt.X(
                "column:N", sort=columns, title=_words(across), axis=alt.Axis(labelAngle=0, labelLimit=COLUMN_WIDTH)
            ),
            y=alt.Y("row:N", sort=rows, title=_words(down), axis=alt.Axis(labelLimit=240)),
            tooltip=["column:N", "row:N", "said:N"],
        )
        boxes = base.mark_rect(stroke="#ffffff").encode(color=_shares())
        texts = base.mark_text(lineBreak="\n", fontSize=10, lineHeight=12, dy=-5).encode(text="said:N", color=_ink())
        title = alt.TitleParams(_words(outcome), anchor="start", fontSize=12)
        size = {"width": len(columns) * COLUMN_WIDTH, "height": len(rows) * ROW_HEIGHT, "title": title}
        maps.append(alt.layer(boxes, texts).properties(**size))
    return alt.vconcat(*maps)
