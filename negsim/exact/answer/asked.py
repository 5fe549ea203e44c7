"""What a solution is asked with, and the crowds that are to be filled for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import attrs

from negsim.exact.answer.forward import Progress
from negsim.exact.answer.objective import Objective
from negsim.exact.state.layout import Layout
from negsim.exact.state.turns import Turns
from negsim.exact.step.crowds import Crowds
from negsim.exact.step.steps import Steps
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Choice
from negsim.policy.fixed import FixedPolicy
from negsim.policy.situation import Policy, Situation, put_off
from negsim.policy.table import PolicyTable
from negsim.program.program import Program
from negsim.scenario.choices import FixedChoice

MOST_STATES = 100_000
SITUATIONS_A_STATE = 20  # how many situations in the middle of a day are allowed, for each state that is


@attrs.frozen
class Asked:
    """What a solution is asked with."""

    program: Program
    measures: bool
    max_states: int
    progress: Progress | None
    policy: Policy | None = None
    objective: Objective | None = None

    @cached_property
    def fixed(self) -> FixedPolicy:
        """The choices, to be asked, and to tell afterwards which of them never came to bear."""
        return FixedPolicy(self.choices)

    @property
    def choices(self) -> tuple[FixedChoice, ...]:
        """The decisions made beforehand."""
        return self.program.settings.decisions

    @property
    def most_situations(self) -> int:
        """How many situations in the middle of a day are looked at."""
        return self.max_states * SITUATIONS_A_STATE

    @property
    def by(self) -> tuple[str, ...]:
        """Those whose choices hang on all that is."""
        if self.objective is not None:
            return self.objective.actors
        if isinstance(self.policy, PolicyTable):
            return self.policy.actors
        return () if self.policy is None else tuple(self.program.scenario.actors)


def crowds_of(asked: Asked, turns: Turns, together: Sequence[Sequence[str]]) -> Crowds:
    """What is to be filled with states: choices that are fixed, or a policy's, are made as they say."""
    steps = Steps(Layout(turns, together), most=asked.most_situations, controlled=frozenset(asked.by))
    days = {choice.day for choice in asked.choices if choice.day is not None}
    if asked.policy is not None:
        days |= {*range(asked.program.scenario.horizon_days + 1)}
    steps.agendas.told_apart = days

    def pick(choice: Choice, moment: Moment) -> int | None:
        if asked.policy is not None:
            name = asked.policy(situation(turns, choice, moment))
            for index, option in enumerate(choice.options):
                if option.name == name:
                    return index
        return asked.fixed.pick(choice, day=moment.day, nth=-1)

    if asked.choices or asked.policy is not None:
        turns.pick = pick
    return Crowds(steps, most=asked.max_states)


def situation(turns: Turns, choice: Choice, moment: Moment) -> Situation:
    """What a policy sees at a decision in the middle of a day."""
    program = turns.program
    left = program.scenario.horizon_days - moment.day
    return Situation(
        choice.instance.name,
        choice.by or "",
        choice.instance.actors,
        moment.day,
        {option.name: option.weight for option in choice.options},
        program.layout.named(moment.state),
        tuple(
            put_off(each.instance, each.due, each.chance)
            for each in turns.pending(moment)
            if each.chance is not None or each.due <= left
        ),
    )
