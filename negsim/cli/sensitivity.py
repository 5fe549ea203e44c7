"""`negsim explore --sensitivity`: which parameter matters most, over all their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from negsim.cli.looked_over import FEWER, MOST_ROWS, head, kept_in, range_cells, say_broken, tell
from negsim.cli.progress import watched
from negsim.cli.show import order, table
from negsim.exact.answer.words import share as in_percent
from negsim.wording import counted, in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.study.indices import Estimate, Index, Sensitivity
    from negsim.scenario.model import Scenario


def look(
    scenario: Scenario,
    outcome: str | None,
    *,
    over: str | None,
    points: int | None,
    exact: bool,
    quiet: bool,
    store: str,
    runs: int | None,
    **how: Any,
) -> Sensitivity:
    """The indices, after how much there is to do was said."""
    from negsim.ensemble.sensitivity import POINTS, RUNS, sobol  # noqa: PLC0415 - as above
    from negsim.ensemble.study.saltelli import saltelli  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import ranged  # noqa: PLC0415 - as needed

    points = POINTS if points is None else points
    given: dict[str, Any] = {"over": over, "points": points, "outcome": outcome, "exact": exact}
    cells = saltelli(ranged(scenario, over, fixed=how["set"]), points=points, seed=how["seed"])
    if exact:
        tell(f"{len(cells):,} settings, each solved exactly", quiet=quiet)
        given["runs"] = runs
    else:
        given["runs"] = RUNS if runs is None else runs
        tell(
            f"{len(cells):,} settings, {given['runs']:,} runs of each: {len(cells) * given['runs']:,} runs", quiet=quiet
        )
        given["out"] = kept_in(scenario, cells, store, how)
    shorter = "fewer --points make it shorter" if exact else FEWER
    with watched("settings" if exact else "runs", quiet=quiet, shorter=shorter) as told:
        return sobol(scenario, **given, **how, progress=told)


def show(out: Console, found: Sensitivity, *, quiet: bool) -> None:
    """Which parameter makes how much of each outcome, alone and in all."""
    from negsim.ensemble.study.indices import about  # noqa: PLC0415 - as needed

    if not quiet:
        runs = "solved exactly" if found.is_exact else f"{found.runs:,} runs of each"
        head(out, found.request, f"{found.settings:,} settings from {found.points:,} points, {runs}, seed {found.seed}")
        out.print(
            f"Over the ranges of {counted(len(found.parameters), 'parameter')}, each value as likely as any other,"
            " which is an assumption of its own. This is no forecast.\n"
        )
    for name, spread in found.outcomes.items():
        goes = f"{in_percent(spread.least)} to {in_percent(spread.most)} %, on average {in_percent(spread.mean)} %"
        out.print(f"{in_words(name)}: {goes}", style="bold")
        _indices(out, found, spread.indices)
        out.print()
    out.print(
        "Before a parameter: its place in the order by what it makes in all. alone: the share of the outcome's variance"
        " over the ranges that goes when the parameter is known. in all: the share that stays when all others are"
        f" known. {about(found)}",
        style="dim",
    )
    say_broken(out, found.errors)


def _indices(out: Console, found: Sensitivity, indices: Sequence[Index]) -> None:
    """What each parameter makes of one outcome, as far as it varies."""
    if not indices:
        out.print("It does not vary, so there is nothing to be told apart.")
        return
    parameters = {parameter.name: parameter for parameter in found.parameters}
    right = ("alone", "95 % interval", "in all", "95 % interval ")
    made = table("parameter", "range", "origin", *right, right=right)
    for each in indices[:MOST_ROWS]:
        made.add_row(
            f"{each.places.words('..')}. {each.parameter}",
            *range_cells(parameters[each.parameter]),
            *_estimate(each.first),
            *_estimate(each.total),
        )
    out.print(made)
    if len(indices) > MOST_ROWS:
        out.print(f"… and {len(indices) - MOST_ROWS} more parameters: --json", style="dim")
    more = "More points" if found.is_exact else "More points and runs"
    order(out, [each.places for each in indices], is_estimated=True, more=more)


def _estimate(found: Estimate) -> tuple[str, str]:
    return f"{found.value:.2f}", f"{found.low:.2f}..{found.high:.2f}"
