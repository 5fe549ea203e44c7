"""Hypothesis strategies: whole scenarios as a user would write them, settings for a run, and runs.

    @given(negsim.testing.scenarios())
    def test_a_run_ends(text):
        assert negsim.run(negsim.load_text(text)).outcome

A scenario is drawn in two steps: first its names with their types, then what is said with them. So
nearly every text loads, and shrinking one leaves a shorter text that loads too. Events are numbered:
what an event triggers has a greater number, or burns of a stock (`fuel`) that is soon empty. So no day
loops, and horizons are short.
"""

from __future__ import annotations

from negsim.testing.asked import runs, settings
from negsim.testing.author import START, Document
from negsim.testing.document import LONGEST_HORIZON, documents, scenarios
from negsim.testing.rules import MOST_RULES
from negsim.testing.writing import to_text

__all__ = [
    "LONGEST_HORIZON",
    "MOST_RULES",
    "START",
    "Document",
    "documents",
    "runs",
    "scenarios",
    "settings",
    "to_text",
]
