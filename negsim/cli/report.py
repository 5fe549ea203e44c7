"""`negsim report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from negsim.cli.common import debug_option, guarded, read_run, run_argument, store_option
from negsim.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.engine.run import Run

_FILE = click.Path(dir_okay=False, path_type=Path)
HINT = "a page: -o page.html; one picture of it: --chart causes --svg causes.svg"


@click.command("report")
@run_argument
@click.option("-o", "--output", type=_FILE, help="The page, one HTML file.")
@click.option("--no-script", is_flag=True, help="A smaller page: pictures as on paper, and no script in it.")
@click.option("--chart", metavar="NAME", help="One picture alone: causes or state.")
@click.option("--svg", type=_FILE, help="The picture as SVG.")
@click.option("--png", type=_FILE, help="The picture as PNG.")
@store_option
@debug_option
@guarded
def command(
    *, run: str, output: Path | None, no_script: bool, chart: str | None, svg: Path | None, png: Path | None, store: str
) -> None:
    """A page to show to others: what happened in a run, why, and on what it rests.

    One HTML file that needs no network, for a screen, a phone or paper. Needs the extra `charts`.
    """
    if (chart is None) != (svg is None and png is None):
        raise UsageError("a picture needs both a name and a file", HINT)
    if output is None and chart is None:
        raise UsageError("nothing is asked for", HINT)
    found = read_run(run, store)
    if output is not None:
        from negsim.report.page.run import run_page  # noqa: PLC0415 - heavy imports wait for the command

        _write(output, run_page(found, scripted=not no_script).encode())
    if chart is not None:
        _draw(found, chart, svg, png)


def _draw(run: Run, name: str, svg: Path | None, png: Path | None) -> None:
    from negsim.report import theme  # noqa: PLC0415 - heavy imports wait for the command
    from negsim.report.run_charts import FIGURES  # noqa: PLC0415 - as above

    if name not in FIGURES:
        raise UsageError(f"a run has no picture '{name}'", did_you_mean(name, FIGURES))
    figure = FIGURES[name](run)
    chart = theme.titled(figure.chart, f"{run.scenario.title}: {figure.title.lower()}", _about(run, figure.about))
    if svg is not None:
        _write(svg, theme.svg(chart).encode())
    if png is not None:
        _write(png, theme.png(chart))


def _about(run: Run, about: str) -> str:
    """What a picture says of itself when it stands alone."""
    return (
        f"One run of a model, not a forecast: seed {run.header.seed}, outcome {run.outcome.replace('_', ' ')}. {about}"
    )


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    click.echo(f"written to {path}", err=True)
