"""Who writes a drawn scenario: takes each decision from Hypothesis and keeps the names it has given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from negsim.scenario.calendar_steps import Calendar, Step
from negsim.scenario.types import ActorOf, Type

Document = dict[str, Any]
Names = Mapping[str, Type]
K = TypeVar("K")
T = TypeVar("T")

START = date(2025, 3, 1)
MORNING = time(7)  # of the start, where a step is an hour
MOODS = ("calm", "tense", "broken")
ASSUMED = {"assumption": "made up"}
IN_PLACE = {"value": "3", "low": "1", "high": "6"}  # a parameter in a rule


class Author:
    """Draws one scenario, section by section, and keeps its names with their types.

    `terms` are what can be read everywhere, `own` what members of a group have, `about` the
    definitions that take a member of `bloc`, `held` the readings that a member of some group holds, by group.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.calendar = Calendar(Step.DAY, START)
        self.actors: list[str] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.terms: dict[str, Type] = {}
        self.own: dict[str, dict[str, Type]] = {}
        self.about: dict[str, Type] = {}
        self.held: dict[str, dict[str, Type]] = {}
        self.variables: dict[str, Type] = {}
        self.copies: dict[tuple[str, str], Type] = {}
        self.events: dict[str, dict[str, Type]] = {}

    def member(self, group: str) -> ActorOf:
        """The type of a member of a group."""
        return ActorOf(self.groups[group], group)

    def reckon(self) -> None:
        """Settles what a step of time is: mostly a day."""
        if self.seldom():
            step = self.pick((Step.HOUR, Step.WEEK, Step.MONTH))
            self.calendar = Calendar(step, datetime.combine(START, MORNING) if step is Step.HOUR else START)

    def moment(self, number: int) -> date:
        """A moment that falls in a step: any of its days, or the beginning of its hour."""
        begin, end = self.calendar.date_of(number), self.calendar.date_of(number + 1)
        if isinstance(begin, datetime):
            return begin
        return begin + timedelta(days=self.number(0, (end - begin).days - 1))

    def written(self, moment: date) -> str:
        """A moment as an author may write it: an hour with a `T` or a blank, midnight as a date alone."""
        if not isinstance(moment, datetime):
            return moment.isoformat()
        timed = moment.isoformat(self.pick(("T", " ")), "minutes")
        return self.pick((timed, moment.date().isoformat())) if moment.time() == time() else timed

    # Draws, the simplest case first.

    def pick(self, options: Sequence[T]) -> T:
        """One of some."""
        return options[self.draw(st.integers(0, len(options) - 1))]

    def coin(self) -> bool:
        """Yes or no."""
        return self.draw(st.booleans())

    def seldom(self) -> bool:
        """Yes, once in four times."""
        return self.number(0, 3) == 3  # noqa: PLR2004 - one in four

    def number(self, low: int, high: int) -> int:
        """A whole number, bounds included."""
        return self.draw(st.integers(low, high))

    def some(self, found: Mapping[K, T]) -> dict[K, T]:
        """Each of them or not."""
        return {name: item for name, item in found.items() if self.coin()}
