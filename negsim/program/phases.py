"""The words of talks in the state and among the events: their phases, and what moves them."""

from __future__ import annotations

WAITING, OPEN, AGREED, LAPSED = "waiting", "open", "agreed", "lapsed"
CLOSED = (AGREED, LAPSED)
# The terms of talks that the language adds to their issues.
PHASE, ROUND = "phase", "round"
MOVES = ("offered", "passed", "agreed", "lapsed")  # the events of talks that change their state
