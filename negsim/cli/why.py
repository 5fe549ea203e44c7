"""`negsim why`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negsim.cli.common import (
    console,
    guarded,
    language_option,
    output_options,
    print_json,
    read_run,
    run_argument,
    store_option,
)
from negsim.cli.files import OUTPUT
from negsim.errors import UsageError

if TYPE_CHECKING:
    from negsim.engine.run import Run

OUTCOME = "outcome"


class WhyAsked(click.ParamType[int | str]):
    """The number of an event, or `outcome`."""

    name = "seq"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        """The number, or the word."""
        try:
            return OUTCOME if value == OUTCOME else int(value)
        except ValueError:
            self.fail(f"'{value}' is neither the number of an event nor `{OUTCOME}`", param, ctx)


@click.command("why")
@run_argument
@click.argument("seq", type=WhyAsked(), required=False, metavar="[SEQ|outcome]")
@click.option(
    "--but-for",
    is_flag=True,
    help="Leave each ancestor out in turn, with the same luck: does the event, does the outcome stand?",
)
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=40,
    show_default=True,
    metavar="N",
    help="Ancestors that are shown, and left out in turn: the nearest.",
)
@click.option(
    "--turning-points",
    is_flag=True,
    help="How likely each outcome still was after every event: when was it decided? Needs no SEQ.",
)
@click.option("--exact/--sampled", "exact", default=None, help="How turning points are had; else exact where possible.")
@click.option("--runs", type=int, help="Runs for each moment, where sampled. [default: 100]")
@click.option("--max-states", type=int, help="States looked at, where exact. [default: 20000]")
@click.option("--picture", type=OUTPUT, metavar="FILE", help="The curve of the turning points as .svg, .png or .html.")
@store_option
@language_option
@output_options
@guarded
def command(
    *,
    run: str,
    seq: int | str | None,
    but_for: bool,
    most: int,
    turning_points: bool,
    exact: bool | None,
    runs: int | None,
    max_states: int | None,
    picture: Path | None,
    store: str,
    as_json: bool,
    no_color: bool,
) -> None:
    """The causes of event SEQ, or of the outcome, back to statements and assumptions.

    Causes are what triggered an event and what was looked at for it: its guards, chances and weights, and
    the events that had set what they read. Without SEQ it is asked why the run ended as it did.
    """
    how = {"exact": exact, "runs": runs, "max_states": max_states}
    _refuse({**how, "picture": picture}, seq, but_for=but_for, turning_points=turning_points)
    found = read_run(run, store)
    if turning_points:
        from negsim.cli import turning  # noqa: PLC0415 - heavy imports wait for the command

        turning.show(
            found,
            how={name: value for name, value in how.items() if value is not None},
            picture=picture,
            as_json=as_json,
            no_color=no_color,
        )
        return
    number = seq if isinstance(seq, int) else None
    _causes(found, number, but_for=but_for, most=most, as_json=as_json, no_color=no_color)


def _refuse(how: Mapping[str, object], seq: int | str | None, *, but_for: bool, turning_points: bool) -> None:
    """Raises `UsageError` for options of one question that are given with the other."""
    if not turning_points:
        for name, value in how.items():
            if value is not None:
                word = "sampled" if value is False else name.replace("_", "-")
                raise UsageError(f"--{word} says how turning points are had", "with it goes --turning-points")
    elif but_for or seq is not None:
        what = "--but-for" if but_for else OUTCOME if seq == OUTCOME else f"event {seq}"
        raise UsageError(f"--turning-points and {what} do not go together", "ask for one after the other")
    elif how["exact"] and how["runs"] is not None:
        raise UsageError("exact turning points need no runs", "leave out --runs, or ask for --sampled")
    elif how["exact"] is False and how["max_states"] is not None:
        raise UsageError("sampled turning points count no states", "leave out --max-states, or --sampled")


def _causes(found: Run, seq: int | None, *, but_for: bool, most: int, as_json: bool, no_color: bool) -> None:
    from negsim.cli import causes as shown  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.log.event import as_json as event_json  # noqa: PLC0415 - as above

    causes = found.why(seq, most=most)
    tests = found.but_for(seq, most=most) if but_for else ()
    if as_json:
        result: dict[str, Any] = {"run": found.id, "seq": seq, **causes.as_json()}
        if but_for:
            result["but_for"] = [
                {
                    "without": event_json(test.ancestor),
                    "event_stands": test.event_stands,
                    "comes_on": test.comes_on,
                    "outcome_stands": test.outcome_stands,
                    "outcome": test.outcome,
                }
                for test in tests
            ]
        print_json(result)
        return
    out = console(no_color=no_color)
    shown.show(out, found, causes)
    if but_for:
        shown.show_but_for(out, found, causes, tests)
