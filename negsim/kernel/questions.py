"""What a day asks: chances, delays, choices and aspirations, as values. The day draws nothing itself.

Who runs the day answers: one run draws, or asks a policy; a solver goes on with every answer. A question also holds
what is left to do once it is answered. `about` says what that is, and which names it binds: two moments that are
alike, and ask alike, go on alike.
"""

from __future__ import annotations

import attrs

from negsim.kernel.action import Action
from negsim.kernel.steps import About
from negsim.program.mood import Moods
from negsim.program.options import OpenOption
from negsim.program.rules import Instance
from negsim.program.strategy import Strategy, View
from negsim.program.table import Table


@attrs.define(eq=False)
class Trial:
    """Whether a trigger's chance (0..1) succeeds. The answer is a truth; with it, the action goes on to its delay."""

    instance: Instance
    chance: float
    action: Action

    @property
    def about(self) -> About:
        """The rule."""
        return ("trial", *self.action.about), self.instance.scope


@attrs.define(eq=False)
class Uniform:
    """A whole number of days, low and high included. The answer is that number; so long the action is put off."""

    instance: Instance
    low: int
    high: int
    action: Action

    @property
    def about(self) -> About:
        """The rule."""
        return ("uniform", *self.action.about), self.instance.scope


@attrs.define(eq=False)
class Geometric:
    """How long a daily chance takes: 1, 2, … days. The answer is that number; nothing where it never comes.

    So long the action is put off. Who tries the chance on each day answers as suits his calendar.
    """

    instance: Instance
    chance: float
    action: Action

    @property
    def about(self) -> About:
        """The rule."""
        return ("geometric", *self.action.about), self.instance.scope


@attrs.define(eq=False)
class Choice:
    """Which option is taken: whose choice it is (nothing: nature's), and what is open, in the order of the file.

    The answer is the option's index, and its share of the weight where it was drawn; the action does it.
    """

    instance: Instance
    by: str | None
    options: tuple[OpenOption, ...]
    action: Action

    @property
    def about(self) -> About:
        """The rule."""
        return ("choice", self.action.instance.name, self.action.seen is None), self.action.bound


@attrs.define(eq=False)
class Aspiration:
    """What a seat at talks aspires to in a round, where somebody else than its strategy answers: 0..1.

    `lines` are the red lines that hold for it, `moods` those of the seats that were asked before.
    """

    view: View
    strategy: Strategy
    table: Table
    lines: int
    moods: Moods

    @property
    def about(self) -> About:
        """The talks, the seat, and those before it."""
        return ("aspiration", self.table.name, self.view.party, tuple(self.moods.items())), {}


Question = Trial | Uniform | Geometric | Choice | Aspiration
Answer = bool | int | float | tuple[int, float | None] | None  # of the kind that the question names


def asker(question: Question) -> str:
    """Who asks, for an error."""
    match question:
        case Aspiration():
            return f"talks `{question.table.name}`"
        case Trial() | Uniform() | Geometric() | Choice():
            return f"rule `{question.instance.name}`"
