"""Negotiation domains of other programs -> the text of a scenario with talks, or every problem.

`convert` reads what GENIUS, NegMAS and GeniusWeb keep a domain in. Importing this package reads nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from negsim.convert.door import Converted, convert

__all__ = ["Converted", "convert"]


def __getattr__(name: str) -> Any:
    """Fetches a public name from where it lives."""
    if name not in __all__:
        raise AttributeError(f"module 'negsim.convert' has no attribute '{name}'")
    found = getattr(import_module("negsim.convert.door"), name)
    globals()[name] = found
    return found
