"""What a day asks and tells: the choices that are open, the actions under way, and who answers.

The host is whoever runs the day: one run draws and keeps a log, another looks at every answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import attrs

from negsim.kernel.table import Asker, Speaker, Table
from negsim.scenario.types import Value

if TYPE_CHECKING:
    from negsim.kernel.program import BoundOption, Instance, Occurrence


@attrs.frozen
class OpenOption:
    """An option that is open now, and what it weighs."""

    name: str
    weight: float
    bound: BoundOption


@attrs.frozen
class Choice:
    """A choice to be made: whose it is (nothing: nature's), and what is open, in the order of the file."""

    instance: Instance
    by: str | None
    options: tuple[OpenOption, ...]


Watches = tuple[tuple[str, tuple[Value, ...] | None], ...]


class Action:
    """What an instance will do, from its trigger to the moment it is taken.

    `cause` is the seq of the triggering event, `chance` the one that let it through, `trigger_day` the
    day of the trigger. A ghost spends its draws and does nothing (the trigger was left out). `watches` are
    the events that drop it, with their arguments (nothing: any).
    """

    __slots__ = ("cause", "chance", "dropped", "ghost", "instance", "trigger_day", "watches")

    def __init__(self, instance: Instance | Table | Speaker, trigger_day: int, cause: int | None) -> None:
        self.instance = instance
        self.trigger_day = trigger_day
        self.cause = cause
        self.chance: float | None = None
        self.dropped = False
        self.ghost = False
        self.watches: Watches = ()


@attrs.frozen
class Picked:
    """What was picked for an action: the option, its share of the weight where one was drawn, by whom."""

    option: str | None
    share: float | None
    by: str | None


class Host(Protocol):
    """Answers the day's questions and keeps what it logs."""

    def happens(self, instance: Instance, chance: float) -> bool:
        """Whether a trigger's chance (0..1) succeeds."""

    def days_between(self, instance: Instance, low: int, high: int) -> int:
        """A whole number of days, low and high included."""

    def days_until_success(self, instance: Instance, chance: float) -> int | None:
        """1, 2, … days of a daily chance; nothing where it is past the run's end."""

    def choose(self, choice: Choice) -> tuple[int, float | None]:
        """The index of the option taken, and its share of the weight where it was drawn."""

    def later(self, action: Action, days: int) -> None:
        """Keeps an action that is due in one day or more."""

    def admits(self, occurrence: Occurrence, action: Action | None) -> bool:
        """Whether the event happens; where not, it changes and triggers nothing."""

    def logged(self, occurrence: Occurrence, action: Action | None, picked: Picked | None) -> Sequence[Occurrence]:
        """Keeps an event that was applied; gives events put in right after it."""

    @property
    def asked(self) -> Asker | None:
        """Who answers for the strategies at talks; nothing: they speak for themselves."""

    @property
    def seq(self) -> int:
        """The seq of the event logged last; -1 before any."""
