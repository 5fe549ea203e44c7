"""The words of talks in the state and among the events: their phases, and what moves them."""

from __future__ import annotations

WAITING, OPEN, AGREED, LAPSED, ENDED = "waiting", "open", "agreed", "lapsed", "ended"
CLOSED = (AGREED, LAPSED, ENDED)
# The terms of talks that the language adds to their issues.
PHASE, ROUND = "phase", "round"
# The events of talks that change their state.
MOVES = ("offered", "passed", "agreed", "lapsed", "left", "ended", "ran_on")
