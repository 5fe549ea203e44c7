"""The cells of an ensemble on a terminal: what readings change, the shares of each, how far they spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from negsim.addition import added
from negsim.cli.grid import GridRow, grid, setting
from negsim.cli.share_looks import ShareLooks
from negsim.cli.show import order, table
from negsim.ensemble.result import Result
from negsim.ensemble.sample.effects import deciding, deciding_places, effects, order_of
from negsim.ensemble.sample.intervals import Share, ShareDifference
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.scenario.held import reading_called
from negsim.wording import in_words

if TYPE_CHECKING:
    from rich.console import Console


MOST_CELLS = 60
MOST_SETTINGS = 4  # that differ between cells and have columns of their own


def changes(out: Console, result: Result, looks: ShareLooks) -> None:
    """What each other option of each reading changes."""
    found = [effect for effect in effects(result, looks.outcome) if effect.change.changed.runs]
    base = result.cells[0]
    what = "how many runs end otherwise" if looks.outcome is None else in_words(looks.outcome)
    out.print(f"What another reading changes, in percentage points. Ordered by {what}.")
    rows: list[GridRow] = [(["as given"], [("", "", False), *(_two(share) for share in base.outcomes.values())])]
    last = ""
    for effect in found:
        called = f"{effect.places.words('..')}. {reading_called(result.scenario, effect.reading)}"
        reading = "" if effect.reading == last else called
        label = [f"{reading}\n  {effect.option}"]
        last = effect.reading
        changed = _two(effect.change.changed)
        rows.append((label, [changed, *(_two_of(each) for each in effect.change.outcomes.values())]))
    grid(out, ["reading"], ["other outcome", *map(in_words, result.scenario.outcomes)], rows)
    out.print(
        "Before a reading: its place in this order, as far as the intervals tell. other outcome: the share of seeds"
        " that end otherwise. The columns after it: the share of the runs that end so, less the share as given, by the"
        f" same seeds.{' Of twenty such intervals about one misses.' if result.is_drawn else ''}",
        style="dim",
    )
    order(out, [*order_of(found).values()], is_estimated=result.is_drawn)


def _two(share: Share) -> tuple[str, str, bool]:
    """A share in two lines, and whether it stands out."""
    if share.share is None:
        return "no run", "", False
    return f"{in_percent(share.share)} %", f"{interval_end(share.low)}..{interval_end(share.high)}", True


def _two_of(difference: ShareDifference) -> tuple[str, str, bool]:
    if difference.difference is None:
        return "no run", "", False
    low, high = 100 * difference.low, 100 * difference.high
    return f"{100 * difference.difference:+.1f}", f"{low:+.1f}..{high:+.1f}", difference.is_sure


def each_cell(out: Console, result: Result, looks: ShareLooks) -> None:
    """The shares of each cell."""
    with_runs = [cell for cell in result.cells if cell.runs]
    cells = with_runs if looks.everything else with_runs[:MOST_CELLS]
    rows: list[GridRow] = []
    for cell in cells:
        labels = [setting(cell.settings[name]) for name in result.varied]
        counts = [] if result.is_complete else [(f"{cell.runs:,}", "", True)]
        errors = [(f"{cell.errors:,}", "", True)] if result.errors else []
        rows.append((labels, [*counts, *errors, *(_two(share) for share in cell.outcomes.values())]))
    columns = [*([] if result.is_complete else ["runs"]), *(["errors"] if result.errors else [])]
    grid(out, list(result.varied), [*columns, *map(in_words, result.scenario.outcomes)], rows)
    if not looks.quiet:
        _deciding(out, result, looks)
    if len(cells) < len(with_runs):
        out.print(f"The first {len(cells)} of {len(with_runs):,} cells; --all shows every one.", style="dim")


def _deciding(out: Console, result: Result, looks: ShareLooks) -> None:
    """How much each of the readings decides that are crossed."""
    found = deciding(result, looks.outcome)
    if not found:
        return
    known = deciding_places(found)
    made = table("reading", "decides", "95 % interval", right=("decides", "95 % interval"))
    for name, each in found.items():
        if each.share is not None:
            interval = f"{interval_end(each.low)}..{interval_end(each.high)} %"
            made.add_row(
                f"{known[name].words('..')}. {reading_called(result.scenario, name)}",
                f"{in_percent(each.share)} %",
                interval,
            )
    out.print()
    out.print(made)
    what = "another way" if looks.outcome is None else f"in {in_words(looks.outcome)}, or not,"
    out.print(
        f"decides: the share of runs that end {what} under another option of this reading, all else and luck the same.",
        style="dim",
    )
    order(out, [*known.values()], is_estimated=result.is_drawn)


def spread(out: Console, result: Result, looks: ShareLooks) -> None:
    """Where there are too many settings for a table of cells: how far each share goes."""
    cells = [cell for cell in result.cells if cell.runs]
    out.print(f"{len(result.varied)} settings vary. What each outcome's share is from cell to cell:")
    made = table("outcome", "least", "median", "most", "mean", right=("least", "median", "most", "mean"))
    for name in result.scenario.outcomes:
        shares = sorted(cell.outcomes[name].share or 0.0 for cell in cells)
        if shares:
            median = (shares[(len(shares) - 1) // 2] + shares[len(shares) // 2]) / 2
            numbers = (shares[0], median, shares[-1], added(shares) / len(shares))
            made.add_row(in_words(name), *(f"{in_percent(number)} %" for number in numbers))
    out.print(made)
    out.print(
        "The mean over cells weighs all of the ranges alike, which is an assumption of its own. Every cell with its"
        " intervals: --json, or -o FILE.parquet.",
        style="dim",
    )
    if not looks.quiet:
        _deciding(out, result, looks)
