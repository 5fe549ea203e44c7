"""The command that makes one run of a result again, with its whole log."""

from __future__ import annotations

from negsim.ensemble.design.cells import Cell
from negsim.ensemble.run.request import Request
from negsim.log import again


def run_command(request: Request, cell: Cell, seed: int, *, scenario: str | None = None) -> str:
    """`negsim run …` for a seed of a cell. `scenario` is its path or name; else what it is called by is found out."""
    command = again.run_command(request.scenario, request.settings_of(cell), seed=seed, name=scenario)
    return f"{command} --policy FILE" if "policy" in request.deciders else command
