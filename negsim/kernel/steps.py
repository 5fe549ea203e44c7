"""What is left to do at once today: the steps at the front of a day.

A step is a value that a day takes as an argument, so what is left of a day can be kept, compared and
taken again. `about` says what a step is and which names it binds: two days with steps that are alike
go on alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from negsim.kernel.formula import Scope
from negsim.kernel.host import Action, Picked
from negsim.kernel.table import Said, Table

if TYPE_CHECKING:
    from negsim.kernel.day import Day
    from negsim.kernel.program import BoundEmission, Instance, Occurrence

About = tuple[tuple[Any, ...], Scope]


class Step(Protocol):
    """Something that a day does at once."""

    def __call__(self, day: Day) -> None:
        """Does it."""

    @property
    def about(self) -> About:
        """What it is, and the names that it binds."""


class Emit:
    """One event of an action's list."""

    __slots__ = ("action", "emission", "picked")

    def __init__(self, emission: BoundEmission, action: Action, picked: Picked | None) -> None:
        self.emission = emission
        self.action = action
        self.picked = picked

    def __call__(self, day: Day) -> None:
        """Logs it."""
        day._emit(self.emission, self.action, self.picked)  # noqa: SLF001 - a step of the day itself

    @property
    def about(self) -> About:
        """The rule and the words of the emission."""
        return ("emit", self.action.instance.name, self.emission.text), self.emission.scope


class Happen:
    """An event that is known already: put in, or a decision that emits nothing."""

    __slots__ = ("action", "occurrence", "picked")

    def __init__(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> None:
        self.occurrence = occurrence
        self.action = action
        self.picked = picked

    def __call__(self, day: Day) -> None:
        """Logs it."""
        day._log(self.occurrence, self.action, self.picked)  # noqa: SLF001 - a step of the day itself

    @property
    def about(self) -> About:
        """The event."""
        return ("happen", self.occurrence.name), self.occurrence.fields


class React:
    """One instance that the event logged last triggers looks at its guards (`told`: its `when` is known to hold)."""

    __slots__ = ("instance", "told")

    def __init__(self, instance: Instance, *, told: bool) -> None:
        self.instance = instance
        self.told = told

    def __call__(self, day: Day) -> None:
        """Triggers it."""
        action = Action(self.instance, day.day, day.host.seq)
        day._trigger(action, at_once=False, told=self.told)  # noqa: SLF001 - a step of the day itself

    @property
    def about(self) -> About:
        """The rule."""
        return ("react", self.instance.name, self.told), self.instance.scope


class Say:
    """One thing said in a round of talks."""

    __slots__ = ("said", "table")

    def __init__(self, table: Table, said: Said) -> None:
        self.table = table
        self.said = said

    def __call__(self, day: Day) -> None:
        """Logs it."""
        day._say(self.table, self.said)  # noqa: SLF001 - a step of the day itself

    @property
    def about(self) -> About:
        """The talks and what is said."""
        return ("say", self.table.name, self.said.event, self.said.arguments), {}


class Settle:
    """The event that an agreement emits."""

    __slots__ = ("said", "table")

    def __init__(self, table: Table, said: Said) -> None:
        self.table = table
        self.said = said

    def __call__(self, day: Day) -> None:
        """Logs it."""
        day._settle(self.table, self.said)  # noqa: SLF001 - a step of the day itself

    @property
    def about(self) -> About:
        """The talks and their terms."""
        return ("settle", self.table.name, self.said.arguments), {}
