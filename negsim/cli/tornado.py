"""`negsim explore --tornado`: what each parameter does alone, from low to high."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from negsim.cli.files import say_written
from negsim.cli.heads import what_shares_are
from negsim.cli.looked_over import FEWER, MOST_ROWS, PAGE, head, kept_in, range_cells, say_broken, share_words, tell
from negsim.cli.progress import watched
from negsim.cli.show import order, table
from negsim.errors import UsageError
from negsim.exact.answer.words import share as in_percent
from negsim.wording import in_words
from negsim.written import write

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.tornado import Tornado
    from negsim.scenario.model import Scenario


def look(
    scenario: Scenario,
    path: Path,
    outcome: str | None,
    *,
    over: str | None,
    quiet: bool,
    store: str,
    runs: int | None,
    **how: Any,
) -> Tornado:
    """The bars, drawn."""
    from negsim.ensemble.tornado import RUNS, ends, tornado  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import ranged  # noqa: PLC0415 - as needed
    from negsim.show.charts import check_name  # noqa: PLC0415 - charts are an extra

    if outcome is None:
        raise UsageError("a tornado is about one outcome", f"--outcome {' | '.join(scenario.outcomes)}")
    check_name(path, more=(PAGE,))
    cells = ends(ranged(scenario, over, fixed=how["set"]))
    count = RUNS if runs is None else runs
    tell(f"{len(cells):,} settings, {count:,} runs of each: {len(cells) * count:,} runs", quiet=quiet)
    out = kept_in(scenario, cells, store, how)
    with watched("runs", quiet=quiet, shorter=FEWER) as told:
        found = tornado(scenario, outcome, over=over, runs=count, out=out, progress=told, **how)
    _draw(found, path)
    say_written(path)
    return found


def _draw(found: Tornado, path: Path) -> None:
    if path.suffix.lower() != PAGE:
        from negsim.show.charts import save  # noqa: PLC0415 - charts are an extra

        save(found.plot(), path)
        return
    from negsim.ensemble.tornado import about, drawing  # noqa: PLC0415 - as above
    from negsim.show.page.single import picture_page  # noqa: PLC0415 - as above
    from negsim.show.theme import Figure, themed  # noqa: PLC0415 - as above

    lead, *lines = about(found)
    figure = Figure("tornado", "One parameter at a time", " ".join(lines), themed(drawing(found)).properties(padding=5))
    write(path, picture_page(found.scenario.title, lead, figure))


def show(out: Console, found: Tornado, *, quiet: bool) -> None:
    """The outcome's share at both ends of each parameter's range."""
    if not quiet:
        last = found.seed + found.runs - 1
        head(out, found.request, f"{found.runs:,} runs a setting, seeds {found.seed} to {last}")
        out.print(what_shares_are(is_drawn=found.is_drawn, of=" of a setting") + "\n")
    out.print(f"{in_words(found.outcome)}, as given: {share_words(found.given)}.", style="bold")
    right = ("at the low end", "at the high end", "swing", "95 % interval")
    made = table("parameter", "range", "origin", *right, right=right)
    for bar in found.bars[:MOST_ROWS]:
        swing = 100 * (bar.swing.difference or 0.0)
        ends = (f"{in_percent(end.share or 0.0)} %" for end in (bar.low, bar.high))
        interval = f"{100 * bar.swing.low:+.1f}..{100 * bar.swing.high:+.1f}"
        made.add_row(
            f"{bar.places.words('..')}. {bar.parameter.name}",
            *range_cells(bar.parameter),
            *ends,
            f"{swing:+.1f}",
            interval,
        )
    out.print(made)
    if len(found.bars) > MOST_ROWS:
        out.print(f"… and {len(found.bars) - MOST_ROWS} more parameters: --json", style="dim")
    order(out, [bar.places for bar in found.bars], is_estimated=found.is_drawn)
    out.print(
        "\nBefore a parameter: its place in the order by swing, as far as the intervals tell. swing: the share at the"
        " high end less that at the low one, in percentage points, by the same seeds. All other parameters stay as"
        " given, so what they do together does not show here.",
        style="dim",
    )
    say_broken(out, found.errors)
