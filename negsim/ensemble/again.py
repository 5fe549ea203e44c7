"""The command that makes one run of a result again, with its whole log."""

from __future__ import annotations

import shlex

from negsim.ensemble.cells import Cell
from negsim.ensemble.request import Request
from negsim.language.catalogue import called
from negsim.scenario.settings import defaults


def run_command(request: Request, cell: Cell, seed: int, *, scenario: str | None = None) -> str:
    """`negsim run …` for a seed of a cell. `scenario` is its path or name; else what it is called by is found out."""
    name = called(request.scenario.files) if scenario is None else scenario
    settings, own = request.settings_of(cell), defaults(request.scenario)
    words = ["negsim", "run", name, "--seed", str(seed)]
    for key, value in settings.parameters.items():
        if value != own.parameters[key]:
            words += ["--set", f"{key}={value!r}"]
    for key, option in settings.readings.items():
        if option != own.readings[key]:
            words += ["--read", f"{key}={option}"]
    for choice in settings.decisions:
        words += ["--choose", choice.text]
    if "policy" in request.deciders:
        words += ["--policy", "FILE"]
    return shlex.join(words)
