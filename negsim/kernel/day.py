"""One day: what is due takes its turns, and what follows from it follows.

The day is pure: it draws nothing. Where chance, a delay or a choice decides, it stops with a question, which its
moment holds until it is answered. So who wants every answer copies the moment, and goes on with each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from negsim.kernel.cascade import Cascade
from negsim.kernel.events import Events
from negsim.kernel.host import Host
from negsim.kernel.moment import Moment
from negsim.kernel.questions import Answer, Aspiration, Choice, Geometric, Question, Trial, Uniform
from negsim.kernel.rounds import Rounds
from negsim.kernel.steps import Emit, Happen, Haunt, React, Say, Settle, Take, Trigger
from negsim.program.events import Occurrence


class Day:
    """Lives through the days of a host's moments. A question that it gives is that of the moment's `asked`."""

    def __init__(self, host: Host) -> None:
        self._events = Events(host)
        rounds = Rounds(self._events, heard=host.hears_seats)
        self._cascade = cascade = Cascade(self._events, rounds)
        self._doing: dict[type, Callable[[Moment, Any], Question | None]] = {
            Emit: self._emit,
            Happen: self._happen,
            React: cascade.react,
            Haunt: cascade.haunt,
            Trigger: cascade.come,
            Take: self._take,
            Say: rounds.say,
            Settle: rounds.settle,
        }
        self._going_on: dict[type, Callable[[Moment, Any, Any], Question | None]] = {
            Trial: cascade.tried,
            Uniform: cascade.timed,
            Geometric: cascade.timed,
            Choice: cascade.chosen,
            Aspiration: rounds.heard,
        }

    def recall(self, moment: Moment, occurrence: Occurrence, day: int, late: str | None = None) -> Sequence[Occurrence]:
        """Logs an event of the past: it changes the state. Gives the events put in after it.

        It triggers nothing, but for delays where `late` says when what is due before day 0 comes: these are left to
        do, and what they put off counts its days from day 0.
        """
        return self._events.recall(moment, occurrence, day, late)

    def turn(self, moment: Moment, item: Trigger | Take) -> Question | None:
        """Takes an item of the agenda, and all that follows from it today, to the end or to the first question."""
        question = self._doing[type(item)](moment, item)
        return self.finish(moment) if question is None else question

    def finish(self, moment: Moment) -> Question | None:
        """Takes steps until nothing is left to do in this turn, or until one asks."""
        front, queue, doing = moment.front, moment.queue, self._doing
        while True:
            while front:
                step = front.popleft()
                question = doing[type(step)](moment, step)
                if question is not None:
                    return question
            if not queue:
                return None
            question = self._cascade.take(moment, queue.popleft())
            if question is not None:
                return question

    def answer(self, moment: Moment, answer: Answer) -> Question | None:
        """Goes on with the answer to what was asked, to the end of the turn or to the next question."""
        asked = moment.asked
        if asked is None:
            raise TypeError("nothing is asked")
        moment.asked = None
        question = self._going_on[type(asked)](moment, asked, answer)
        return self.finish(moment) if question is None else question

    def _emit(self, moment: Moment, step: Emit) -> None:
        self._events.emit(moment, step.emission, step.action, step.picked)

    def _happen(self, moment: Moment, step: Happen) -> None:
        self._events.log(moment, step.occurrence, None, None)

    def _take(self, moment: Moment, step: Take) -> Question | None:
        return self._cascade.take(moment, step.action)
