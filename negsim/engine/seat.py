"""A seat at a run: it stops wherever one of some actors decides, and goes on with the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from negsim.engine.calendar import Calendar
from negsim.engine.plan import PLANS, Plan, luck_of
from negsim.engine.run import Run, with_decided
from negsim.errors import UsageError, did_you_mean
from negsim.log.event import Header, LoggedEvent
from negsim.policy.situation import Situation, StoppedError
from negsim.scenario.choices import FixedChoice
from negsim.scenario.model import Scenario


class Seat:
    """A run that waits for the decisions of some actors.

    `situation` is what is to be decided now; nothing where the run is over. `decide` goes on from there, without
    running the past again. `header` is that of the run so far: a seat made of it stops at the same question, so a run
    can be gone on with from its log, in another process too. Decisions that the header fixes are not asked. Raises
    `UsageError` for an actor whom the scenario does not have, `ModelError` where the run breaks down.
    """

    def __init__(self, scenario: Scenario, header: Header, actors: Iterable[str]) -> None:
        self.actors = frozenset(actors)
        for actor in sorted(self.actors):
            if actor not in scenario.actors:
                raise UsageError(f"there is no actor `{actor}`", did_you_mean(actor, scenario.actors))
        self.situation: Situation | None = None
        self._header = header
        self._run: Run | None = None
        self._answer: str | None = None
        self._asked: Counter[tuple[str, tuple[str, ...]]] = Counter()
        fixed = header.settings.decisions
        self._known = {(each.decision, each.actors, each.nth) for each in fixed if each.nth is not None}
        self._fixed = [each for each in fixed if each.nth is None]
        self._plan: Plan = PLANS.take(scenario, header.settings)
        self._calendar = Calendar(
            self._plan,
            luck=luck_of(self._plan, header),
            choices=header.settings.choices,
            interventions=header.interventions,
            policy=self._decided,
        )
        self._go_on()

    @property
    def events(self) -> Sequence[LoggedEvent]:
        """The events so far."""
        return tuple(self._calendar.events)

    @property
    def header(self) -> Header:
        """The header of the run so far, with the decisions that were taken."""
        return with_decided(self._header, self._calendar.answers.decided)

    @property
    def run(self) -> Run | None:
        """The run, once it is over."""
        return self._run

    def decide(self, option: str) -> Situation | None:
        """Takes an option, and goes on to the next decision; gives that, or nothing where the run is over.

        Raises `UsageError` where nothing is to be decided or the option is not open.
        """
        if self.situation is None:
            raise UsageError("nothing is to be decided: the run is over")
        if option not in self.situation.options:
            hint = did_you_mean(option, self.situation.options)
            raise UsageError(f"'{option}' is not open at `{self.situation.decision}`", hint)
        self._answer = option
        self._go_on()
        return self.situation

    def _go_on(self) -> None:
        self.situation = None
        try:
            ending = self._calendar.run()
        except StoppedError as stopped:
            self.situation = stopped.situation
            return
        scenario, idle = self._plan.program.scenario, self._calendar.answers.chooser.idle
        self._run = Run(scenario, self.header, self.events, ending, idle)
        PLANS.give(self._plan)

    def _decided(self, situation: Situation) -> str | None:
        """The policy of the run: what was answered, nothing for those who are not asked, else it stops."""
        name = (situation.decision, situation.instance)
        is_known = (*name, self._asked[name]) in self._known or any(_fits(each, situation) for each in self._fixed)
        if situation.actor not in self.actors or is_known:
            self._asked[name] += 1
            return None
        if self._answer is None:
            raise StoppedError(situation)
        answer, self._answer = self._answer, None
        self._asked[name] += 1
        return answer


def _fits(choice: FixedChoice, situation: Situation) -> bool:
    """Whether a choice made beforehand decides a situation."""
    return (
        choice.decision == situation.decision
        and choice.option in situation.options
        and choice.day in (None, situation.day)
        and choice.actors in (None, situation.instance)
    )
