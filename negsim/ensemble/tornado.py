"""One parameter at a time, from the low end of its range to the high one, all others as given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from negsim.clean import clean
from negsim.ensemble.design.cells import Cell
from negsim.ensemble.evaluate import Progress, evaluate
from negsim.ensemble.run.request import Request
from negsim.ensemble.sample.intervals import Share, ShareDifference
from negsim.ensemble.sample.places import ALONE, Places, about_order, places, size_between
from negsim.ensemble.sample.sample import Sample
from negsim.errors import UsageError, did_you_mean, to_install
from negsim.exact.answer.words import share as in_percent
from negsim.policy.situation import Policy
from negsim.scenario.model import Scenario
from negsim.scenario.ranges import ranged
from negsim.scenario.record import Parameter
from negsim.scenario.seeds import seed_number
from negsim.scenario.settings import Choices
from negsim.version import VERSION
from negsim.whole import whole
from negsim.wording import in_words

if TYPE_CHECKING:
    import pandas as pd

RUNS = 1_000
MOST_BARS = 40
BAR_HEIGHT, WIDTH = 26, 460
LOW_COLOUR, HIGH_COLOUR = "#f6d58e", "#8fbee4"  # neither is good or bad
INK, SOFT = "#1f2328", "#59636e"


@attrs.frozen
class Bar:
    """What one parameter does: the outcome's share at both ends of its range, and how much more it is at the high one.

    The difference is that of the same seeds. `places` are those that the parameter can have in the order of all, as
    far as the intervals tell.
    """

    parameter: Parameter
    low: Share
    high: Share
    swing: ShareDifference
    places: Places = ALONE

    def as_json(self) -> dict[str, Any]:
        """The bar with the keys of `negsim explore --tornado --json`."""
        return {
            "parameter": self.parameter.name,
            "range": [self.parameter.low, self.parameter.high],
            "origin": self.parameter.origin.standing.value,
            "rule": self.parameter.rule,
            "at_low": self.low.as_json(),
            "at_high": self.high.as_json(),
            "swing": self.swing.as_json(),
            "places": self.places.as_json(),
        }


@attrs.frozen(eq=False)
class Tornado:
    """The bars of an outcome, the largest swing first, and its share where nothing is changed.

    Where nothing is drawn (`is_drawn`), shares are no estimates.
    """

    request: Request = attrs.field(repr=False)
    outcome: str
    seed: int
    errors: int
    given: Share
    bars: tuple[Bar, ...]
    is_drawn: bool = attrs.field(repr=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.request.scenario

    @property
    def runs(self) -> int:
        """How many runs each share is of."""
        return self.given.runs

    def as_json(self) -> dict[str, Any]:
        """The bars with the keys that `negsim explore --tornado --json` prints."""
        return {
            "scenario": {"title": self.scenario.title, "hash": self.scenario.hash},
            **self.request.asked(),
            "outcome": self.outcome,
            "runs": self.runs,
            "seed": self.seed,
            "errors": self.errors,
            "given": self.given.as_json(),
            "bars": [bar.as_json() for bar in self.bars],
        }

    def to_pandas(self) -> pd.DataFrame:
        """A row for each parameter, as a data frame of pandas (the extra `tables`)."""
        try:
            import pandas as pd  # noqa: PLC0415 - an extra, loaded where it is used
        except ImportError:
            raise UsageError("tables need the tables extra", to_install("tables")) from None
        rows = [
            {
                "parameter": bar.parameter.name,
                "at_low": bar.low.share,
                "at_high": bar.high.share,
                "swing": bar.swing.difference,
                "swing_low": bar.swing.low,
                "swing_high": bar.swing.high,
                "first_place": bar.places.first,
                "last_place": bar.places.last,
            }
            for bar in self.bars
        ]
        return pd.DataFrame.from_records(rows)

    def plot(self) -> Any:
        """A picture of the bars, a chart of Altair (the extra `charts`)."""
        alt = _altair()
        title = alt.TitleParams(
            clean(self.scenario.title),
            subtitle=[
                *about(self),
                f"Seeds from {self.seed}, scenario {self.scenario.hash[:12]}, negsim {VERSION}.",
            ],
            anchor="start",
            color=INK,
            subtitleColor=SOFT,
            frame="bounds",
            offset=14,
        )
        return drawing(self).properties(title=title, background="#ffffff", padding=12).configure_view(stroke=None)


def tornado(
    scenario: Scenario,
    outcome: str,
    *,
    over: str | Iterable[str] | None = None,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    workers: int = 1,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Tornado:
    """What each parameter does to an outcome's share, from one end of its range to the other, with the same seeds.

    `over` names the parameters; else all that have a range and are not in `set`. Raises `UsageError`.
    """
    if outcome not in scenario.outcomes:
        raise UsageError(f"there is no outcome `{outcome}`", did_you_mean(outcome, scenario.outcomes))
    parameters = ranged(scenario, over, fixed=set or {})
    runs, seed = RUNS if runs is None else whole(runs, "runs", least=1), seed_number(seed)
    how: dict[str, Any] = {"seed": seed, "set": set, "read": read, "choose": choose, "policy": policy}
    how |= {"workers": workers, "cluster": cluster, "out": out, "progress": progress}
    with evaluate(scenario, ends(parameters), runs=runs, **how) as sample:
        bars = [_bar(sample, parameter, place, outcome) for place, parameter in enumerate(parameters)]
        bars.sort(key=lambda bar: -abs(bar.swing.difference or 0.0))
        known = places([size_between(bar.swing.low, bar.swing.high) for bar in bars])
        bars = [attrs.evolve(bar, places=those) for bar, those in zip(bars, known, strict=True)]
        given = sample.cells[0].outcomes[outcome]
        return Tornado(sample.request, outcome, seed, sample.errors, given, tuple(bars), sample.is_drawn)


def ends(parameters: Sequence[Parameter]) -> list[Cell]:
    """What is given, then the low and the high end of each parameter's range."""
    return [Cell(), *(Cell({p.name: _end(p, end)}) for p in parameters for end in (p.low, p.high))]


