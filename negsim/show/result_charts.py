"""Pictures of an ensemble, for a page. Each number has its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any

from negsim.ensemble.picture.reading_slides import (
    answer_key,
    change_rows,
    combination_rows,
    common_values,
    effect_words,
    is_of_readings,
    share_box,
)
from negsim.ensemble.picture.setting_words import question, settings, signs
from negsim.ensemble.picture.slide import ShareBar, Slide, SlideBox, SlideRow
from negsim.ensemble.result import Result
from negsim.ensemble.sample.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.sample.intervals import MeanShare, Share, ShareDifference
from negsim.ensemble.sample.places import Places, about_order
from negsim.ensemble.sample.sample import CellResult
from negsim.errors import UsageError, did_you_mean
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.log.text import number_words
from negsim.scenario.held import told_once
from negsim.show.box_charts import boxes
from negsim.show.row_charts import RowLevel, bars, curves, forest, strokes
from negsim.show.theme import Figure, altair, themed
from negsim.wording import in_words

MOST_CELLS, FEW_CELLS = 100, 12  # cells that are drawn one by one; as few as need no more than that


def figures(result: Result, outcome: str | None = None) -> dict[str, Figure]:
    """The pictures that fit a result, by name; of one outcome first of all where it is named."""
    if outcome is not None and outcome not in result.scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, result.scenario.outcomes))
    if len(result.cells) == 1:
        return {"shares": _shares_figure(result.only)}
    if result.is_one_at_a_time:
        first = _readings_figure(result) if outcome is None else _outcome_figure(result, outcome)
        return {"readings": first, "changes": _changes_figure(result, outcome)}
    numbers = [name for name in result.varied if name in result.scenario.parameters]
    if len(result.varied) == len(numbers) == 1:
        return {"sweep": _sweep_figure(result, numbers[0])}
    found = {"readings": _deciding_figure(result, outcome)} if readings_are_crossed(result) else {}
    if len(result.cells) <= MOST_CELLS:
        found["cells"] = _cells_figure(result)
    return found if len(result.cells) < FEW_CELLS else {**found, "spread": _spread_figure(result)}


# Words.


def share_words(share: Share) -> str:
    """A share with its interval: `12.3 % (10.1 to 14.5)`."""
    if share.share is None:
        return "no run"
    return f"{in_percent(share.share)} % ({interval_end(share.low)} to {interval_end(share.high)})"


def difference_words(difference: ShareDifference) -> str:
    """A difference of shares with its interval, in percentage points: `+3.1 (+1.0 to +5.2)`."""
    if difference.difference is None:
        return "no run"
    number, low, high = (f"{100 * x:+.1f}" for x in (difference.difference, difference.low, difference.high))
    return f"{number} ({low} to {high})"


def setting_words(value: float | str) -> str:
    """A parameter's value or a reading's option, for a reader."""
    return in_words(value) if isinstance(value, str) else number_words(float(f"{value:.4g}"))


def cell_words(result: Result, cell: CellResult, between: str = "; ") -> str:
    """What a cell changes, with the first of very many settings."""
    changed: dict[str, float | str] = {**cell.cell.parameters, **told_once(result.scenario, cell.cell.readings)}
    return settings(result.scenario, changed, cell.parameters, between=between)


def has_signs(result: Result) -> bool:
    """Whether settings are answers to several questions, so that they are named by signs."""
    return is_of_readings(result) and len(result.varied) > 1 and not result.is_one_at_a_time


def cell_names(result: Result, cells: Iterable[CellResult], between: str = "; ") -> list[str]:
    """What cells are called in rows, with their numbers: by signs where there is a key to them, else by settings."""
    if not has_signs(result):
        return [f"{cell.number + 1}. {cell_words(result, cell, between)}" for cell in cells]
    known = answer_key(result)
    given = {True: "", False: ", as given"}
    return [f"{cell.number + 1}. {signs(known, cell.settings)}{given[bool(cell.cell.readings)]}" for cell in cells]


def order_words(result: Result, found: Mapping[str, Places]) -> str:
    """What the numbers before readings are, and whether their order is settled."""
    order = about_order([*found.values()], is_estimated=result.is_drawn)
    return f"Before a question stands its place. {order}".rstrip()


# Bars.


def _level(words: str, share: Share) -> RowLevel:
    return RowLevel(f"{words}: {share_words(share)}", share.share or 0.0, share.low, share.high)


def _shares_figure(cell: CellResult) -> Figure:
    rows = [_level(in_words(name), share) for name, share in cell.outcomes.items()]
    about = (
        f"Of {cell.runs:,} sampled runs, the share that ended in each outcome. The line on a bar is the 95 % interval:"
        " how far sampling alone can be off. It says nothing of whether the assumptions hold."
    )
    return Figure("shares", "Shares of runs", about, themed(bars(rows)))


def _readings_figure(result: Result) -> Figure:
    effects_found = effects(result)
    found = [effect.change.changed for effect in effects_found]
    order = order_words(result, order_of(effects_found))
    words = [share_words(each) for each in found]
    numbers = [(share.share or 0.0, share.low, share.high) for share in found]
    about = (
        "For each other answer to one question, all else left as given: the share of sampled runs, compared seed by"
        f" seed, that end in another outcome because of it, with its 95 % interval. {order}"
    )
    rows, slide = _effect_rows(result, None, words, numbers)
    return Figure("readings", "Which reading decides", about, themed(bars(rows)), slide)


def _effect_rows(
    result: Result, outcome: str | None, words: Sequence[str], numbers: Sequence[tuple[float, float, float]]
) -> tuple[list[RowLevel], Slide]:
    """What each other answer does, in rows for a page and for a slide: its words, and its number and interval."""
    found = effects(result, outcome)
    levels, rows = [], []
    pairs = zip(found, effect_words(result, found), words, numbers, strict=True)
    for effect, (asked, said), word, (number, low, high) in pairs:
        name = "\n".join(filter(None, (asked, said, word)))
        levels.append(RowLevel(f"{cell_words(result, effect.cell)} {word}", number, low, high, name))
        rows.append(SlideRow(asked, (said,), ShareBar(number, low, high, word)))
    return levels, Slide("", "", tuple(rows), signed=outcome is not None)


def readings_are_crossed(result: Result) -> bool:
    """Whether readings are varied, each option with all settings of the rest, so that options can be compared."""
    if not any(name in result.scenario.readings for name in result.varied):
        return False
    sizes = [len({cell.settings[name] for cell in result.cells}) for name in result.varied]
    return len(result.cells) == prod(sizes) and min(sizes) > 1 and all(cell.runs for cell in result.cells)


def _deciding_figure(result: Result, outcome: str | None) -> Figure:
    found = deciding(result, outcome)
    known = deciding_places(found)
    rows, shown = [], []
    for name, each in found.items():
        asked = f"{known[name].words()}. {question(result.scenario, name, common_values(result))}"
        words, number = deciding_words(each), each.share or 0.0
        rows.append(RowLevel(f"{asked} {words}", number, each.low, each.high, f"{asked}\n{words}"))
        shown.append(SlideRow("", (asked,), ShareBar(number, each.low, each.high, words)))
    end = "end otherwise" if outcome is None else f"end in {in_words(outcome)}, or not,"
    about = (
        f"For each reading the share of sampled runs that {end} under another of its options, all other settings and"
        f" luck the same, with its 95 % interval. {order_words(result, known)}"
    )
    title = "Which reading decides" if outcome is None else f"Which reading decides on {in_words(outcome)}"
    return Figure("readings", title, about, themed(bars(rows)), Slide("", "", tuple(shown)))


def deciding_words(found: MeanShare) -> str:
    """How much a reading decides, with its interval: `12.3 % (10.1 to 14.5)`."""
    return f"{in_percent(found.share or 0.0)} % ({interval_end(found.low)} to {interval_end(found.high)})"


def _outcome_figure(result: Result, outcome: str) -> Figure:
    known = effects(result, outcome)
    order = order_words(result, order_of(known))
    changed = [effect.change.outcomes[outcome] for effect in known]
    numbers = [(found.difference or 0.0, found.low, found.high) for found in changed]
    rows, slide = _effect_rows(result, outcome, [difference_words(found) for found in changed], numbers)
    base = "" if result.base is None else f" As given it is {share_words(result.base.outcomes[outcome])}."
    about = (
        f"For each other answer to one question, all else left as given: what it adds to the share of sampled runs that"
        f" end in {in_words(outcome)}, in percentage points, with the 95 % interval; seeds are paired.{base} Where a"
        f" line crosses the dashed one, these runs do not tell whether the reading matters. {order}"
    )
    return Figure("readings", f"Which reading decides on {in_words(outcome)}", about, themed(forest(rows)), slide)


# Boxes.


def _changes_figure(result: Result, outcome: str | None) -> Figure:
    outcomes = list(result.scenario.outcomes)
    known = effects(result, outcome)
    order = order_words(result, order_of(known))
    found = list(change_rows(result, outcomes, outcome))
    rows: list[tuple[str, tuple[SlideBox, ...]]] = [
        ("\n".join([*filter(None, [row.question]), *row.answers]), row.shown)
        for row in found
        if not isinstance(row.shown, ShareBar)
    ]
    about = (
        "What each other answer changes, in percentage points of sampled runs, with 95 % intervals; seeds are paired."
        " Brown is less, violet is more, the stronger the larger; neither is good or bad. The first row has the shares"
        f" as given. {order}"
    )
    slide = Slide("", "", tuple(found), tuple(in_words(name) for name in outcomes))
    return Figure("changes", "What each reading changes", about, themed(boxes(rows, outcomes)), slide)


def _cells_figure(result: Result) -> Figure:
    outcomes = list(result.scenario.outcomes)
    rows = [
        (name, [share_box(cell.outcomes[outcome]) for outcome in outcomes])
        for name, cell in zip(cell_names(result, result.cells, "\n"), result.cells, strict=True)
    ]
    about = (
        f"A row for each of {len(result.cells)} settings, a box for each outcome: its share of sampled runs, with the"
        " 95 % interval. The same seeds are run under each setting. The darker, the larger."
    )
    slide = None
    if is_of_readings(result):
        heads = tuple(in_words(name) for name in outcomes)
        slide = Slide("", "", tuple(combination_rows(result, outcomes)), heads, tuple(answer_key(result).values()))
    return Figure("cells", "Shares under each setting", about, themed(boxes(rows, outcomes)), slide)


def _spread_figure(result: Result) -> Figure:
    known = [cell for cell in result.cells if cell.runs]
    widest = max((share.width for cell in known for share in cell.outcomes.values()), default=1.0)
    rows = [
        (in_words(name), [(cell.outcomes[name].share or 0.0, f"setting {cell.number + 1}") for cell in known])
        for name in result.scenario.outcomes
    ]
    about = (
        f"For each outcome a stroke for each of {len(known):,} settings: its share of sampled runs. The line reaches"
        f" from the smallest share to the largest. Sampling alone can move a stroke: the widest 95 % interval is"
        f" {interval_end(widest)} points wide. How many settings there are says nothing of how likely a setting is."
    )
    return Figure("spread", "How far the settings matter", about, themed(strokes(rows)))


# Curves.


def _sweep_figure(result: Result, name: str) -> Figure:
    parameter = result.scenario.parameters[name]
    cells = sorted((cell for cell in result.cells if cell.runs), key=lambda cell: cell.parameters[name])
    rows = [
        (in_words(outcome), [_point(cell.parameters[name], cell.outcomes[outcome]) for cell in cells])
        for outcome in result.scenario.outcomes
    ]
    unit = f" ({parameter.unit})" if parameter.unit else ""
    alt = altair()
    ends = [cells[0].parameters[name], cells[-1].parameters[name]] if cells else [parameter.low, parameter.high]
    axis = alt.Axis(orient="top", tickCount=6, labelFlush=True, domain=False, titleAnchor="start", labelOverlap=True)
    x = alt.X("x:Q", title=f"{in_words(name)}{unit}", axis=axis, scale=alt.Scale(domain=ends, nice=False, zero=False))
    about = (
        f"For each outcome its share of sampled runs under {len(cells)} values of {in_words(name)}, in a band as wide"
        " as the 95 % intervals. The same seeds are run under each value."
    )
    return Figure("sweep", f"Along {in_words(name)}", about, themed(curves(rows, x)))


def _point(at: float, share: Share) -> dict[str, Any]:
    found = share.share or 0.0
    return {"x": at, "share": found, "low": share.low, "high": share.high, "said": f"{at:.4g}: {share_words(share)}"}
