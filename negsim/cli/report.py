"""`negsim report`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from negsim.cli.common import RunName, debug_option, guarded, read_run, store_option
from negsim.cli.export import SUFFIXES
from negsim.errors import LogError, UsageError, did_you_mean

if TYPE_CHECKING:
    from negsim.engine.run import Run
    from negsim.explore.result import Result
    from negsim.report.theme import Figure

_FILE = click.Path(dir_okay=False, path_type=Path)
_ID = re.compile("[0-9a-f]{4,32}")
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
@click.option("-o", "--output", type=_FILE, help="The page, one HTML file.")
@click.option("--no-script", is_flag=True, help="A smaller page: pictures as on paper, and no script in it.")
@click.option("--outcome", metavar="NAME", help="Of a result: order readings by what they change in this outcome.")
@click.option("--chart", metavar="NAME", help="One picture alone, such as causes or state of a run.")
@click.option("--svg", type=_FILE, help="The picture as SVG.")
@click.option("--png", type=_FILE, help="The picture as PNG.")
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
            _write(output, shown.page(not no_script).encode())
        if chart is not None:
            _draw(shown, chart, svg, png)


def _shown(stack: ExitStack, subject: str, store: str, outcome: str | None) -> Shown:
    """The run or the result of a name."""
    path = Path(subject) if Path(subject).suffix.lower() in SUFFIXES else None
    if path is None:
        try:
            run = read_run(subject, store)
        except (UsageError, LogError):
            path = _kept_result(subject, store)
            if path is None:
                raise
    if path is not None:
        from negsim.explore.result import Result  # noqa: PLC0415 - heavy imports wait for the command

        return _of_result(stack.enter_context(Result.read(path)), outcome)
    if outcome is not None:
        raise UsageError("--outcome is for results; a run has one outcome", "leave it out")
    return _of_run(run)


def _kept_result(name: str, store: str) -> Path | None:
    """The result that is kept beside the store under an id that begins so, if there is one."""
    from negsim.cli.explore import RESULTS  # noqa: PLC0415 - heavy imports wait for the command

    if not _ID.fullmatch(name):
        return None
    found = sorted((Path(store).parent / RESULTS).glob(f"{name}*.sqlite"))
    if len(found) > 1:
        raise UsageError(f"several results begin with '{name}': {', '.join(each.stem[:16] for each in found[:3])}, …")
    return found[0] if found else None


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
    chart = theme.titled(figure.chart, f"{shown.title}: {figure.title}", f"{shown.about} {figure.about}")
    if svg is not None:
        _write(svg, theme.svg(chart).encode())
    if png is not None:
        _write(png, theme.png(chart))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    click.echo(f"written to {path}", err=True)
