"""`negsim explore`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli import ranges
from negsim.cli.common import (
    Output,
    guarded,
    how_options,
    language_option,
    say,
    scenario_argument,
    store_option,
    without_effect,
)
from negsim.cli.ending import INTERRUPTED, MODEL_ERROR
from negsim.cli.explore_order import ExploreOrder, order_of_result, order_of_scenario
from negsim.cli.files import OUTPUT, say_written
from negsim.cli.idle import note_idle_in_runs
from negsim.cli.names import name_option, name_result
from negsim.cli.progress import watched
from negsim.cli.settings import setting_options
from negsim.cli.subjects import Subject, asked_language, kind_of, result_file
from negsim.errors import UsageError
from negsim.written import write

if TYPE_CHECKING:
    from negsim.cli.share_looks import ShareLooks
    from negsim.ensemble.evaluate import Progress
    from negsim.ensemble.result import Result

PAGE = ".html"
ROOM = {"left": 30, "top": 5, "right": 5, "bottom": 5}  # letters of another kind may be wider


@click.command("explore")
@scenario_argument
@click.option("--runs", type=int, metavar="N", help="How many runs, of each cell if there are several. [default: 1000]")
@click.option("--seed", type=int, metavar="N", help="The first seed; the others follow it. [default: 0]")
@setting_options("sets", "reads", "chooses", "policy")
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="PARAMETER=LOW:HIGH:STEPS",
    help="Vary a parameter. Several are crossed.",
)
@click.option("--lhs", type=int, metavar="N", help="N cells all over the parameters' ranges (a Latin hypercube).")
@click.option("--readings", metavar="each|all|NAME,…", help="Vary readings: one at a time, or all combinations.")
@click.option("--outcome", metavar="NAME", help="The outcome to order readings by, and to draw.")
@click.option("--show", "shown", metavar="OUTCOME", help="The seeds of runs that end so, and how to see such a run.")
@click.option("--all", "everything", is_flag=True, help="Show every cell and every seed.")
@click.option("--until-width", type=float, metavar="W", help="Stop when every 95 % interval is narrower, such as 0.01.")
@click.option(
    "--workers", type=int, default=1, show_default=True, metavar="N", help="Processes that work side by side."
)
@click.option("--cluster", metavar="ADDRESS", help="Run on the Dask cluster there, such as tcp://192.0.2.7:8786.")
@click.option("--heatmap", type=OUTPUT, metavar="FILE", help="Draw FILE.svg, .png or .html.")
@click.option(
    "-o",
    "--output",
    type=OUTPUT,
    metavar="FILE",
    help="Keep the result in FILE.sqlite; or write a table, FILE.parquet.",
)
@name_option("result")
@ranges.options
@store_option
@language_option
@how_options
@guarded
def command(
    *,
    outcome: str | None,
    shown: str | None,
    everything: bool,
    heatmap: Path | None,
    output: Path | None,
    called: str | None,
    looks_over: ranges.RangesWanted,
    how: Output,
    **asked: Any,
) -> None:
    """How often each outcome comes about: many runs, by seed, as shares with 95 % intervals.

    With --sweep, --lhs or --readings the same seeds are run under each of several settings, called cells.
    The result is kept: the same command goes on where it was interrupted, and more --runs add to it.
    SCENARIO may be such a result, FILE.sqlite, to be shown again.
    """
    from negsim.cli import shares  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.cli.share_looks import ShareLooks  # noqa: PLC0415 - as above

    if looks_over.kind is not None:
        others = {"show": shown, "heatmap": heatmap, "output": output, "all": everything, "name": called}
        looks_over.refuse(others, asked)
        ranges.command(looks_over, outcome=outcome, how=how, **asked)
        return
    order = _ordered(heatmap, output, called, asked)
    looks = ShareLooks(outcome, shown, order.name, quiet=how.quiet, everything=everything)
    looks.check(order.scenario)
    _note_what_is_not_shown(order, looks, heatmap)
    result, is_whole = _made(order, quiet=how.quiet)
    with result:
        if not order.is_only_shown:
            note_idle_in_runs(result.request, runs=result.runs, policy=order.settings.get("policy"))
        how.tell(lambda: shares.as_json(result, looks), lambda out: shares.show(out, result, looks))
        _write(result, heatmap, output, outcome)
        if called is not None:
            name_result(result.request.id, asked["store"], called)
        _end(result, looks, is_whole=is_whole)


def _ordered(heatmap: Path | None, output: Path | None, called: str | None, asked: Mapping[str, Any]) -> ExploreOrder:
    """What is asked for, of a scenario or of a result. Raises `UsageError` where it does not go together."""
    from negsim.ensemble.table.parquet import is_parquet  # noqa: PLC0415 - as needed

    _check(heatmap, output)
    there = None if kind_of(asked["scenario"]) is Subject.SCENARIO else result_file(asked["scenario"], asked["store"])
    in_a_file = output is not None and not is_parquet(output)
    if called is not None and (there is not None or in_a_file):
        raise UsageError("--name is for a result that is kept beside the store", "a file has a name of its own")
    if there is not None and in_a_file:
        raise UsageError("a result stays in its own file", "a table of it can be written: -o FILE.parquet")
    return (
        order_of_scenario(output if in_a_file else None, **asked) if there is None else order_of_result(there, **asked)
    )


def _note_what_is_not_shown(order: ExploreOrder, looks: ShareLooks, heatmap: Path | None) -> None:
    """Notes which options say how something is shown that is not there."""
    if heatmap is None and not any(cell.readings for cell in order.cells):
        without_effect({"outcome": looks.outcome}, {"outcome": "orders readings, or is drawn (--heatmap)"})
    if len(order.cells) == 1 and looks.shown is None:
        without_effect({"all": looks.everything}, {"all": "shows every cell, or every seed (--show)"})


def _end(result: Result, looks: ShareLooks, *, is_whole: bool) -> None:
    """Says which runs broke, or that there are fewer than were asked for, and exits so."""
    from negsim.cli import shares  # noqa: PLC0415 - as needed

    if result.errors:
        shares.say_errors(result, looks)
    if not is_whole:
        found = shares.found_before(result)
        before = f" beside {found:,} that were there before" if found else ""
        kept = f"interrupted after {result.made:,} runs{before}, which are kept; the same command goes on from there"
        say(kept, err=True)
        raise SystemExit(INTERRUPTED)
    if result.errors:
        raise SystemExit(MODEL_ERROR)


def _check(heatmap: Path | None, output: Path | None) -> None:
    """Raises `UsageError`, before any run, where what is asked for cannot be written in the end."""
    from negsim.ensemble.evaluate import result_path  # noqa: PLC0415 - as needed
    from negsim.ensemble.table.parquet import check_can_write, is_parquet  # noqa: PLC0415 - as above

    if heatmap is not None:
        from negsim.show.charts import check_name  # noqa: PLC0415 - charts are an extra

        check_name(heatmap, more=(PAGE,))
    if output is not None and is_parquet(output):
        check_can_write()
    elif output is not None:
        result_path(output)


def _made(order: ExploreOrder, *, quiet: bool) -> tuple[Result, bool]:
    """The result, and whether it is whole; where the work is interrupted, what there is."""
    from negsim.ensemble.evaluate import evaluate  # noqa: PLC0415 - as needed
    from negsim.ensemble.result import Result  # noqa: PLC0415 - as above

    if order.is_only_shown:
        return Result.read(order.path, language=asked_language()), True
    before, began = _Before(), perf_counter()
    try:
        with _progress(order, quiet=quiet) as progress:
            made = evaluate(
                order.scenario,
                order.cells,
                runs=order.runs,
                until_width=order.until_width,
                workers=order.workers,
                cluster=order.cluster,
                out=order.path,
                progress=before.watching(progress),
                **order.settings,
            )
    except KeyboardInterrupt:
        if not order.path.exists():
            raise
        result = Result.read(order.path, language=asked_language())
        return attrs.evolve(result, made=before.made_since(result), seconds=perf_counter() - began), False
    return made, True


@attrs.define
class _Before:
    """How many runs there were before; nothing until the work has begun."""

    runs: int | None = None

    def watching(self, progress: Progress | None) -> Progress:
        """Progress whose first word is noted here."""

        def told(done: int, total: int) -> None:
            if self.runs is None:
                self.runs = done
            if progress is not None:
                progress(done, total)

        return told

    def made_since(self, result: Result) -> int:
        """How many runs of a result were made since. What is kept counts: the last of it may not have been told."""
        return 0 if self.runs is None else sum(cell.runs for cell in result.cells) - self.runs


@contextmanager
def _progress(order: ExploreOrder, *, quiet: bool) -> Iterator[Progress | None]:
    """What is told of progress: a bar on a terminal, and before it how much there is to do."""
    from negsim.ensemble.evaluate import MOST_RUNS_UNTIL_WIDTH, RUNS  # noqa: PLC0415 - as needed

    cells = len(order.cells)
    if cells > 1 and not quiet:
        runs = order.runs or (RUNS if order.until_width is None else MOST_RUNS_UNTIL_WIDTH)
        most = "" if order.until_width is None else "at most "
        click.echo(f"{cells:,} cells, {most}{runs:,} runs of each: {most}{cells * runs:,} runs", err=True)
    shorter = "--workers N lets processes share it, fewer --runs make it shorter"
    with watched("runs", quiet=quiet, shorter=shorter) as told:
        if told is None:
            yield None
        else:
            yield lambda done, total: told(done, total if order.until_width is None else None)


def _write(result: Result, heatmap: Path | None, output: Path | None, outcome: str | None) -> None:
    """Writes what was asked for beside the result file."""
    from negsim.ensemble.table.parquet import is_parquet, write_parquet  # noqa: PLC0415 - as needed

    if heatmap is not None:
        _draw(result, heatmap, outcome)
        say_written(heatmap)
    if output is not None and is_parquet(output):
        write_parquet(result, output)
        say_written(output)


def _draw(result: Result, path: Path, outcome: str | None) -> None:
    if path.suffix.lower() != PAGE:
        from negsim.show.charts import save  # noqa: PLC0415 - charts are an extra

        save(result.plot(outcome), path)
        return
    from negsim.ensemble.picture.pictures import drawing  # noqa: PLC0415 - as above
    from negsim.ensemble.picture.reading_slides import about, is_of_readings  # noqa: PLC0415 - as above
    from negsim.show.page.single import picture_page  # noqa: PLC0415 - as above
    from negsim.show.result_charts import figures  # noqa: PLC0415 - as above
    from negsim.show.theme import Figure, themed  # noqa: PLC0415 - as above

    lead, *lines = about(result, outcome)
    if is_of_readings(result):
        figure, lead = list(figures(result, outcome).values())[-1], " ".join((lead, *lines))
    else:
        chart = themed(drawing(result, outcome)).properties(padding=ROOM)
        figure = Figure("shares", "Shares of runs", " ".join(lines), chart)
    write(path, picture_page(result.scenario.title, lead, figure))
