"""What all that is looked for over ranges shares: how it is told, kept and headed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from negsim.cli.heads import choose_lines, decider_lines, read_lines, set_lines
from negsim.exact.answer.words import interval_end
from negsim.exact.answer.words import share as in_percent

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.design.cells import Cell
    from negsim.ensemble.run.request import Request
    from negsim.ensemble.sample.intervals import Share
    from negsim.scenario.model import Scenario
    from negsim.scenario.record import Parameter

MOST_ROWS = 20
PAGE = ".html"
FEWER = "--workers N lets processes share it, fewer --runs or parameters (--over) make it shorter"


def tell(text: str, *, quiet: bool) -> None:
    """Says on standard error how much there is to do."""
    if not quiet:
        click.echo(text, err=True)


def kept_in(scenario: Scenario, cells: Iterable[Cell], store: str, how: Mapping[str, Any]) -> Path:
    """Where the runs are kept, to be gone on with."""
    from negsim.ensemble.file.kept import result_path  # noqa: PLC0415 - as needed
    from negsim.ensemble.run.request import request_for  # noqa: PLC0415 - as above

    request, _ = request_for(
        scenario, cells, **{name: how[name] for name in ("seed", "set", "read", "choose", "policy") if name in how}
    )
    return result_path(Path(store), request.id)


def head(out: Console, request: Request, about: str) -> None:
    """The title, what was looked at, and with which settings."""
    scenario = request.scenario
    out.print(scenario.title, style="bold")
    out.print(f"{about}   scenario {scenario.hash[:12]}   negsim {request.version}", style="dim")
    asked = request.settings
    lines = [*set_lines(scenario, asked), *read_lines(scenario, asked), *choose_lines(asked), *decider_lines(request)]
    for line in lines:
        out.print(line, style="dim")


def range_cells(parameter: Parameter) -> tuple[str, str]:
    """A parameter's range and origin, for a table: the words behind a rule do not state a number written in it."""
    unit = f" {parameter.unit}" if parameter.unit else ""
    standing = parameter.origin.standing.value
    origin = standing if parameter.rule is None or standing == "assumed" else "the author's"
    return f"{parameter.low:g}..{parameter.high:g}{unit}", origin


def share_words(share: Share) -> str:
    """A share with its interval."""
    if share.share is None:
        return "no run"
    return f"{in_percent(share.share)} % ({interval_end(share.low)}..{interval_end(share.high)})"


def say_broken(out: Console, errors: int) -> None:
    """Says how many runs broke, if any did."""
    if errors:
        out.print(f"{errors:,} runs stopped with a model error; they count as runs without the outcome.")
