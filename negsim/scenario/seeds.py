"""What luck is asked with: seeds, and draws that do not come from one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import SupportsIndex

from negsim.errors import UsageError, did_you_mean
from negsim.scenario.model import Scenario
from negsim.scenario.streams import LARGEST_SEED, Draw, Stream, streams
from negsim.whole import index_of

NO_DRAW = "a draw is 0 or more, below 1"


def seed_number(seed: SupportsIndex) -> int:
    """The seed, checked to be 0..2**63 - 1."""
    found = index_of(seed)
    if found is None or not 0 <= found <= LARGEST_SEED:
        raise UsageError(f"a seed is a whole number from 0 to {LARGEST_SEED}, not {seed}")
    return found


def check_seeds(first: int, count: int) -> None:
    """Raises `UsageError` where the last of so many seeds in a row is none any more."""
    if first + count - 1 > LARGEST_SEED:
        raise UsageError(f"the last of {count:,} seeds is past {LARGEST_SEED}", "begin with a smaller seed")


def draws(scenario: Scenario, given: Mapping[str, float | Iterable[float | None]]) -> tuple[Draw, ...]:
    """The draws that are given, by the name of their stream: its first, second, third, nothing where one is not.

    Raises `UsageError` for a stream that no run draws from, and for a value that is no draw.
    """
    known = {str(stream): stream for stream in streams(scenario)} if given else {}
    found: list[Draw] = []
    for name, values in given.items():
        stream = known.get(name)
        if stream is None:
            raise UsageError(f"no run draws from `{name}`", did_you_mean(name, known))
        listed = values if isinstance(values, Iterable) else [values]
        for number, value in enumerate(listed):
            if value is not None:
                found.append(Draw(stream, number, _draw(value, stream, number)))
    return tuple(found)


def _draw(value: object, stream: Stream, number: int) -> float:
    if not isinstance(value, int | float) or not 0 <= value < 1:
        raise UsageError(f"draw {number} of {stream} is {value}", NO_DRAW)
    return float(value)
