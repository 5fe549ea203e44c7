"""Choices made beforehand that never came to bear in an ensemble. Its rows do not tell, so runs are made again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import attrs

from negsim.engine.idle import idle_in_all
from negsim.engine.run import Run, run
from negsim.ensemble.run.request import Request
from negsim.errors import ModelError
from negsim.policy.idle import Idle
from negsim.policy.situation import Policy

MOST_RUNS = 100  # that are made again


@attrs.frozen
class IdleChoices:
    """The choices that came to bear in none of some runs; in how many, or nothing where these were all."""

    found: list[Idle]
    among: int | None = None


def idle_choices(request: Request, *, runs: int, policy: Policy | None = None) -> IdleChoices:
    """The choices of a request that came to bear in none of its runs, so many of each cell, as far as is looked."""
    every = runs * len(request.cells)
    choices = request.settings.decisions
    found = idle_in_all(_again(request, runs, policy), choices) if choices else []
    return IdleChoices(found, None if every <= MOST_RUNS else MOST_RUNS)


def _again(request: Request, runs: int, policy: Policy | None) -> Iterator[Run]:
    """The first runs of a request, a seed in all cells, then the next; those that stop with an error are left out."""
    choose = [each.text for each in request.settings.decisions]
    seeds = range(request.seed, request.seed + runs)
    for seed, cell in islice(((seed, cell) for seed in seeds for cell in request.cells), MOST_RUNS):
        settings = request.settings_of(cell)
        try:
            yield run(
                request.scenario,
                seed=seed,
                set=settings.parameters,
                read=settings.readings,
                choose=choose,
                policy=policy,
            )
        except ModelError:
            continue
