"""`negsim deal`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.cli.common import (
    console,
    guarded,
    load_scenario,
    output_options,
    pairs,
    print_json,
    read_run,
    scenario_argument,
    store_option,
)
from negsim.cli.files import OUTPUT, say_written
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.deal.analysis import Cell
    from negsim.deal.space import DealSpace
    from negsim.scenario.model import Scenario

MOST_NAMED = 6  # packages that an unlock set names
MOST_SHOWN = 16  # packages in the table, unless --all
PAGE = 1_000  # packages in one table, so that what is shown need not be held
MOST_CELLS = 1_000
MOST_SETS = 12
MOST_UNBROKEN = 3  # parties whose answers are kept on one line


@click.command("deal")
@scenario_argument
@click.option("--talks", metavar="NAME", help="Which talks, where a scenario has several.")
@click.option("--set", "sets", multiple=True, metavar="PARAMETER=VALUE", help="Another value for a parameter.")
@click.option("--read", "reads", multiple=True, metavar="READING=OPTION", help="Another option of a reading.")
@click.option("--readings", metavar="all|NAME,…", help="The zone under every combination of these readings.")
@click.option("--at", metavar="RUN:SEQ", help="In the state right after an event of a run, not after history.")
@click.option("--all", "show_all", is_flag=True, help="Show every package, however many there are.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=1_000,
    show_default=True,
    metavar="N",
    help="How many packages each list of --json holds at most; it counts all.",
)
@click.option("-o", "--output", type=OUTPUT, help="A picture: FILE.svg or FILE.png.")
@store_option
@output_options
@guarded
def command(
    *,
    scenario: str,
    talks: str | None,
    sets: tuple[str, ...],
    reads: tuple[str, ...],
    readings: str | None,
    at: str | None,
    show_all: bool,
    limit: int,
    output: Path | None,
    store: str,
    as_json: bool,
    no_color: bool,
) -> None:
    """Who can live with which deal, and whose red line would have to move for one to exist.

    Needs no run: it looks at the talks in the state after the scenario's history.
    """
    from negsim.deal.analysis import by_reading, deal, deal_at, readings_of, talks_named  # noqa: PLC0415 - as needed

    found = load_scenario(scenario)
    settings = {"set": pairs(sets, "parameter=value"), "read": pairs(reads, "reading=option")}
    out = console(no_color=no_color)
    if readings is not None:
        names = readings_of(found, talks_named(found, talks)) if readings == "all" else tuple(readings.split(","))
        _check_size(found, names)
        cells = by_reading(found, names, talks=talks, set=settings["set"], read=settings["read"])
        if as_json:
            print_json(
                {"cells": [{"readings": dict(cell.readings), **cell.space.as_json(limit=limit)} for cell in cells]}
            )
        else:
            _show_cells(out, found, cells)
        return
    if at is None:
        space = deal(found, talks=talks, set=settings["set"], read=settings["read"])
    else:
        run, _, seq = at.rpartition(":")
        if not run or not seq.lstrip("-").isdigit():
            raise UsageError(f"'{at}' names no moment of a run", "write RUN:SEQ, such as last:12")
        if sets or reads:
            raise UsageError("--at takes the parameters and readings of its run", "leave out --set and --read")
        space = deal_at(read_run(run, store), int(seq), talks=talks)
    if output is not None:
        _draw(found, space, output)
    if as_json:
        print_json(space.as_json(limit=limit))
    else:
        _show(out, found, space, show_all=show_all)


def _check_size(scenario: Scenario, names: tuple[str, ...]) -> None:
    size = 1
    for name in names:
        if name in scenario.readings:
            size *= len(scenario.readings[name].options)
    if size > MOST_CELLS:
        raise UsageError(
            f"these readings have {size:,} combinations", f"name fewer: at most {MOST_CELLS:,} are looked at"
        )


def _draw(scenario: Scenario, space: DealSpace, output: Path) -> None:
    from negsim.report.charts import deal_chart, save  # noqa: PLC0415 - charts are an extra

    save(deal_chart(scenario, space), output)
    say_written(output)


def _show(out: Console, scenario: Scenario, space: DealSpace, *, show_all: bool) -> None:
    from negsim.log.text import in_words  # noqa: PLC0415 - as it is needed

    talks = space.table.talks
    out.print(scenario.title, style="bold")
    consulted = f"; consulted: {_names(scenario, talks.consulted)}" if talks.consulted else ""
    out.print(f"Talks: {in_words(talks.name)}. Parties: {_names(scenario, talks.parties)}{consulted}.")
    count = len(space.table.packages)
    out.print(f"{count:,} package{'' if count == 1 else 's'}; {len(space.zone):,} that all could sign.\n")
    if not space.zone:
        _show_unlock(out, scenario, space)
    _show_packages(out, scenario, space, show_all=show_all)
    if space.zone:
        _show_solutions(out, space)


def _names(scenario: Scenario, actors: tuple[str, ...]) -> str:
    return ", ".join(scenario.actors[actor].name for actor in actors)


def _show_packages(out: Console, scenario: Scenario, space: DealSpace, *, show_all: bool) -> None:
    """Each package with each party's answer; where there are many, those of the zone and of the front."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import in_words  # noqa: PLC0415 - as it is needed

    packages = list(range(len(space.table.packages)))
    if len(packages) > MOST_SHOWN and not show_all:
        opened = [package for names in space.unlock[:MOST_SETS] for package in space.opened_by(names)]
        first = dict.fromkeys([*space.zone[:MOST_SHOWN], *opened[:MOST_SHOWN], *space.pareto[:MOST_SHOWN]])
        what = "those that a move would open" if opened else "those of the zone"
        out.print(f"Shown: {len(first)} packages, {what} and those of the Pareto front (--all shows every one).")
        packages = list(first)
    zone, front = set(space.zone), set(space.pareto)
    out.print(f"A package names its options in the order: {', '.join(map(in_words, space.table.issues))}.")
    for start in range(0, len(packages), PAGE):
        made = table("#", "package", *(scenario.actors[party].name for party in space.parties), "")
        for column in made.columns[2:-1]:
            column.no_wrap = len(space.parties) <= MOST_UNBROKEN
        made.columns[-1].no_wrap = True
        for package in packages[start : start + PAGE]:
            marks = " ".join(mark for mark, group in (("zone", zone), ("Pareto", front)) if package in group)
            options = ", ".join(in_words(option) for option in space.table.packages[package])
            answers = (_answer(space, party, package) for party in space.parties)
            made.add_row(str(package + 1), options, *answers, marks)
        out.print(made)
    out.print(
        "Numbers are utilities, 0 to 1, from the weights that the scenario assumes; a name is a red line.\n",
        style="dim",
    )


