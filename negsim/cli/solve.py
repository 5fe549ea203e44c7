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
    INTERRUPTED,
    console,
    guarded,
    load_scenario,
    output_options,
    pairs,
    policy_for,
    policy_option,
    print_json,
    quiet_option,
    say,
    scenario_argument,
    setting_options,
    without_effect,
)
from negsim.cli.files import OUTPUT, say_written
from negsim.cli.progress import watched
from negsim.errors import ModelError, UsageError
from negsim.written import write

if TYPE_CHECKING:
    from negsim.explore.cells import Cell
    from negsim.explore.exact import ExactCells
    from negsim.scenario.model import Scenario
    from negsim.solve.forward import Progress
    from negsim.solve.solution import Solution

PAGE = ".html"


@click.command("solve")
@scenario_argument
@setting_options
@policy_option
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
@quiet_option
@output_options
@guarded
def command(
    *,
    outcome: str | None,
    curves: bool,
    everything: bool,
    picture: Path | None,
    quiet: bool,
    as_json: bool,
    no_color: bool,
    **asked: Any,
) -> None:
    """The exact probability of each outcome, by following all runs at once.

    Nothing is drawn and nothing sampled: the numbers are those that the shares of `negsim explore` come
    near. With --readings they are worked out under each of several settings, called cells. Where there are
    too many states to go on it says how far it came, and what is known by then.
    """
    from negsim.cli import probabilities  # noqa: PLC0415 - heavy imports wait for the command

    play = best.taken(asked)
    sought = {"maximise": play.maximise, "minimise": play.minimise, "policy": asked["policy"]}
    asked, wanted = bounds.taken(asked, curves=curves, all=everything, picture=picture, **sought)
    if wanted is not None:
        asked.pop("policy")
        bounds.command(wanted, outcome=outcome, quiet=quiet, as_json=as_json, no_color=no_color, **asked)
        return
    if picture is not None:
        from negsim.report.charts import check_name  # noqa: PLC0415 - charts are an extra

        check_name(picture, more=(PAGE,))
    order = _order(**asked)
    if play.is_asked:
        rest = {"readings": order.readings, "outcome": outcome, "curves": curves, "picture": picture, "all": everything}
        _best(order, play, rest, quiet=quiet, as_json=as_json, no_color=no_color)
        return
    looks = probabilities.Looks(outcome, quiet=quiet, curves=curves, measures=asked["measures"], everything=everything)
    looks.check(order.scenario)
    several = {"outcome": "orders readings, or with --over-ranges says whose ends are looked for", "all": "shows cells"}
    if order.readings is None:
        without_effect({"outcome": outcome, "all": everything}, several)
    if len(order.cells) > 1 and (curves or asked["measures"]) and not as_json:
        say("note: curves and measures of several cells are shown with --json alone", err=True)
    solved, is_whole = _solved(order, quiet=quiet)
    if as_json:
        print_json(solved.as_json())
    else:
        probabilities.show(console(no_color=no_color), solved, looks)
    if picture is not None:
        _draw(solved, picture, outcome)
    if not is_whole:
        say(f"interrupted after {len(solved.solutions):,} of {len(order.cells):,} cells", err=True)
        raise SystemExit(INTERRUPTED)


@attrs.frozen(kw_only=True)
class Order:
    """What is asked for: a scenario, its cells, and what all of them share."""

    scenario: Scenario
    cells: tuple[Cell, ...]
    readings: str | None
    parameters: Mapping[str, float]
    read: Mapping[str, str]
    how: Mapping[str, Any]


def _order(
    *,
    scenario: str,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    chooses: tuple[str, ...],
    readings: str | None,
    max_states: int | None,
    policy: str | None,
    **how: Any,
) -> Order:
    from negsim.explore.ensemble import design  # noqa: PLC0415 - as above
    from negsim.scenario.ranges import outside_ranges  # noqa: PLC0415 - as needed
    from negsim.scenario.settings import parameter_values  # noqa: PLC0415 - as needed

    found = load_scenario(scenario)
    parameters = parameter_values(found, pairs(sets, "parameter=value"))
    for warning in outside_ranges(found, parameters):
        click.echo(f"note: {warning}", err=True)
    read = pairs(reads, "reading=option")
    table = None if policy is None else policy_for(policy, found, set=parameters, read=read)
    return Order(
        scenario=found,
        cells=design(found, set=parameters, read=read, readings=readings),
        readings=readings,
        parameters=parameters,
        read=read,
        how={
            "choose": list(chooses),
            **({} if max_states is None else {"max_states": max_states}),
            **({} if table is None else {"policy": table}),
            **how,
        },
    )


