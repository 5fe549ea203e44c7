"""negsim: an event-sourced negotiation simulator.

`load` reads a scenario, `run` makes one run of it, `explore` many. Importing this package loads nothing else; each
name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from negsim.version import VERSION

if TYPE_CHECKING:
    from negsim.deal.analysis import deal
    from negsim.deal.space import DealSpace
    from negsim.engine.run import Run, run
    from negsim.errors import LogError, ModelError, Problem, ScenarioError, UsageError
    from negsim.explore.ensemble import explore
    from negsim.explore.result import Result
    from negsim.load import load, load_text
    from negsim.log.store import Store
    from negsim.scenario.model import Scenario
    from negsim.solve.solution import Solution, solve

__version__ = VERSION

_HOMES = {
    "DealSpace": "negsim.deal.space",
    "LogError": "negsim.errors",
    "ModelError": "negsim.errors",
    "Problem": "negsim.errors",
    "Result": "negsim.explore.result",
    "Run": "negsim.engine.run",
    "Scenario": "negsim.scenario.model",
    "ScenarioError": "negsim.errors",
    "Solution": "negsim.solve.solution",
    "Store": "negsim.log.store",
    "UsageError": "negsim.errors",
    "deal": "negsim.deal.analysis",
    "explore": "negsim.explore.ensemble",
    "load": "negsim.load",
    "load_text": "negsim.load",
    "run": "negsim.engine.run",
    "solve": "negsim.solve.solution",
}

__all__ = [
    "DealSpace",
    "LogError",
    "ModelError",
    "Problem",
    "Result",
    "Run",
    "Scenario",
    "ScenarioError",
    "Solution",
    "Store",
    "UsageError",
    "deal",
    "explore",
    "load",
    "load_text",
    "run",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Fetches a public name from where it lives."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'negsim' has no attribute '{name}'")
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
