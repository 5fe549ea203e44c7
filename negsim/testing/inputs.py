"""What is put into a drawn scenario: parameters and readings."""

from __future__ import annotations

from negsim.scenario.types import REAL, Enumeration, Whole
from negsim.testing.author import ASSUMED, Author, Document


def parameters(author: Author) -> Document:
    """A daily probability `odds`, a number of days `lag`, or neither."""
    odds = {"value": "0.2", "low": "0", "high": "1", "unit": "per day", **ASSUMED}
    found = author.some({"odds": odds, "lag": {"value": "2", "low": "1", "high": "5", **ASSUMED}})
    author.terms |= {name: REAL if name == "odds" else Whole(1, 5) for name in found}
    return found


def readings(author: Author) -> Document:
    """`scope`, narrow or broad, or none."""
    options = {"narrow": "Only what is named.", "broad": "All that is like it."}
    found = author.some({"scope": {"options": options, "default": author.pick(("narrow", "broad")), **ASSUMED}})
    author.terms |= dict.fromkeys(found, Enumeration(("narrow", "broad")))
    return found
