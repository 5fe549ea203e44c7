"""What a seat looks for in one round of talks: its red lines, its fallback, and what it aspires to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from negsim.program.formula import MeaninglessError, State
from negsim.program.memory import Memory
from negsim.program.seat import SeatAtTalks
from negsim.program.strategy import STRATEGIES, View

KEPT_MOODS = 50_000
KEPT_TOPS = 50_000


@attrs.frozen
class Mood:
    """What a seat looks for in one round: the red lines that hold, its fallback and its aspiration."""

    lines: int
    fallback: float
    aspiration: float


Moods = Mapping[str, Mood]


class Aspirations:
    """What the seats of talks aspire to, from what they see. What is worked out is kept.

    `share` gives the share of the rounds that has passed in the round of a number.
    """

    def __init__(self, talks: str, *, share: Callable[[int], float], round_slot: int, memory: Memory) -> None:
        self._talks = talks
        self._share = share
        self._round_slot = round_slot
        self._memory = memory
        self._moods: dict[Any, Mood] = {}
        self._tops: dict[tuple[str, int], float | None] = {}

    def view(self, seat: SeatAtTalks, state: State) -> tuple[int, View]:
        """What a seat sees in the round of today, behind the red lines that hold; raises `MeaninglessError`."""
        lines = seat.red_lines_now(state)
        fallback = _fallback(seat, state)
        heard = self._memory.heard(seat.party, state)
        return lines, self._view(seat, state[self._round_slot], lines=lines, fallback=fallback, heard=heard)

    def mood(self, seat: SeatAtTalks, state: State) -> Mood:
        """What a seat looks for in the round of today, by its own strategy; raises `MeaninglessError`."""
        lines = seat.red_lines_now(state)
        fallback = _fallback(seat, state)
        number = state[self._round_slot]
        heard = self._memory.heard(seat.party, state)
        key = (seat.party, number, lines, fallback, heard)
        mood = self._moods.get(key)
        if mood is None:
            view = self._view(seat, number, lines=lines, fallback=fallback, heard=heard)
            mood = Mood(lines, fallback, max(fallback, STRATEGIES[seat.position.strategy](view)))
            if len(self._moods) >= KEPT_MOODS:
                self._moods.clear()
            self._moods[key] = mood
        return mood

    def _view(
        self, seat: SeatAtTalks, number: int, *, lines: int, fallback: float, heard: tuple[int | None, ...]
    ) -> View:
        top = self._top(seat, lines)
        own, *others = (None if each is None or each < 0 else seat.utilities[each] for each in heard)
        return View(
            self._talks,
            seat.party,
            number,
            self._share(number),
            fallback if top is None else top,
            fallback,
            seat.concession,
            own,
            tuple(each for each in others if each is not None),
        )

    def _top(self, seat: SeatAtTalks, lines: int) -> float | None:
        """The best utility among the packages that fit; nothing where none does."""
        key = (seat.party, lines)
        if key not in self._tops:
            if len(self._tops) >= KEPT_TOPS:
                self._tops.clear()
            pairs = zip(seat.utilities, seat.broken, strict=True)
            self._tops[key] = max((worth for worth, broken in pairs if not broken & lines), default=None)
        return self._tops[key]


def _fallback(seat: SeatAtTalks, state: State) -> float:
    fallback = float(seat.fallback.read(state))
    if not abs(fallback) < float("inf"):
        raise MeaninglessError(f"the fallback of `{seat.party}` is {fallback}")
    return fallback
