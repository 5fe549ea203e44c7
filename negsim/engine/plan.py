"""What runs of one scenario under the same settings share: made once, kept for a while, used by one run at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from negsim.engine.chance import Falling
from negsim.engine.luck import Ahead, Keyed, Luck, Scripted
from negsim.errors import in_steps
from negsim.log.event import Header
from negsim.program.program import Program
from negsim.scenario.model import Scenario
from negsim.scenario.settings import Key, Settings

KEPT_PLANS = 8  # those used last; the plan of a large scenario takes some megabytes


class Plan:
    """What all runs of one scenario under one set of parameters and readings share.

    It binds and works out what it is first asked for, so two threads do not use one at once.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.falling = Falling()
        self.dates: dict[int, str] = {}
        self._ahead = Ahead()
        self._last_luck: Keyed | None = None
        self.wake_days = sorted({w.from_day - 1 for w in program.waits if w.from_day is not None and w.from_day > 1})

    def luck(self, seed: int) -> Keyed:
        """The luck of a seed; what the runs before drew is at hand."""
        if self._last_luck is not None:
            self._ahead.learn(self._last_luck.spent)
        self._last_luck = Keyed(seed, ahead=self._ahead.draws(seed))
        return self._last_luck

    def date(self, day: int) -> str:
        """The date of a day, as the log writes it."""
        found = self.dates.get(day)
        if found is None:
            found = self.dates[day] = self.program.scenario.calendar.written(day)
        return found


def luck_of(plan: Plan, header: Header) -> Luck:
    """The luck that a header names: the draws that it writes out, and for all others its seed."""
    keyed = plan.luck(header.seed)
    return Scripted(header.luck, then=keyed) if header.luck else keyed


class Plans:
    """Plans that no run uses just now, the one given back last at the end, `most` at most.

    A plan is taken out while it is used: two runs at once, in two threads or one inside the other, have a plan
    each. A plan belongs to the very scenario that it was made of, not to an equal one, and keeps that scenario as
    long as it is kept itself.
    """

    def __init__(self, most: int = KEPT_PLANS) -> None:
        self._most = most
        self._kept: list[tuple[Key, Plan]] = []
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, scenario: Scenario, settings: Settings) -> Plan:
        """A plan that the caller alone has, until it gives it back."""
        key = settings.key
        # Nobody waits for the lock: a process forked while another thread held it would wait for ever.
        if self._lock.acquire(blocking=False):
            try:
                for number in reversed(range(len(self._kept))):
                    known, plan = self._kept[number]
                    if plan.program.scenario is scenario and known == key:
                        del self._kept[number]
                        return plan
            finally:
                self._lock.release()
        return Plan(Program(scenario, settings.changed({}, {})))  # a copy: what was handed in may change

    def give(self, plan: Plan) -> None:
        """Keeps a plan for the next who asks for the same; the one that was not used for longest makes room."""
        key = plan.program.settings.key
        if self._lock.acquire(blocking=False):
            try:
                self._kept.append((key, plan))
                del self._kept[: max(0, len(self._kept) - self._most)]
            finally:
                self._lock.release()

    def clear(self) -> None:
        """Forgets all that is kept."""
        with self._lock:
            self._kept.clear()


PLANS = Plans()


@contextmanager
def bound(scenario: Scenario, settings: Settings) -> Iterator[Plan]:
    """The plan of a scenario under these settings, for as long as it is used."""
    plan = PLANS.take(scenario, settings)
    try:
        with in_steps(scenario.calendar.name):
            yield plan
    finally:
        PLANS.give(plan)
