"""`negsim report`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from negsim.cli.common import RunName, debug_option, guarded, store_option
from negsim.cli.files import OUTPUT, put
from negsim.cli.subjects import run_or_result
from negsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.explore.result import Result
    from negsim.report.theme import Figure

HINT = "a page: -o page.html; one picture of it: --chart NAME --svg FILE"


@attrs.frozen
class Shown:
    """What a page is made of: its text, and its pictures, each with what it says of itself when it stands alone."""

    title: str
    about: str
    page: Callable[[bool], str]
    figures: Callable[[], Mapping[str, Figure]]


@click.command("report")
@click.argument("subject", metavar="RUN|RESULT", type=RunName())
@click.option("-o", "--output", type=OUTPUT, help="The page, one HTML file.")
@click.option("--no-script", is_flag=True, help="A smaller page: pictures as on paper, and no script in it.")
@click.option("--outcome", metavar="NAME", help="Of a result: order readings by what they change in this outcome.")
@click.option("--chart", metavar="NAME", help="One picture alone, such as causes or state of a run.")
@click.option("--svg", type=OUTPUT, help="The picture as SVG.")
@click.option("--png", type=OUTPUT, help="The picture as PNG.")
@store_option
@debug_option
@guarded
def command(
    *,
    subject: str,
    output: Path | None,
    no_script: bool,
    outcome: str | None,
    chart: str | None,
    svg: Path | None,
    png: Path | None,
    store: str,
) -> None:
    """A page to show to others: what happened in a run and why, or how an ensemble's runs end, and on what it rests.

    One HTML file that needs no network, for a screen, a phone or paper. RESULT is the file of a result of
    `negsim explore`, or the beginning of its request's id. Needs the extra `charts`.
    """
    if (chart is None) != (svg is None and png is None):
        raise UsageError("a picture needs both a name and a file", HINT)
    if output is None and chart is None:
        raise UsageError("nothing is asked for", HINT)
    with ExitStack() as stack:
        shown = _shown(stack, subject, store, outcome)
        if output is not None:
            put(output, shown.page(not no_script).encode())
        if chart is not None:
            _draw(shown, chart, svg, png)


def _shown(stack: ExitStack, subject: str, store: str, outcome: str | None) -> Shown:
    """The run or the result of a name."""
    from negsim.explore.result import Result  # noqa: PLC0415 - heavy imports wait for the command

    found = run_or_result(subject, store)
    if isinstance(found, Path):
        return _of_result(stack.enter_context(Result.read(found)), outcome)
    if outcome is not None:
        raise UsageError("--outcome is for results; a run has one outcome", "leave it out")
    return _of_run(found)


def _of_run(run: Run) -> Shown:
    from negsim.log.text import in_words  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.report.page.run import run_page  # noqa: PLC0415 - as above
    from negsim.report.run_charts import figures  # noqa: PLC0415 - as above

    return Shown(
        run.scenario.title,
        f"One run of a model, not a forecast: seed {run.header.seed}, outcome {in_words(run.outcome)}.",
        lambda scripted: run_page(run, scripted=scripted),
        lambda: figures(run),
    )


def _of_result(result: Result, outcome: str | None) -> Shown:
    from negsim.report.page.result import result_page  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.report.result_charts import figures  # noqa: PLC0415 - as above

    return Shown(
        result.scenario.title,
        f"Sampled runs of a model, not a forecast: {result.runs:,} of each setting, seeds from {result.seed}.",
        lambda scripted: result_page(result, outcome=outcome, scripted=scripted),
        lambda: figures(result, outcome),
    )


def _draw(shown: Shown, name: str, svg: Path | None, png: Path | None) -> None:
    from negsim.report import theme  # noqa: PLC0415 - heavy imports wait for the command

    figures = shown.figures()
    if name not in figures:
        raise UsageError(f"there is no picture '{name}' of it", did_you_mean(name, figures))
    figure = figures[name]
    chart = theme.alone(figure, shown.title, f"{shown.about} {figure.about}")
    if svg is not None:
        put(svg, theme.svg(chart).encode())
    if png is not None:
        put(png, theme.png(chart))
