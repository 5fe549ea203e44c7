"""What a run answers its day: draws, options, delays, from its luck and from those who choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import attrs

from negsim.engine.agenda import Agenda
from negsim.engine.choosing import Chooser, drawn
from negsim.engine.luck import Luck
from negsim.engine.plan import Plan
from negsim.engine.waits import Delayed
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer, Aspiration, Choice, Geometric, Trial, Uniform
from negsim.log.event import Intervention
from negsim.policy.situation import Policy, Situation, put_off
from negsim.policy.strategists import Strategists
from negsim.program.rules import Instance
from negsim.program.said import Speaker
from negsim.program.strategy import Strategy
from negsim.scenario.choices import Fixed


@attrs.frozen
class AskedOfRun:
    """What a run is asked with beside its luck.

    `choices` and `interventions` are those of the header. `policy` is asked at each decision after event
    `policy_from`, `strategies` at each round of talks. `keeps` says whether the events are kept, `notes_delays`
    whether somebody looks at what is put off.
    """

    choices: tuple[Fixed, ...] = ()
    interventions: Sequence[Intervention] = ()
    policy: Policy | None = None
    policy_from: int = -1
    strategies: Mapping[str, Strategy] = attrs.Factory(dict)
    keeps: bool = True
    notes_delays: bool = False


class Answers:
    """Answers each question of a run's `moment` at once. `plan` and `luck` are those under which the run goes on.

    `to` holds who answers, by the kind of question. `waiting` gives what is put off, for those who choose.
    """

    def __init__(
        self,
        plan: Plan,
        luck: Luck,
        agenda: Agenda,
        *,
        moment: Moment,
        asked: AskedOfRun,
        waiting: Callable[[], Sequence[Delayed]],
    ) -> None:
        self.plan = plan
        self.luck = luck
        self.chooser = Chooser(asked.choices, asked.policy, self._are_asked)
        # What the header says of policies, and what forks added, the latest last.
        said = [*asked.choices, *(choice for each in asked.interventions for choice in each.choices)]
        self.strategists = Strategists(said, asked.strategies, self._are_asked)
        self.to: Mapping[type, Callable[[Any], Answer]] = {
            Trial: self._happens,
            Uniform: self._days_between,
            Geometric: self._days_until_success,
            Choice: self._choose,
            Aspiration: self._aspires,
        }
        self._moment = moment
        self._agenda = agenda
        self._notes_delays = asked.notes_delays
        self._policy_from = asked.policy_from
        self._waiting = waiting

    def _are_asked(self) -> bool:
        """Whether callables of the user are asked by now (in a fork: not before it begins)."""
        return self._moment.seq >= self._policy_from

    @property
    def decided(self) -> tuple[Fixed, ...]:
        """What callables of the user's own have decided so far."""
        return (*self.chooser.decisions, *self.strategists.answers)

    def _happens(self, question: Trial) -> bool:
        """Draws a trigger's chance."""
        instance, chance = question.instance, question.chance
        if chance <= 0 or chance >= 1:
            self.luck.skip(instance, "chance")
            return chance >= 1
        return self.luck.draw(instance, "chance") < chance

    def _days_between(self, question: Uniform) -> int:
        """Draws `uniform(low, high)`."""
        low, high = question.low, question.high
        return low + int(self.luck.draw(question.instance, "delay") * (high - low + 1))

    def _days_until_success(self, question: Geometric) -> int | None:
        """Draws `geometric(chance)`."""
        days, left = self.days(question.instance, question.chance)
        if days is None and self._notes_delays and 0 < question.chance < 1:
            return left + 1  # past the end of the run, where other luck may call it back
        return days

    def days(self, instance: Instance, chance: float) -> tuple[int | None, int]:
        """The days until a daily chance succeeds, nothing where the run is over by then; and the days that are left."""
        draw = self.luck.draw(instance, "delay")
        left = self._agenda.last_day - self._moment.day
        return self.plan.falling.days(draw, chance, left), left

    def _choose(self, choice: Choice) -> tuple[int, float | None]:
        """Takes the option that a policy names, or draws one by weight."""
        instance = choice.instance
        if choice.by is not None:
            nth = self.luck.count(instance, "choose")
            index = self.chooser.pick(choice, day=self._moment.day, nth=nth, seen=self._situation)
            if index is not None:
                self.luck.skip(instance, "choose")
                return index, None
        return drawn(choice, self.luck)

    def _aspires(self, question: Aspiration) -> float:
        """What a seat at talks aspires to."""
        return self.strategists(question.view, question.strategy)

    def _situation(self, choice: Choice) -> Situation:
        """What a policy sees."""
        today, last_day = self._agenda.today, self._agenda.last_day
        return Situation(
            choice.instance.name,
            choice.by or "",
            choice.instance.actors,
            self._moment.day,
            MappingProxyType({option.name: option.weight for option in choice.options}),
            MappingProxyType(self.plan.program.layout.named(self._moment.state)),
            tuple(
                put_off(each.action.instance, each.due - today, each.chance)
                for each in self._waiting()
                if (each.chance is not None or each.due <= last_day) and not isinstance(each.action.instance, Speaker)
            ),
        )