def _answer(space: DealSpace, party: str, package: int) -> str:
    """A party's answer to a package in a few words."""
    utility = space.utility(party, package)
    broken = space.broken(party, package)
    if broken:
        return f"no: {', '.join(line.name for line in broken)}"
    if not space.is_acceptable(party, package):
        return f"no: {utility:.2f}<{space.fallbacks[party]:.2f}"
    return f"yes {utility:.2f}"


def _show_solutions(out: Console, space: DealSpace) -> None:
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used
    from negsim.log.text import in_words  # noqa: PLC0415 - as it is needed

    out.print("Solutions over the zone", style="bold")
    made = table("solution", "#", "package")
    for name, package in space.solutions.items():
        if package is not None:
            terms = ", ".join(
                f"{in_words(issue)}: {in_words(option)}" for issue, option in space.package(package).items()
            )
            made.add_row(in_words(name), str(package + 1), terms)
    out.print(made)


def _show_unlock(out: Console, scenario: Scenario, space: DealSpace) -> None:
    """Why there is no deal, and what would have to move."""
    from rich.padding import Padding  # noqa: PLC0415 - rich is loaded where it is used
    from rich.text import Text  # noqa: PLC0415 - as above

    from negsim.log.text import counted  # noqa: PLC0415 - as it is needed
    from negsim.report.timeline import words  # noqa: PLC0415 - as above

    out.print("No package can be signed by all. For one to exist, one of these must move:", style="bold")
    for number, names in enumerate(space.unlock[:MOST_SETS], start=1):
        opened = space.opened_by(names)
        which = ", ".join(str(package + 1) for package in opened[:MOST_NAMED]) + (
            ", …" if len(opened) > MOST_NAMED else ""
        )
        out.print(f"{number}. {' and '.join(names)} (would open {counted(len(opened), 'package')}: no. {which})")
    if len(space.unlock) > MOST_SETS:
        out.print(f"… and {len(space.unlock) - MOST_SETS} more (--json lists them)")
    named = dict.fromkeys(name for names in space.unlock[:MOST_SETS] for name in names)
    out.print("\nWhat stands behind them", style="bold")
    for name in named:
        party, _, line = name.partition(".")
        position = space.table.talks.positions[party]
        red_line = position.red_lines.get(line)
        origin = position.origin if red_line is None else red_line.origin
        what = (
            f"never {red_line.never.text}" if red_line else f"what no deal is worth to it, {space.fallbacks[party]:.2f}"
        )
        out.print(Text(f"{name}: {what}"))
        for each in words(scenario, origin):
            out.print(Padding(Text(each), (0, 0, 0, 4)))
    out.print()


def _show_cells(out: Console, scenario: Scenario, cells: list[Cell]) -> None:
    """Which reading opens the zone."""
    from negsim.cli.show import table  # noqa: PLC0415 - rich is loaded where it is used

    names = list(cells[0].readings) if cells else []
    out.print(scenario.title, style="bold")
    if not names:
        out.print("No reading bears on these talks.")
        return
    made = table(*names, "packages all could sign", "what would have to move", right=("packages all could sign",))
    for cell in cells:
        sets = "; ".join(" + ".join(each) for each in cell.space.unlock[:3])
        more = "; …" if len(cell.space.unlock) > 3 else ""  # noqa: PLR2004 - three are enough for a table
        made.add_row(*cell.readings.values(), str(len(cell.space.zone)), f"{sets}{more}")
    out.print(made)
    out.print("Any one of those between semicolons would do; those joined by + only together.", style="dim")
