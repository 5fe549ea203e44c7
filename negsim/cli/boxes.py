"""`negsim explore --boxes`: where in the ranges an outcome happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from negsim.cli.looked_over import FEWER, head, range_cells, say_broken, share_words, tell
from negsim.cli.progress import watched
from negsim.cli.show import table
from negsim.errors import UsageError
from negsim.wording import counted, in_words

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.study.box import Box, Boxes
    from negsim.scenario.model import Scenario


def look(
    scenario: Scenario,
    boxed: str,
    outcome: str | None,
    *,
    over: str | None,
    readings: str | None,
    runs: int | None,
    quiet: bool,
    **how: Any,
) -> Boxes:
    """The boxes of the outcome `boxed`, after how much there is to do was said."""
    from negsim.ensemble.boxes import RUNS, boxes  # noqa: PLC0415 - as needed

    if outcome is not None:
        raise UsageError("--boxes names its outcome itself", "leave out --outcome")
    count = RUNS if runs is None else runs
    tell(f"{count:,} runs, each with settings and a seed of its own", quiet=quiet)
    with watched("runs", quiet=quiet, shorter=FEWER) as told:
        return boxes(scenario, boxed, over=over, readings=readings, runs=count, progress=told, **how)


def show(out: Console, found: Boxes, *, quiet: bool) -> None:
    """How often the outcome comes about, and what each box limits."""
    words = in_words(found.outcome)
    if not quiet:
        last = found.seed + found.runs - 1
        head(out, found.request, f"{found.runs:,} runs, seeds {found.seed} to {last}, each with settings of its own")
        varied = [counted(len(found.parameters), "parameter")] if found.parameters else []
        varied += [counted(len(found.readings), "reading")] if found.readings else []
        out.print(
            f"Over the ranges of {' and '.join(varied)}, each value as likely as any other, which is an assumption of"
            " its own. This is no forecast.\n"
        )
    out.print(f"{share_words(found.share)} of all runs end in {words}.")
    if not found.boxes:
        out.print("No box was found in which that is borne out to be more frequent.")
    for number, box in enumerate(found.boxes):
        before = " that are in no box above" if number else ""
        out.print(
            f"\nBox {number + 1}. Of the runs{before} in it, {share_words(box.density)} end in {words}.", style="bold"
        )
        out.print(f"It holds {share_words(box.coverage)} of all that do, and {share_words(box.mass)} of all runs.")
        made = table("setting", "in the box", "of", "quasi-p", right=("quasi-p",))
        for row in _rows(found, box):
            made.add_row(*row)
        out.print(made)
    if found.boxes and not quiet:
        out.print(
            "\nFound in one half of the runs, measured in the other. quasi-p: how likely luck alone is to make that"
            " limit; so many were tried that a small one is no proof.",
            style="dim",
        )
    say_broken(out, found.errors)


def _rows(found: Boxes, box: Box) -> Iterator[tuple[str, str, str, str]]:
    """Each setting that a box limits."""
    for parameter in found.parameters:
        if parameter.name in box.parameters:
            low, high = box.parameters[parameter.name]
            inside = f"{low:g}..{high:g}"
            if low == parameter.low:
                inside = f"at most {high:g}"
            elif high == parameter.high:
                inside = f"at least {low:g}"
            yield parameter.name, inside, range_cells(parameter)[0], f"{box.quasi_p[parameter.name]:.1g}"
    for reading in found.readings:
        if reading.name in box.readings:
            inside, every = " or ".join(box.readings[reading.name]), ", ".join(reading.options)
            yield reading.name, inside, every, f"{box.quasi_p[reading.name]:.1g}"
