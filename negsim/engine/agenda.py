"""The days of a run to come, as SimPy brings them, and what is to be taken on each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simpy import Event

# An item: its instance's place in the file with 0 for a trigger and 1 for a delayed action, and how it is taken. Those
# of one place are taken in the order of scheduling, which is the order that the language states.
Item = tuple[tuple[tuple[int, int], int], Callable[[], None]]
TRIGGER, DELAYED = 0, 1
DAWN = (-1, 0)  # a place before that of any rule
_place_of: Callable[[Item], tuple[tuple[int, int], int]] = itemgetter(0)


class Agenda:
    """What is due on which day up to the last; `live` is called with each day that comes, to take its items."""

    def __init__(self, last_day: int, live: Callable[[list[Item]], None]) -> None:
        from simpy import Environment  # noqa: PLC0415 - much is done with a scenario without running it

        self.today = 0
        self.last_day = last_day
        self._live = live
        self._env = Environment()
        self._days: dict[int, list[Item]] = {}  # those that are on SimPy's calendar and still to come

    def open(self, day: int) -> list[Item]:
        """The items of a day to come, which is sure to be brought now: it has a dusk, be there items or not."""
        items = self._days.get(day)
        if items is None:
            items = self._days[day] = []
            self._env.timeout(day - self.today).callbacks.append(partial(self._bring, day))
        return items

    def put(self, day: int, place: tuple[int, int], kind: int, take: Callable[[], None]) -> None:
        """Puts an item on a day from today on, unless the run is over by then."""
        if self.today <= day <= self.last_day:
            self.open(day).append(((place, kind), take))

    def step(self) -> None:
        """Has the next day come."""
        self._env.step()

    def _bring(self, day: int, _event: Event) -> None:
        self.today = day
        items = self._days.pop(day)
        items.sort(key=_place_of)
        self._live(items)
