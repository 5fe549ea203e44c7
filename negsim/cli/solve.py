"""`negsim solve`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli import best, bounds
from negsim.cli.common import (
    Output,
    guarded,
    how_options,
    language_option,
    load_scenario,
    refuse_beside,
    say,
    scenario_argument,
    without_effect,
)
from negsim.cli.ending import INTERRUPTED
from negsim.cli.files import OUTPUT, say_written
from negsim.cli.idle import note_idle_everywhere
from negsim.cli.progress import watched
from negsim.cli.settings import Given, setting_options
from negsim.errors import ModelError, UsageError
from negsim.written import write

if TYPE_CHECKING:
    from negsim.ensemble.design.cells import Cell
    from negsim.ensemble.study.exact import ExactCells
    from negsim.exact.answer.forward import Progress
    from negsim.exact.answer.solution import Solution
    from negsim.scenario.model import Scenario

PAGE = ".html"


@click.command("solve")
@scenario_argument
@setting_options("sets", "reads", "chooses", "policy")
@best.options
@click.option("--readings", metavar="each|all|NAME,…", help="Vary readings: one at a time, or all combinations.")
@click.option("--outcome", metavar="NAME", help="The outcome to order readings by, or whose ends are looked for.")
@click.option("--measures", is_flag=True, help="Also the expected measures. This can take more states.")
@click.option("--curves", is_flag=True, help="Also the probabilities at some days on the way.")
@click.option(
    "--max-states",
    type=click.IntRange(min=1),
    metavar="N",
    help="Stop where there are more states at dusk, or more than N / 5 within a day. [default: 100000]",
)
@click.option("--all", "everything", is_flag=True, help="Show every cell.")
@click.option("--picture", type=OUTPUT, metavar="FILE", help="Draw FILE.svg, .png or .html.")
@bounds.options
@language_option
@how_options
@guarded
def command(
    *,
    outcome: str | None,
    curves: bool,
    everything: bool,
    picture: Path | None,
    play: best.BestWanted,
    ends: bounds.BoundsWanted,
    how: Output,
    **asked: Any,
) -> None:
    """The exact probability of each outcome, by following all runs at once.

    Nothing is drawn and nothing sampled: the numbers are those that the shares of `negsim explore` come
    near. With --readings they are worked out under each of several settings, called cells. Where there are
    too many states to go on it says how far it came, and what is known by then.
    """
    shown = {"outcome": outcome, "curves": curves, "picture": picture, "all": everything}
    of_cells = {"readings": asked["readings"], "measures": asked["measures"], "policy": asked["given"].policy}
    ends.check({**of_cells, "curves": curves, "all": everything, "picture": picture, **play.sought})
    if ends.over_ranges:
        more = {name: asked[name] for name in ("scenario", "given", "max_states")}
        bounds.command(ends, outcome=outcome, how=how, **more)
        return
    if picture is not None:
        from negsim.show.charts import check_name  # noqa: PLC0415 - charts are an extra

        check_name(picture, more=(PAGE,))
    order = _order(**asked)
    if play.is_asked:
        refuse_beside("best play", {**shown, **of_cells})
        _best(order, play, how)
    else:
        _law(order, shown, how)


def _law(order: SolveOrder, shown: Mapping[str, Any], how: Output) -> None:
    """The probabilities under each setting; what there is of them where the work is interrupted."""
    from negsim.cli import probabilities  # noqa: PLC0415 - heavy imports wait for the command

    outcome, curves, everything = shown["outcome"], shown["curves"], shown["all"]
    measures = order.how["measures"]
    looks = probabilities.ProbabilityLooks(
        outcome, quiet=how.quiet, curves=curves, measures=measures, everything=everything
    )
    looks.check(order.scenario)
    several = {"outcome": "orders readings, or with --over-ranges says whose ends are looked for", "all": "shows cells"}
    if order.readings is None:
        without_effect({"outcome": outcome, "all": everything}, several)
    if len(order.cells) > 1 and (curves or measures) and not how.as_json:
        say("note: curves and measures of several cells are shown with --json alone", err=True)
    solved, is_whole = _solved(order, quiet=how.quiet)
    note_idle_everywhere(solved.solutions)
    how.tell(solved.as_json, lambda out: probabilities.show(out, solved, looks))
    if shown["picture"] is not None:
        _draw(solved, shown["picture"], outcome)
    if not is_whole:
        say(f"interrupted after {len(solved.solutions):,} of {len(order.cells):,} cells", err=True)
        raise SystemExit(INTERRUPTED)


@attrs.frozen(kw_only=True)
class SolveOrder:
    """What is asked for: a scenario, its cells, and what all of them share."""

    scenario: Scenario
    cells: tuple[Cell, ...]
    readings: str | None
    how: Mapping[str, Any]


def _order(*, scenario: str, given: Given, readings: str | None, max_states: int | None, measures: bool) -> SolveOrder:
    from negsim.ensemble.explore import design  # noqa: PLC0415 - as needed

    found = load_scenario(scenario)
    settings = given.checked(found)
    how = {**settings.asked, "measures": measures}
    if max_states is not None:
        how["max_states"] = max_states
    cells = design(found, set=settings.parameters, read=settings.readings, readings=readings)
    return SolveOrder(scenario=found, cells=cells, readings=readings, how=how)


def _solved(order: SolveOrder, *, quiet: bool) -> tuple[ExactCells, bool]:
    """The solutions of all cells, and whether they are all there; where the work is interrupted, those that are."""
    from negsim.ensemble.design.readings import is_each  # noqa: PLC0415 - as above
    from negsim.ensemble.study.exact import ExactCells  # noqa: PLC0415 - as needed

    solutions: list[Solution] = []
    is_whole = True
    try:
        with _progress(order, quiet=quiet) as progress_of:
            for number, cell in enumerate(order.cells):
                solutions.append(_solution(order, cell, progress_of(number)))
    except KeyboardInterrupt:
        if not solutions:
            raise
        is_whole = False
    one_at_a_time = order.readings is not None and is_each(order.readings)
    cells = order.cells[: len(solutions)]
    return ExactCells(order.scenario, cells, tuple(solutions), one_at_a_time=one_at_a_time), is_whole


def _solution(order: SolveOrder, cell: Cell, progress: Progress | None) -> Solution:
    """The solution of one cell."""
    from negsim.exact.answer.solve import solve  # noqa: PLC0415 - as needed

    try:
        varied = {"set": {**order.how["set"], **cell.parameters}, "read": {**order.how["read"], **cell.readings}}
        return solve(order.scenario, progress=progress, **{**order.how, **varied})
    except ModelError as error:
        if cell.readings:
            from negsim.scenario.held import told_once  # noqa: PLC0415 - as above

            which = ", ".join(f"{n}={option}" for n, option in told_once(order.scenario, cell.readings).items())
            where = f"with {which}: {error.where}"
            raise ModelError(error.message, where=where, day=error.day, step=error.step) from None
        raise


def _best(order: SolveOrder, wanted: best.BestWanted, how: Output) -> None:
    """Best play, and beside it the outcomes by weight where they can be had."""
    (cell,) = order.cells
    sides = {"by": best.names(wanted.by), "against": best.names(wanted.against)}
    with _progress(order, quiet=how.quiet) as progress_of:
        solution = _solution(attrs.evolve(order, how={**order.how, **wanted.sought, **sides}), cell, progress_of(0))
        by_weight = None if how.as_json else _solution(order, cell, progress_of(0))
    if by_weight is not None and not by_weight.is_exact:
        by_weight = None
    note_idle_everywhere([solution])
    best.save(wanted, solution)
    how.tell(solution.as_json, lambda out: best.show(out, solution, by_weight, quiet=how.quiet))


@contextmanager
def _progress(order: SolveOrder, *, quiet: bool) -> Iterator[Callable[[int], Progress | None]]:
    """What is told of each cell's progress: on a terminal, a bar that moves with the days."""
    cells, days = len(order.cells), order.scenario.horizon_days + 1
    calendar = order.scenario.calendar
    if cells > 1 and not quiet:
        click.echo(f"{cells:,} cells", err=True)
    shorter = "negsim explore samples instead" + (", fewer --readings make it shorter" if cells > 1 else "")
    with watched(calendar.plural, quiet=quiet, shorter=shorter, even=False) as told:

        def progress_of(number: int) -> Progress | None:
            if told is None:
                return None
            which = f"cell {number + 1:,} of {cells:,}, " if cells > 1 else ""
            return lambda day, states: told(
                number * days + day,
                cells * days,
                f"{which}{calendar.name} {day:,} of {days - 1:,}, {states:,} states",
            )

        yield progress_of


def _draw(solved: ExactCells, path: Path, outcome: str | None) -> None:
    """Draws one solution's bands day by day, or the boxes of several; or writes the page that has all."""
    from negsim.show.charts import save  # noqa: PLC0415 - charts are an extra
    from negsim.show.page.solution import solution_page  # noqa: PLC0415 - as above
    from negsim.show.solution_bands import bands_figure, under  # noqa: PLC0415 - as above
    from negsim.show.solution_charts import figures  # noqa: PLC0415 - as above
    from negsim.show.theme import alone  # noqa: PLC0415 - as above

    ordered = solved.ordered(outcome)
    if path.suffix.lower() == PAGE:
        write(path, solution_page(ordered))
    elif len(ordered) > 1:
        figure = figures(ordered)["cells"]
        about = f"{figure.about} {under(solved.scenario)}"
        save(alone(figure, solved.scenario.title, about), path)
    elif ordered[0].reached < 0:
        raise UsageError(
            f"there is nothing to draw: not even {solved.scenario.calendar.name} 0 could be followed",
            "see what is said above",
        )
    else:
        figure = bands_figure(ordered[0])
        save(alone(figure, solved.scenario.title, figure.about), path)
    say_written(path)
