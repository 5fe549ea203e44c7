"""The Python door's `explore`: an ensemble, or several under settings that are varied."""

from __future__ import annotations

import os
from collections.abc import Mapping

from negsim.engine.policy import Policy
from negsim.engine.settings import Choices
from negsim.explore.evaluate import Progress, evaluate
from negsim.explore.result import Result
from negsim.kernel.table import Strategy
from negsim.scenario.model import Scenario


def explore(
    scenario: Scenario,
    *,
    runs: int | None = None,
    seed: int = 0,
    set: Mapping[str, object] | None = None,  # noqa: A002 - the contract's word
    read: Mapping[str, str] | None = None,
    choose: Choices | None = None,
    policy: Policy | None = None,
    strategies: Mapping[str, Strategy] | None = None,
    workers: int = 1,
    until_width: float | None = None,
    out: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """An ensemble."""
    return evaluate(
        scenario,
        runs=runs,
        seed=seed,
        set=set,
        read=read,
        choose=choose,
        policy=policy,
        strategies=strategies,
        workers=workers,
        until_width=until_width,
        out=out,
        progress=progress,
    )
