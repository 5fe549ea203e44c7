"""Text -> Scenario, or every problem.

Importing this package reads nothing: YAML and the checks are loaded when a scenario is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from negsim.language.catalogue import shipped, template
    from negsim.language.json_schema import schema
    from negsim.language.put_in import parse_event
    from negsim.language.reading import check, check_text, load, load_files, load_text
    from negsim.language.report import Report

_HOMES = {
    "Report": "negsim.language.report",
    "check": "negsim.language.reading",
    "check_text": "negsim.language.reading",
    "load": "negsim.language.reading",
    "load_files": "negsim.language.reading",
    "load_text": "negsim.language.reading",
    "parse_event": "negsim.language.put_in",
    "schema": "negsim.language.json_schema",
    "shipped": "negsim.language.catalogue",
    "template": "negsim.language.catalogue",
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
        raise AttributeError(f"module 'negsim.language' has no attribute '{name}'")
    found = getattr(import_module(home), name)
    globals()[name] = found
    return found
