"""Shares of runs and differences of shares, each with a 95 % interval."""

from __future__ import annotations

from math import sqrt
from typing import Any, TypeVar

import attrs

Z95 = 1.959963984540054  # the standard normal distribution lies within -Z95..Z95 with probability 0.95


@attrs.frozen
class Share:
    """How many of some runs, which share that is (nothing where there is no run), and its interval."""

    count: int
    runs: int
    share: float | None
    low: float
    high: float

    @property
    def width(self) -> float:
        """How wide the interval is."""
        return self.high - self.low

    def as_json(self) -> dict[str, Any]:
        """The share with the keys of `negsim explore --json`."""
        return {"count": self.count, "share": self.share, "low": self.low, "high": self.high}


def wilson(count: int, runs: int) -> Share:
    """The share `count / runs` with its Wilson score interval.

    E. B. Wilson (1927): Probable inference, the law of succession, and statistical inference. Journal
    of the American Statistical Association 22, 209-212. The interval holds those shares p from which
    the observed one is at most Z95 standard deviations sqrt(p (1 - p) / runs) away.
    """
    if not runs:
        return Share(0, 0, None, 0.0, 1.0)
    share = count / runs
    return Share(count, runs, share, *_score_interval(share, runs))


def _score_interval(share: float, runs: int) -> tuple[float, float]:
    spread = Z95 * Z95 / runs
    centre = (share + spread / 2) / (1 + spread)
    half = Z95 * sqrt(share * (1 - share) / runs + spread / (4 * runs)) / (1 + spread)
    return (max(0.0, centre - half) if share else 0.0, min(1.0, centre + half) if share < 1 else 1.0)


@attrs.frozen
class MeanShare:
    """The mean of a share that each seed has one of (nothing where there is no seed), and its interval."""

    share: float | None
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        """The mean with the keys of `negsim explore --json`."""
        return attrs.asdict(self)


def mean_share(total: float, seeds: int) -> MeanShare:
    """The mean of so many seeds' shares, which add up to `total`, with an interval that is on the safe side.

    A share between 0 and 1 with a given mean varies most where it is 0 or 1 alone: so Wilson's interval for that
    case, with the seeds as the runs, is wide enough for any.
    """
    if not seeds:
        return MeanShare(None, 0.0, 1.0)
    return MeanShare(total / seeds, *_score_interval(total / seeds, seeds))


@attrs.frozen
class ShareDifference:
    """A share less another share of the same seeds (nothing where there is no run), and its interval."""

    difference: float | None
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def as_json(self) -> dict[str, Any]:
        """The difference with the keys of `negsim explore --json`."""
        return {"difference": self.difference, "low": self.low, "high": self.high}


def paired_difference(gained: int, lost: int, runs: int) -> ShareDifference:
    """The difference that a change makes to a share: `gained` runs have the outcome only with it, `lost` only without.

    D. G. Bonett and R. M. Price (2012): Adjusted Wald confidence interval for a difference of binomial
    proportions based on paired data. Journal of Educational and Behavioral Statistics 37, 479-488: the
    interval of Wald after one run has been added to each of the two kinds of pairs that differ.
    """
    if not runs:
        return ShareDifference(None, -1.0, 1.0)
    more, fewer = (gained + 1) / (runs + 2), (lost + 1) / (runs + 2)
    centre = more - fewer
    half = Z95 * sqrt((more + fewer - centre * centre) / (runs + 2))
    return ShareDifference((gained - lost) / runs, max(-1.0, centre - half), min(1.0, centre + half))


Estimate = TypeVar("Estimate", Share, MeanShare, ShareDifference)


def certain(found: Estimate) -> Estimate:
    """The same number where nothing is drawn: each run is like every other, so it is no estimate."""
    value = found.difference if isinstance(found, ShareDifference) else found.share
    return found if value is None else attrs.evolve(found, low=value, high=value)
