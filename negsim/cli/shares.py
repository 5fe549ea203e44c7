"""How results of ensembles are shown on a terminal: shares with intervals, measures, cells, seeds."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from negsim.cli.cells import MOST_SETTINGS, changes, each_cell, spread
from negsim.cli.common import say
from negsim.cli.grid import setting
from negsim.cli.heads import choose_lines, decider_lines, readings_lines, set_lines, what_shares_are
from negsim.cli.share_looks import ShareLooks
from negsim.cli.show import table
from negsim.ensemble.result import Result
from negsim.ensemble.sample.intervals import Share
from negsim.ensemble.sample.sample import CellResult
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent
from negsim.log.text import measure_label, outcome_text, rounded_words
from negsim.scenario.types import Truth
from negsim.wording import counted, in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.sample.summary import Summary

MOST_SEEDS = 10
MOST_LISTED = 10  # cells whose seeds are listed, unless all are asked for


def show(out: Console, result: Result, looks: ShareLooks) -> None:
    """Head, shares, measures, seeds, and where the result is."""
    if not looks.quiet:
        _head(out, result)
    if len(result.cells) == 1:
        _plain(out, result.only, quiet=looks.quiet)
    elif result.is_one_at_a_time:
        changes(out, result, looks)
    elif len(result.varied) > MOST_SETTINGS:
        spread(out, result, looks)
    else:
        each_cell(out, result, looks)
    waiting = sum(1 for cell in result.cells if not cell.runs)
    if waiting:
        out.print(f"{waiting:,} of {len(result.cells):,} cells have no run yet.")
    if looks.shown is not None:
        _seeds(out, result, looks.shown, looks)
    if not looks.quiet:
        _foot(out, result)


def _head(out: Console, result: Result) -> None:
    request, scenario = result.request, result.scenario
    out.print(scenario.title, style="bold")
    cells = f" of each of {len(result.cells):,} cells" if len(result.cells) > 1 else ""
    last = result.seed + result.runs - 1
    seeds = (f"seeds {result.seed} to {last}" if result.runs > 1 else f"seed {last}") if result.runs else "no run yet"
    most = "" if result.is_complete else "up to "
    runs = f"{most}{counted(result.runs, 'run')}{cells}"
    out.print(f"{runs}, {seeds}   scenario {scenario.hash[:12]}   negsim {request.version}", style="dim")
    lines = [*set_lines(scenario, request.settings), *choose_lines(request.settings), *decider_lines(request)]
    lines += readings_lines(result.scenario, request.settings, varied=result.varied, as_given=result.is_one_at_a_time)
    for line in lines:
        out.print(line, style="dim")
    out.print(what_shares_are(is_drawn=result.is_drawn, of=" of a cell" if len(result.cells) > 1 else "") + "\n")


def _plain(out: Console, cell: CellResult, *, quiet: bool) -> None:
    texts = {name: outcome_text(cell.scenario, name, cell.parameters) or "" for name in cell.outcomes}
    right, more = ("runs", "share", "95 % interval"), ["what it says"] if any(texts.values()) and not quiet else []
    made = table("outcome", *right, *more, right=right, plain=("outcome",))
    for name, share in cell.outcomes.items():
        said = [texts[name] for _ in more]
        made.add_row(in_words(name), f"{share.count:,}", _share(share), _interval(share), *said)
    if cell.errors:
        made.add_row("(model error)", f"{cell.errors:,}", f"{in_percent(cell.errors / cell.runs)} %", "")
    out.print(made)
    if not quiet and cell.measures:
        out.print()
        _measures(out, cell)


def _share(share: Share) -> str:
    return "no run" if share.share is None else f"{in_percent(share.share)} %"


def _interval(share: Share) -> str:
    return f"{interval_end(share.low)}..{interval_end(share.high)} %"


def _measures(out: Console, cell: CellResult) -> None:
    measures = cell.scenario.measures
    units = any(measure.unit for measure in measures.values())
    columns = ("mean", "5 %", "median", "95 %", "none in")
    made = table("measure", *columns, *(["unit"] if units else []), right=columns)
    for name, found in cell.measures.items():
        measure = measures[name]
        numbers = _truth(found) if isinstance(measure.expression.tree.type, Truth) else _numbers(found)
        missing = f"{found.missing:,}" if found.missing else ""
        label = measure_label(measure, cell.parameters)
        made.add_row(label, *numbers, missing, *([measure.unit or ""] if units else []))
    out.print(made)
    out.print("5 % and 95 %: so many of the runs that have a value have this one or a smaller one.", style="dim")


def _numbers(found: Summary) -> list[str]:
    return [rounded_words(value) for value in (found.mean, found.p05, found.median, found.p95)]


def _truth(found: Summary) -> list[str]:
    """A truth has a share alone."""
    return ["none" if found.mean is None else f"{in_percent(found.mean)} %", "", "", ""]


# Seeds, errors, foot.


def _seeds(out: Console, result: Result, outcome: str, looks: ShareLooks) -> None:
    """The seeds of the runs that end so, and the command that makes one of them again."""
    words = in_words(outcome)
    cells = [cell for cell in result.cells if cell.count(outcome)]
    if not cells:
        out.print(f"\nNo run ends in {words}.")
        return
    for cell in cells if looks.everything else cells[:MOST_LISTED]:
        seeds = result.seeds(outcome, cell=cell.number, most=None if looks.everything else MOST_SEEDS)
        count = cell.count(outcome)
        where = "" if len(result.cells) == 1 else f" with {_changed(cell)}"
        more = f", … ({count - len(seeds):,} more: --all)" if count > len(seeds) else ""
        out.print(
            f"\n{count:,} run{'s end' if count > 1 else ' ends'} in {words}{where}. Seeds: ", end="", style="bold"
        )
        out.print(f"{', '.join(map(str, seeds))}{more}")
        out.print(f"  {result.run_command(seeds[0], cell=cell.number, scenario=looks.name)}", soft_wrap=True)
    if len(cells) > MOST_LISTED and not looks.everything:
        out.print(f"… and runs of {len(cells) - MOST_LISTED:,} more cells: --all")


def _changed(cell: CellResult) -> str:
    changes: dict[str, float | str] = {**cell.cell.parameters, **cell.cell.readings}
    return ", ".join(f"{name} = {setting(value)}" for name, value in changes.items()) or "all as given"


def _foot(out: Console, result: Result) -> None:
    out.print()
    if result.runs_per_second is not None:
        speed = rounded_words(round(result.runs_per_second, 1))
        found = found_before(result)
        before = f" {found:,} were there before." if found else ""
        out.print(f"{counted(result.made, 'run')} in {result.seconds:.1f} s: {speed} a second.{before}", style="dim")
    kept = shlex.quote(str(result.path))
    again = "Nothing had to be run again. " if not result.made and result.is_complete else ""
    out.print(f"{again}Kept in {kept}: the same command with more --runs adds to it.", style="dim", soft_wrap=True)


def found_before(result: Result) -> int:
    """How many of a result's runs were not made now."""
    return sum(each.runs for each in result.cells) - result.made


def say_errors(result: Result, looks: ShareLooks) -> None:
    """Says on standard error which runs broke, and how to see the first."""
    (cell, seed, message), *_ = result.first_errors(1)
    total = sum(each.runs for each in result.cells)
    say(
        f"error: {result.errors:,} of {total:,} runs stopped with a model error; the first, seed {seed}: {message}",
        err=True,
    )
    say(f"hint: {result.run_command(seed, cell=cell, scenario=looks.name)}", err=True)


def as_json(result: Result, looks: ShareLooks) -> dict[str, Any]:
    """The result, and the seeds that were asked for."""
    found = result.as_json(looks.outcome)
    if looks.shown is not None:
        found["show"] = [
            {"cell": cell.number, "outcome": looks.shown, "seeds": seeds, "command": command}
            for cell in result.cells
            if cell.count(looks.shown)
            for seeds in [result.seeds(looks.shown, cell=cell.number, most=None if looks.everything else MOST_SEEDS)]
            for command in [result.run_command(seeds[0], cell=cell.number, scenario=looks.name)]
        ]
    return found