def _end(parameter: Parameter, end: float) -> float:
    return int(end) if parameter.whole else float(end)


def _bar(sample: Sample, parameter: Parameter, place: int, outcome: str) -> Bar:
    low, high = sample.cells[1 + 2 * place], sample.cells[2 + 2 * place]
    swing = sample.change(low, high).outcomes[outcome]
    return Bar(parameter, low.outcomes[outcome], high.outcomes[outcome], swing)


def about(found: Tornado) -> list[str]:
    """What the picture says of itself."""
    lines = "Black lines: 95 % intervals." if found.is_drawn else "Nothing is drawn: the shares are no estimates."
    order = about_order([bar.places for bar in found.bars], is_estimated=found.is_drawn)
    return [
        f"{in_words(found.outcome)}: shares of {found.runs:,} runs at both ends of each range, all else as given.",
        f"Under the scenario's assumptions: no forecast. {lines} The line down: as given.",
        f"Before a name stands its place by the swing. {order}".rstrip(),
    ]


def _altair() -> Any:
    try:
        import altair  # noqa: ICN001, PLC0415 - an extra, loaded when a picture is made
    except ImportError:
        raise UsageError("pictures need the charts extra", to_install("charts")) from None
    return altair


def drawing(found: Tornado) -> Any:
    """The picture without title and ground: a bar from the share as given to that at each end."""
    alt = _altair()
    names = [_label(bar) for bar in found.bars[:MOST_BARS]]
    values = [
        {
            "parameter": name,
            "end": end,
            "given": found.given.share,
            "share": share.share,
            "from": share.low,
            "to": share.high,
            "said": f"{in_words(bar.parameter.name)} = {at:g}: {_said(share)}",
        }
        for name, bar in zip(names, found.bars, strict=False)
        for end, at, share in (("low end", bar.parameter.low, bar.low), ("high end", bar.parameter.high, bar.high))
        if share.share is not None
    ]
    scale = alt.Scale(domain=["low end", "high end"], range=[LOW_COLOUR, HIGH_COLOUR])
    sides = {"yOffset": alt.YOffset("end:N", sort=["low end", "high end"])}
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("parameter:N", sort=names, title=None, axis=alt.Axis(labelLimit=0)), tooltip="said:N"
    )
    axis = alt.Axis(format="%")
    bars = base.mark_bar().encode(
        x=alt.X("given:Q", title=f"share of runs that end in {in_words(found.outcome)}", axis=axis),
        x2="share:Q",
        color=alt.Color("end:N", title=None, scale=scale, legend=alt.Legend(orient="top")),
        **sides,
    )
    intervals = base.mark_rule(color=INK, strokeWidth=1.2).encode(x="from:Q", x2="to:Q", **sides)
    line = alt.Chart(alt.InlineData(values=[{"x": found.given.share}])).mark_rule(color=INK).encode(x="x:Q")
    return alt.layer(bars, intervals, line).properties(width=WIDTH, height=len(names) * BAR_HEIGHT)


def _label(bar: Bar) -> str:
    parameter = bar.parameter
    unit = f" {clean(parameter.unit)}" if parameter.unit else ""
    return f"{bar.places.words()}. {in_words(parameter.name)} ({parameter.low:g} to {parameter.high:g}{unit})"


def _said(share: Share) -> str:
    return f"{in_percent(share.share or 0.0)} % ({100 * share.low:.1f} to {100 * share.high:.1f})"
