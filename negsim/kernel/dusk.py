"""Dusk: what may have changed since the last one is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from negsim.kernel.looks import broken, daily_chance, truth
from negsim.kernel.moment import Moment
from negsim.kernel.observing import see_dusk
from negsim.program.formula import Formula, MeaninglessError
from negsim.program.program import Program


class DuskLooks:
    """The dusks of one run: the chances of its waits, the outcomes that end it, and what its measures watch.

    What dusk looks at is numbered as in `Looks`. At first everything is still to be looked at.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._waits = program.waits
        self._first_end = len(program.waits)
        self._first_watched = self._first_end + len(program.ends)
        self._awake = set(range(self._first_end))  # waits whose COND held when it was looked at last, or may have
        self._unseen = set(range(self._first_watched + len(program.watched)))
        self._end_holds = [False] * len(program.ends)
        self._ticks = program.looks.ticks
        self._turns: dict[int, set[int]] = {}  # by the day: the looks that may see another thing then
        self._untold: list[int] = []  # of these days, those that nobody has been told of

    def look(self, moment: Moment) -> list[tuple[int, float | None]]:
        """Looks at what may have changed; gives the numbers of waits, each with its daily chance (nothing: no wait).

        A wait that has none and had none is left out.
        """
        waits, awake, day = self._waits, self._awake, moment.day
        found: list[tuple[int, float | None]] = []
        still_unseen: set[int] = set()
        known: dict[Formula, float] = {}
        for number in self._to_look_at(moment):
            if number in self._ticks:
                self._note_turn(number, moment)
            if number >= self._first_end:
                self._look_past_waits(moment, number)
            elif waits[number].has_season and day + 1 < (waits[number].from_day or 0):
                still_unseen.add(number)
            else:
                chance = daily_chance(waits[number], moment.state, day, known)
                if chance is not None:
                    awake.add(number)
                    found.append((number, chance))
                elif number in awake:
                    awake.discard(number)
                    found.append((number, None))
        self._unseen = still_unseen
        return found

    def _to_look_at(self, moment: Moment) -> list[int]:
        """The numbers of the looks that read what has changed; a wait that sleeps is not woken by its chance."""
        unseen, moved = self._unseen, moment.moved
        if self._turns:
            unseen |= self._turns.pop(moment.day, set())
        if moved:
            looks = self._program.looks
            readers, chance_readers = looks.readers, looks.chance_readers
            for numbers in {chance_readers[slot] for slot in moved}:
                unseen |= numbers & self._awake
            unseen.update(*{readers[slot] for slot in moved})
            moved.clear()
        return sorted(unseen)

    def _look_past_waits(self, moment: Moment, number: int) -> None:
        """Looks at an outcome that ends the run, or at what a measure watches."""
        state, day = moment.state, moment.day
        if number < self._first_watched:
            end = number - self._first_end
            name, condition = self._program.ends[end]
            self._end_holds[end] = truth(condition, state, where=f"outcome `{name}`", day=day)
            return
        try:
            see_dusk(*self._program.watched[number - self._first_watched], state, day)
        except (MeaninglessError, OverflowError) as error:
            raise broken("a measure", error, day) from None

    def _note_turn(self, number: int, moment: Moment) -> None:
        """Notes on which day a look may see another thing, if nothing happens until then."""
        for ticks in self._ticks[number]:
            days = ticks(moment.state)
            if days is None:
                continue
            day = moment.day + days
            if day not in self._turns:
                self._turns[day] = set()
                self._untold.append(day)
            self._turns[day].add(number)

    def days_to_look(self) -> Sequence[int]:
        """The days to come whose dusk has to be looked at, even if nothing happens on them; each is said once."""
        if not self._untold:
            return ()
        days, self._untold = self._untold, []
        return days

    def look_again(self, number: int) -> None:
        """Has a wait looked at again at the next dusk (it has fired, or was dropped at its turn)."""
        self._unseen.add(number)

    def has_work(self, moment: Moment) -> bool:
        """Whether the next dusk has anything to look at."""
        return bool(moment.moved or self._unseen or moment.day in self._turns)

    @property
    def ended(self) -> bool:
        """Whether an outcome with `ends: true` held at the last dusk."""
        return any(self._end_holds)
