"""Readers that keep what they have worked out, until the state is another as far as they look."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from negsim.program.formula import Reader, State

MOST_KEPT = 1_000  # values of one reader, by what its slots hold


def looked_up(work_out: Reader, slots: Sequence[int]) -> Reader:
    """A reader that keeps what it has worked out by what the slots hold."""
    key = itemgetter(*slots)
    known: dict[Any, Any] = {}

    def read(state: State) -> Any:
        held = key(state)
        if held in known:
            return known[held]
        value = work_out(state)
        if len(known) < MOST_KEPT:
            known[held] = value
        return value

    return read


def once_a_version(work_out: Reader) -> Reader:
    """A reader that is worked out once for each version of a state.

    Many rules ask for the same definition in the same state: every member's hazard that hangs on one count.
    """
    seen: Any = None
    value: Any = None

    def read(state: State) -> Any:
        nonlocal seen, value
        version = state[-1]
        if version != seen:
            value = work_out(state)
            seen = version
        return value

    return read


def once_a_day(work_out: Reader, time: Sequence[int]) -> Reader:
    """A reader that is worked out once for each version of a state and each day, which these slots say."""
    day = itemgetter(*time)
    seen: Any = None
    value: Any = None

    def read(state: State) -> Any:
        nonlocal seen, value
        now = state[-1], day(state)
        if now != seen:
            value = work_out(state)
            seen = now
        return value

    return read
