"""Pictures of results, by Altair: shares as bars, along a sweep as lines, over cells as a heat map.

Each number is drawn with its interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from negsim.clean import clean
from negsim.ensemble.effects import SettingEffect, effects, order_of
from negsim.ensemble.intervals import Share, ShareDifference
from negsim.ensemble.places import about_order
from negsim.ensemble.sample import CellResult, Sample
from negsim.ensemble.setting_words import QuestionAsked, answer, key, question, settings, signs
from negsim.ensemble.shades import change_shade, shade
from negsim.ensemble.slide import Slide, SlideBox, SlideRow, altair, drawn
from negsim.errors import UsageError, did_you_mean
from negsim.exact.words import interval_end
from negsim.exact.words import share as in_percent
from negsim.log.text import Values, without_varied
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


def is_of_readings(sample: Sample) -> bool:
    """Whether readings are varied, and nothing else."""
    return bool(sample.varied) and all(name in sample.scenario.readings for name in sample.varied)


# Slides.


def reading_slide(sample: Sample, outcomes: Sequence[str], outcome: str | None = None) -> Slide:
    """What each answer changes, the one that changes most first; or the shares under each combination of answers."""
    heads = tuple(in_words(name) for name in outcomes)
    title, said = clean(sample.scenario.title), " ".join(about(sample, outcome))
    if sample.is_one_at_a_time:
        return Slide(title, said, tuple(change_rows(sample, outcomes, outcome)), heads)
    return Slide(title, said, tuple(combination_rows(sample, outcomes)), heads, tuple(answer_key(sample).values()))


def change_rows(sample: Sample, outcomes: Sequence[str], outcome: str | None = None) -> Iterator[SlideRow]:
    """The shares as given, then what each other answer changes."""
    yield SlideRow(
        "", ("as given: shares of runs",), tuple(share_box(sample.cells[0].outcomes[name]) for name in outcomes)
    )
    found = effects(sample, outcome)
    known = [[effect.change.outcomes[name] for name in outcomes] for effect in found]
    most = max((abs(each.difference or 0.0) for row in known for each in row), default=0.0) or 1.0
    for (asked, said), differences in zip(effect_words(sample, found), known, strict=True):
        yield SlideRow(asked, (said,), tuple(_change_box(each, most) for each in differences))


def common_values(sample: Sample) -> Values:
    """The parameters of all cells, for texts about them all."""
    return without_varied(sample.cells[0].parameters, sample.varied)


def effect_words(sample: Sample, found: Sequence[SettingEffect]) -> Iterator[tuple[str, str]]:
    """(question after its places in the order, answer) of each effect; the question stands with the first alone."""
    before, values = None, common_values(sample)
    for effect in found:
        placed = f"{effect.places.words()}. {question(sample.scenario, effect.reading, values)}"
        asked = placed if effect.reading != before else ""
        yield asked, answer(sample.scenario, effect.reading, effect.option, values)
        before = effect.reading


def answer_key(sample: Sample) -> dict[str, QuestionAsked]:
    """What is varied, and each value it takes, under signs for combinations of them: `1a 2b`."""
    taken = {name: dict.fromkeys(cell.settings[name] for cell in sample.cells) for name in sample.varied}
    return key(sample.scenario, taken, common_values(sample))


def combination_rows(sample: Sample, outcomes: Sequence[str]) -> Iterator[SlideRow]:
    """The shares under each combination of answers, which stands as the signs of its answers."""
    known = answer_key(sample)
    for cell in sample.cells:
        yield SlideRow("", (signs(known, cell.settings),), tuple(share_box(cell.outcomes[name]) for name in outcomes))


def share_box(share: Share) -> SlideBox:
    """A share with its interval."""
    if share.share is None:
        return SlideBox(shade(0.0), "no run", "")
    return SlideBox(
        shade(share.share), f"{in_percent(share.share)} %", f"{interval_end(share.low)} to {interval_end(share.high)}"
    )


def _change_box(found: ShareDifference, most: float) -> SlideBox:
    if found.difference is None:
        return SlideBox(change_shade(0.0, 1.0), "no run", "")
    interval = f"{100 * found.low:+.1f} to {100 * found.high:+.1f}"
    return SlideBox(change_shade(found.difference, most), f"{100 * found.difference:+.1f}", interval)


def about(sample: Sample, outcome: str | None = None) -> list[str]:
    """What a picture says of itself, in a few lines: what was run, under what, and that it is no forecast."""
    cells = f" of each of {len(sample.cells):,} cells, with the same seeds" if len(sample.cells) > 1 else ""
    lines = [
        f"Shares of {sample.runs:,} runs{cells}, under the scenario's assumptions: no forecast. With 95 % intervals.",
        f"Seeds from {sample.seed}, scenario {sample.scenario.hash[:12]}, negsim {sample.request.version}.",
    ]
    if sample.is_one_at_a_time:
        lines.insert(0, "What another reading of the words changes, in percentage points; all else stays as given.")
        by = "how many runs end otherwise" if outcome is None else in_words(outcome)
        order = about_order([*order_of(effects(sample, outcome)).values()]) if sample.is_drawn else ""
        lines.insert(1, f"Before a reading stands its place by {by}. {order}")
    return lines


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
