"""Text -> Scenario, or every problem.

Importing this package reads nothing: YAML and the checks are loaded when a scenario is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from negsim.door import make_callable

if TYPE_CHECKING:
    from negsim.load.catalogue import shipped, template
    from negsim.load.json_schema import schema
    from negsim.load.put_in import parse_event
    from negsim.load.reading import check, check_text, load, load_files, load_text
    from negsim.load.report import Report

_HOMES = {
    "Report": "negsim.load.report",
    "check": "negsim.load.reading",
    "check_text": "negsim.load.reading",
    "load": "negsim.load.reading",
    "load_files": "negsim.load.reading",
    "load_text": "negsim.load.reading",
    "parse_event": "negsim.load.put_in",
    "schema": "negsim.load.json_schema",
    "shipped": "negsim.load.catalogue",
    "template": "negsim.load.catalogue",
}

__all__ = [
    "Report",
    "check",
    "check_text",
    "load",
    "load_files",
    "load_text",
    "parse_event",
    "schema",
    "shipped",
    "template",
]


def __getattr__(name: str) -> Any:
    """Fetches a public name from where it lives."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'negsim.load' has no attribute '{name}'")
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found


make_callable(__name__, "negsim.load.reading")
