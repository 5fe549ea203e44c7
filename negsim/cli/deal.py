"""`negsim deal`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import (
    console,
    guarded,
    language_option,
    load_scenario,
    output_options,
    print_json,
    read_run,
    scenario_argument,
    store_option,
)
from negsim.cli.deal_shown import show_cells, show_space
from negsim.cli.files import OUTPUT, say_written
from negsim.cli.settings import Given, setting_options
from negsim.errors import UsageError

if TYPE_CHECKING:
    from negsim.deals.analysis import DealCell
    from negsim.deals.space import DealSpace
    from negsim.engine.run import Run
    from negsim.scenario.model import Scenario

MOST_CELLS = 1_000

Settings = Mapping[str, Mapping[str, str]]  # parameters under `set`, readings under `read`


@click.command("deal")
@scenario_argument
@click.option("--talks", metavar="NAME", help="Which talks, where a scenario has several.")
@setting_options("sets", "reads")
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
@language_option
@output_options
@guarded
def command(
    *,
    scenario: str,
    talks: str | None,
    given: Given,
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
    found = load_scenario(scenario)
    settings = {"set": given.parameters, "read": given.readings}
    out = console(no_color=no_color)
    if readings is not None:
        _check_alone(at=at, output=output, show_all=show_all)
        cells = _cells(found, talks, readings, settings)
        if as_json:
            every = [{"readings": dict(cell.readings), **_as_json(cell.space, limit)} for cell in cells]
            print_json({"cells": every})
        else:
            show_cells(out, found, cells)
        return
    space = _space(found, talks, settings, None if at is None else _moment(at, store, settings))
    if output is not None:
        _draw(found, space, output)
    if as_json:
        print_json(_as_json(space, limit))
        return
    show_space(out, found, space, show_all=show_all, readings=_readings(found, talks) if at is None else ())


def _check_alone(*, at: str | None, output: Path | None, show_all: bool) -> None:
    """Raises `UsageError` for what does not go with `--readings`, which shows no packages."""
    for flag, given in (("--at", at is not None), ("-o", output is not None), ("--all", show_all)):
        if given:
            raise UsageError(
                f"--readings counts deals under each answer, in the state after the history: it has no {flag}",
                f"leave out {flag}, or take one answer with --read NAME=OPTION",
            )


def _readings(scenario: Scenario, talks: str | None) -> tuple[str, ...]:
    """The readings that bear on the talks."""
    from negsim.deals.analysis import readings_of, talks_named  # noqa: PLC0415 - as needed

    return readings_of(scenario, talks_named(scenario, talks))


def _moment(at: str, store: str, settings: Settings) -> tuple[Run, int]:
    """The run and the event that RUN:SEQ names."""
    run, _, seq = at.rpartition(":")
    if not run or not seq.lstrip("-").isdigit():
        raise UsageError(f"'{at}' names no moment of a run", "write RUN:SEQ, such as last:12")
    if any(settings.values()):
        raise UsageError("--at takes the parameters and readings of its run", "leave out --set and --read")
    return read_run(run, store), int(seq)


def _space(scenario: Scenario, talks: str | None, settings: Settings, moment: tuple[Run, int] | None) -> DealSpace:
    """The deal space after the scenario's history, or at a moment of a run."""
    from negsim.deals.analysis import deal, deal_at  # noqa: PLC0415 - as needed

    if moment is not None:
        return deal_at(*moment, talks=talks)
    return deal(scenario, talks=talks, set=settings["set"], read=settings["read"])


def _cells(scenario: Scenario, talks: str | None, readings: str, settings: Settings) -> list[DealCell]:
    """The deal space under every combination of the readings that are named."""
    from negsim.deals.analysis import bearing, by_reading  # noqa: PLC0415 - as needed

    named = tuple(readings.split(","))
    names = _readings(scenario, talks) if readings == "all" else bearing(scenario, named, talks=talks)
    _check_size(scenario, names)
    return by_reading(scenario, names, talks=talks, set=settings["set"], read=settings["read"])


def _as_json(space: DealSpace, limit: int) -> dict[str, Any]:
    """The space for other programs; where lists are cut, first of all how to see them whole."""
    found = space.as_json(limit=limit)
    if not found["cut"]:
        return found
    return {"hint": f"each list holds {limit:,} entries at most; --limit {space.longest} holds all", **found}


def _check_size(scenario: Scenario, names: tuple[str, ...]) -> None:
    size = 1
    for name in names:
        size *= len(scenario.readings[name].options)
    if size > MOST_CELLS:
        raise UsageError(
            f"these readings have {size:,} combinations", f"name fewer: at most {MOST_CELLS:,} are looked at"
        )


def _draw(scenario: Scenario, space: DealSpace, output: Path) -> None:
    from negsim.show.charts import deal_chart, save  # noqa: PLC0415 - charts are an extra

    save(deal_chart(scenario, space), output)
    say_written(output)