def _solved(order: Order, *, quiet: bool) -> tuple[ExactCells, bool]:
    """The solutions of all cells, and whether they are all there; where the work is interrupted, those that are."""
    from negsim.explore.exact import ExactCells  # noqa: PLC0415 - as needed
    from negsim.explore.readings import is_each  # noqa: PLC0415 - as above

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


def _solution(order: Order, cell: Cell, progress: Progress | None) -> Solution:
    """The solution of one cell."""
    from negsim.solve.solution import solve  # noqa: PLC0415 - as needed

    try:
        return solve(
            order.scenario,
            set={**order.parameters, **cell.parameters},
            read={**order.read, **cell.readings},
            progress=progress,
            **order.how,
        )
    except ModelError as error:
        if cell.readings:
            which = ", ".join(f"{name}={option}" for name, option in cell.readings.items())
            raise ModelError(error.message, where=f"with {which}: {error.where}", day=error.day) from None
        raise


def _best(
    order: Order, wanted: best.Wanted, rest: Mapping[str, Any], *, quiet: bool, as_json: bool, no_color: bool
) -> None:
    """Best play, and beside it the outcomes by weight where they can be had."""
    given = {**rest, "policy": order.how.get("policy"), "measures": order.how["measures"]}
    for name, value in given.items():
        if value not in (None, False, ()):
            raise UsageError(f"best play and --{name} do not go together", "ask for one after the other")
    (cell,) = order.cells
    sought = {"maximise": wanted.maximise, "minimise": wanted.minimise}
    sides = {"by": best.names(wanted.by), "against": best.names(wanted.against)}
    with _progress(order, quiet=quiet) as progress_of:
        solution = _solution(attrs.evolve(order, how={**order.how, **sought, **sides}), cell, progress_of(0))
        by_weight = None if as_json else _solution(order, cell, progress_of(0))
    if by_weight is not None and not by_weight.is_exact:
        by_weight = None
    best.show(wanted, solution, by_weight, quiet=quiet, as_json=as_json, no_color=no_color)


@contextmanager
def _progress(order: Order, *, quiet: bool) -> Iterator[Callable[[int], Progress | None]]:
    """What is told of each cell's progress: on a terminal, a bar that moves with the days."""
    cells, days = len(order.cells), order.scenario.horizon_days + 1
    if cells > 1 and not quiet:
        click.echo(f"{cells:,} cells", err=True)
    shorter = "negsim explore samples instead" + (", fewer --readings make it shorter" if cells > 1 else "")
    with watched("days", quiet=quiet, shorter=shorter, even=False) as told:

        def progress_of(number: int) -> Progress | None:
            if told is None:
                return None
            which = f"cell {number + 1:,} of {cells:,}, " if cells > 1 else ""
            return lambda day, states: told(
                number * days + day,
                cells * days,
                f"{which}day {day:,} of {days - 1:,}, {states:,} states",
            )

        yield progress_of


def _draw(solved: ExactCells, path: Path, outcome: str | None) -> None:
    """Draws one solution's bands day by day, or the boxes of several; or writes the page that has all."""
    from negsim.report.charts import save  # noqa: PLC0415 - charts are an extra
    from negsim.report.page.solution import solution_page  # noqa: PLC0415 - as above
    from negsim.report.solution_bands import bands_figure, under  # noqa: PLC0415 - as above
    from negsim.report.solution_charts import figures  # noqa: PLC0415 - as above
    from negsim.report.theme import alone  # noqa: PLC0415 - as above

    ordered = solved.ordered(outcome)
    if path.suffix.lower() == PAGE:
        write(path, solution_page(ordered))
    elif len(ordered) > 1:
        figure = figures(ordered)["cells"]
        about = f"{figure.about} {under(solved.scenario)}"
        save(alone(figure, solved.scenario.title, about), path)
    elif ordered[0].reached < 0:
        raise UsageError("there is nothing to draw: not even day 0 could be followed", "see what is said above")
    else:
        figure = bands_figure(ordered[0])
        save(alone(figure, solved.scenario.title, figure.about), path)
    say_written(path)
