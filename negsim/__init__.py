"""negsim: an event-sourced negotiation simulator.

`load` reads a scenario, `run` makes one run of it, `explore` many. Importing this package loads nothing else; each
name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from negsim.version import VERSION

if TYPE_CHECKING:
    from negsim.deals.analysis import deal
    from negsim.deals.space import DealSpace
    from negsim.engine.run import Run, run
    from negsim.ensemble.explore import explore
    from negsim.ensemble.result import Result
    from negsim.errors import LogError, ModelError, Problem, ScenarioError, UsageError
    from negsim.exact.answer.solution import Solution
    from negsim.exact.answer.solve import solve
    from negsim.language import load, load_text
    from negsim.log.store import Store
    from negsim.scenario.model import Scenario

__version__ = VERSION

_HOMES = {
    "DealSpace": "negsim.deals.space",
    "LogError": "negsim.errors",
    "ModelError": "negsim.errors",
    "Problem": "negsim.errors",
    "Result": "negsim.ensemble.result",
    "Run": "negsim.engine.run",
    "Scenario": "negsim.scenario.model",
    "ScenarioError": "negsim.errors",
    "Solution": "negsim.exact.answer.solution",
    "Store": "negsim.log.store",
    "UsageError": "negsim.errors",
    "deal": "negsim.deals.analysis",
    "explore": "negsim.ensemble.explore",
    "load": "negsim.language",
    "load_text": "negsim.language",
    "run": "negsim.engine.run",
    "solve": "negsim.exact.answer.solve",
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
