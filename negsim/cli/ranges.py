"""What `negsim explore` looks for over the ranges of parameters.

What matters most (Sobol indices), where an outcome happens (boxes), what each parameter does alone (tornado).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from negsim.cli import boxes, sensitivity, tornado
from negsim.cli.common import Output, gathered, load_scenario, refuse_beside
from negsim.cli.files import OUTPUT
from negsim.cli.idle import note_idle_in_runs
from negsim.cli.settings import Given
from negsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from negsim.ensemble.study.box import Boxes
    from negsim.ensemble.study.indices import Sensitivity
    from negsim.ensemble.tornado import Tornado

KINDS = ("sensitivity", "boxes", "tornado")
FITTING = {"over": KINDS, "points": ("sensitivity",), "exact": ("sensitivity",)}


@attrs.frozen(kw_only=True)
class RangesWanted:
    """What is looked for over ranges, and how."""

    sensitivity: bool
    boxes: str | None
    tornado: Path | None
    over: str | None
    points: int | None
    exact: bool

    @property
    def kind(self) -> str | None:
        """The option that asks; nothing where none does. Raises `UsageError` for one that needs another."""
        kinds = [name for name in KINDS if getattr(self, name)]
        if len(kinds) > 1:
            raise UsageError(f"--{kinds[0]} and --{kinds[1]} do not go together", "ask for one after the other")
        for name, fit in FITTING.items():
            if getattr(self, name) and not any(kind in fit for kind in kinds):
                ways = ", ".join(f"--{kind}" for kind in fit)
                raise UsageError(f"--{name} says how ranges are looked at", f"with it goes {ways}")
        return f"--{kinds[0]}" if kinds else None

    def refuse(self, given: Mapping[str, object], asked: Mapping[str, Any]) -> None:
        """Raises `UsageError` where something is asked for that does not go with it."""
        more = {"sweep": asked["sweeps"], "lhs": asked["lhs"], "until-width": asked["until_width"]}
        more["policy"] = asked["given"].policy
        refuse_beside(f"{self.kind}", {**given, **more, "readings": None if self.boxes else asked["readings"]})
        if self.exact:
            alone = {"workers": asked["workers"] != 1, "cluster": asked["cluster"]}
            refuse_beside(f"{self.kind} --exact", alone)


options = gathered(
    RangesWanted,
    "looks_over",
    click.option("--sensitivity", is_flag=True, help="Which parameter matters most, over all their ranges."),
    click.option("--boxes", metavar="OUTCOME", help="Where in the ranges an outcome happens (PRIM boxes)."),
    click.option(
        "--tornado",
        type=OUTPUT,
        metavar="FILE",
        help="What each parameter does alone to --outcome, from low to high; drawn in FILE.svg, .png or .html.",
    ),
    click.option("--over", metavar="NAME,…", help="The parameters whose ranges are looked at; else all."),
    click.option("--points", type=int, metavar="N", help="How many points of the ranges are looked at."),
    click.option("--exact", is_flag=True, help="With --sensitivity: solve each setting exactly, without runs."),
)


def command(
    wanted: RangesWanted,
    *,
    scenario: str,
    outcome: str | None,
    given: Given,
    seed: int | None,
    workers: int,
    how: Output,
    **asked: Any,
) -> None:
    """Looks, and shows what was found."""
    found = load_scenario(scenario)
    settings = given.checked(found)
    with_what = {**settings.asked, "seed": seed or 0, "workers": workers}
    on = {"cluster": asked["cluster"], "store": asked["store"], "runs": asked["runs"], "quiet": how.quiet}
    made: Sensitivity | Boxes | Tornado
    if wanted.boxes:
        if asked["cluster"] is not None:
            raise UsageError("--boxes and --cluster do not go together", "--workers makes its runs side by side")
        more = {"readings": asked["readings"], "runs": asked["runs"], "quiet": how.quiet}
        made = boxes.look(found, wanted.boxes, outcome, over=wanted.over, **more, **with_what)
    elif wanted.tornado is not None:
        made = tornado.look(found, wanted.tornado, outcome, over=wanted.over, **on, **with_what)
    else:
        which: dict[str, Any] = {"over": wanted.over, "points": wanted.points, "exact": wanted.exact}
        made = sensitivity.look(found, outcome, **which, **on, **with_what)
    note_idle_in_runs(made.request)
    how.tell(made.as_json, lambda out: _show(out, made, quiet=how.quiet))


def _show(out: Console, found: Sensitivity | Boxes | Tornado, *, quiet: bool) -> None:
    from negsim.ensemble.study.box import Boxes  # noqa: PLC0415 - as needed
    from negsim.ensemble.study.indices import Sensitivity  # noqa: PLC0415 - as above
    from negsim.ensemble.tornado import Tornado  # noqa: PLC0415 - as above

    match found:
        case Boxes():
            boxes.show(out, found, quiet=quiet)
        case Tornado():
            tornado.show(out, found, quiet=quiet)
        case Sensitivity():
            sensitivity.show(out, found, quiet=quiet)
