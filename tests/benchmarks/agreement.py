"""Whether negsim and the peers run one model: the means of what they measure, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import fmean, variance

from .contenders import Made

Sample = Mapping[str, list[float]]


def sample(make: Callable[[int], Made], seeds: range) -> Sample:
    """The measures of many runs, and their numbers of events; a measure that is nothing is left out."""
    found: dict[str, list[float]] = {"events": []}
    for seed in seeds:
        run = make(seed)
        found["events"].append(len(run.events))
        for name, value in run.measures.items():
            if value is not None:
                found.setdefault(name, []).append(value)
    return found


def distance(left: list[float], right: list[float]) -> float:
    """How many standard errors two means are apart."""
    error = math.sqrt(variance(left) / len(left) + variance(right) / len(right))
    return 0.0 if error == 0 else (fmean(left) - fmean(right)) / error


def agree(made: Mapping[str, Callable[[int], Made]], runs: int) -> tuple[list[list[str]], float]:
    """A table of means (with how many standard errors each peer is off negsim), and the greatest such distance.

    Over a few dozen comparisons a distance of 3 is nothing unusual; one that grows with `runs` is a difference in law.
    """
    samples = {
        name: sample(make, range(number * 1_000_000, number * 1_000_000 + runs))
        for number, (name, make) in enumerate(made.items())
    }
    first, *others = samples
    table = [["mean of", first, *others]]
    greatest = 0.0
    for measure, values in samples[first].items():
        row = [measure, f"{fmean(values):.2f}"]
        for other in others:
            far = distance(samples[other][measure], values)
            greatest = max(greatest, abs(far))
            row.append(f"{fmean(samples[other][measure]):.2f} ({far:+.1f} se)")
        table.append(row)
    return table, greatest
