"""What is left to do at once today, as values: the steps at the front of a day.

Steps can be kept, compared and taken again. `about` says what a step is and which names it binds: two days
with steps that are alike go on alike. They are not to be changed; attrs would take its time to see to it.
"""

from __future__ import annotations

from typing import Any

import attrs

from negsim.kernel.action import Action
from negsim.program.events import Occurrence
from negsim.program.formula import Scope, State, values_of
from negsim.program.options import BoundEmission, Picked
from negsim.program.rules import Instance
from negsim.program.said import Said
from negsim.program.table import Table

About = tuple[tuple[Any, ...], Scope]


@attrs.define(eq=False)
class Emit:
    """One event of an action's list is logged."""

    emission: BoundEmission
    action: Action
    picked: Picked | None

    @property
    def about(self) -> About:
        """The rule and the words of the emission."""
        return ("emit", self.action.instance.name, self.emission.text), self.emission.scope


@attrs.define(eq=False)
class Happen:
    """An event that was put in is logged."""

    occurrence: Occurrence

    @property
    def about(self) -> About:
        """The event."""
        return ("happen", self.occurrence.name), self.occurrence.fields


@attrs.define(eq=False)
class React:
    """One instance that the event logged last triggers looks at its guards (`told`: its `when` is known to hold)."""

    instance: Instance
    told: bool

    @property
    def about(self) -> About:
        """The rule."""
        return ("react", self.instance.name, self.told), self.instance.scope


@attrs.define(eq=False)
class Haunt:
    """One instance spends the draws that an event left out would have asked for; `seen` is the state with it."""

    instance: Instance
    seen: State

    @property
    def about(self) -> About:
        """The rule, and the state that it looks at."""
        return ("haunt", self.instance.name, values_of(self.seen)), self.instance.scope


@attrs.define(eq=False)
class Trigger:
    """The trigger of an instance on the agenda comes: on its day, or since a wait is over, which had a `chance`."""

    instance: Instance
    chance: float | None

    @property
    def about(self) -> About:
        """The rule, and whether it waited."""
        return ("trigger", self.instance.name, self.chance is None), self.instance.scope


@attrs.define(eq=False)
class Take:
    """An action that was put off until today is taken, or a round of talks is held."""

    action: Action

    @property
    def about(self) -> About:
        """The action."""
        return ("take", *self.action.about), self.action.bound


@attrs.define(eq=False)
class Say:
    """One thing is said in a round of talks."""

    table: Table
    said: Said

    @property
    def about(self) -> About:
        """The talks and what is said."""
        return ("say", self.table.name, self.said.event, self.said.arguments), {}


@attrs.define(eq=False)
class Settle:
    """The event happens that an agreement emits."""

    table: Table
    said: Said

    @property
    def about(self) -> About:
        """The talks and their terms."""
        return ("settle", self.table.name, self.said.arguments), {}


Step = Emit | Happen | React | Haunt | Trigger | Take | Say | Settle
