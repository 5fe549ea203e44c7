"""The command that makes one run of a result again, with its whole log."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from negsim.engine.settings import defaults
from negsim.explore.cells import Cell
from negsim.explore.request import Request
from negsim.load.catalogue import called


def choice_text(found: Mapping[str, Any]) -> str:
    """A fixed choice of a header as `--choose` takes it: `call[france]@60=announce`."""
    actors = f"[{','.join(found['actors'])}]" if "actors" in found else ""
    day = f"@{found['day']}" if "day" in found else ""
    return f"{found['decision']}{actors}{day}={found['option']}"


def run_command(request: Request, cell: Cell, seed: int, *, scenario: str | None = None) -> str:
    """`negsim run …` for a seed of a cell. `scenario` is its path or name; else what it is called by is found out."""
    name = called(request.scenario.files) if scenario is None else scenario
    parameters, readings = request.settings(cell)
    own_parameters, own_readings = defaults(request.scenario)
    words = ["negsim", "run", name, "--seed", str(seed)]
    for key, value in parameters.items():
        if value != own_parameters[key]:
            words += ["--set", f"{key}={value!r}"]
    for key, option in readings.items():
        if option != own_readings[key]:
            words += ["--read", f"{key}={option}"]
    for policy in request.policies:
        words += ["--choose", choice_text(policy)]
    if "policy" in request.deciders:
        words += ["--policy", "FILE"]
    return shlex.join(words)
