"""When it was decided: how likely each outcome still was after every event of a run.

Exactly where the scenario can be solved, at the dusk of each day on which something happened; else from runs
that share this run's past and go on with other luck, the same for every event (common random numbers).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any

import attrs

from negsim.engine.calendar import Calendar, OtherLuck
from negsim.engine.luck import Keyed
from negsim.engine.plan import Plan
from negsim.engine.policy import fixed_choices_in
from negsim.engine.run import Run
from negsim.errors import ModelError, UsageError
from negsim.explore.intervals import Z95, wilson
from negsim.kernel.program import Instance, Program
from negsim.kernel.table import Table
from negsim.solve.values import ValuesAtDusk, values_at_dusks

RUNS = 100
MOST_RUNS = 1_000_000
MOST_STATES = 20_000
DECIDED = 0.95  # an outcome this likely is called decided
Progress = Callable[[int, int], None]


@attrs.frozen
class Chance:
    """How likely an outcome is at a point; sampled ones have a 95 % Wilson interval, exact ones no width."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The chance as JSON writes it."""
        return {"value": self.value, "low": self.low, "high": self.high}


@attrs.frozen
class Point:
    """A moment of a run: right after an event (`seq`), or at the dusk of a day (then after the last of its events).

    `seq` -1 is the moment before day 0 begins, after history.
    """

    seq: int
    day: int
    chances: Mapping[str, Chance]


@attrs.frozen(eq=False)
class TurningPoints:
    """The chances of all outcomes along a run.

    `is_exact` says how they were had, `runs` how many runs each point took (0 where exact).
    """

    run: Run = attrs.field(repr=False)
    is_exact: bool
    runs: int
    points: tuple[Point, ...]

    @property
    def outcome(self) -> str:
        """How the run ended."""
        return self.run.outcome

    @property
    def steps(self) -> tuple[tuple[Point, float], ...]:
        """Each point but the first, with how much it changed the chance of the run's outcome."""
        pairs = zip(self.points[1:], self.points, strict=False)
        return tuple((p, p.chances[self.outcome].value - before.chances[self.outcome].value) for p, before in pairs)

    def is_noise(self, point: Point, step: float) -> bool:
        """Whether a step of that size up to a point is one that chance alone makes, with this many runs.

        The two shares are taken as independent, which is on the safe side: they have their luck in common.
        """
        if self.is_exact or point is self.points[-1]:
            return False
        after = point.chances[self.outcome].value
        before = after - step
        return abs(step) < Z95 * sqrt((after * (1 - after) + before * (1 - before)) / self.runs)

    @property
    def decided(self) -> Point | None:
        """The first point from which on the run's outcome stays at least 95 % likely."""
        found: Point | None = None
        for point in reversed(self.points):
            if point.chances[self.outcome].value < DECIDED:
                break
            found = point
        return found

    def as_json(self) -> dict[str, Any]:
        """The keys of `negsim why RUN --turning-points --json`."""
        return {
            "run": self.run.id,
            "outcome": self.outcome,
            "exact": self.is_exact,
            "runs": self.runs,
            "decided": None if self.decided is None else {"seq": self.decided.seq, "day": self.decided.day},
            "points": [
                {
                    "seq": point.seq,
                    "day": point.day,
                    "chances": {name: chance.as_json() for name, chance in point.chances.items()},
                }
                for point in self.points
            ],
        }


def turning_points(
    run: Run,
    *,
    exact: bool | None = None,
    runs: int = RUNS,
    max_states: int = MOST_STATES,
    progress: Progress | None = None,
) -> TurningPoints:
    """How likely each outcome still was along a run.

    `exact` asks for exact or for sampled chances; without it they are exact where there are no more than
    `max_states` states. `runs` is how many runs are made for each event. Raises `UsageError` where exact
    chances are asked for and cannot be had.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise UsageError(f"the number of runs is 1 to {MOST_RUNS:,}, not {runs}")
    if exact is not False:
        found = _exact(run, max_states, progress)
        if found is not None:
            return found
        if exact:
            raise UsageError(
                "exact chances cannot be had for this run",
                "it is a fork, follows a policy of its own, or has too many states (--max-states); leave --exact out",
            )
    return _sampled(run, runs, progress)


# Exactly, at dusk.


def _exact(run: Run, max_states: int, progress: Progress | None) -> TurningPoints | None:
    header = run.header
    choices = fixed_choices_in(header.policies)
    own = len(choices) < len(header.policies) or any(choice.nth is not None for choice in choices)
    if header.interventions or own:
        return None
    program = Program(run.scenario, header.parameters, header.readings)
    values = values_at_dusks(program, tuple(choices), max_states=max_states, progress=progress)
    if values is None:
        return None
    days = {event.day: event.seq for event in run.events if event.day >= 0}
    seen: dict[int, dict[str, float]] = {}

    def look(calendar: Calendar, day: int) -> None:
        seen[day] = _at_dusk(values, calendar, day)

    calendar = Calendar(Plan(program), luck=Keyed(header.seed), policies=header.policies, keep=False, at_dusk=look)
    calendar.run()
    last_of_history = max((event.seq for event in run.events if event.day < 0), default=-1)
    points = [Point(last_of_history, -1, _sure(values.before))]
    points += [
        Point(days.get(day, points[-1].seq), day, _sure(found)) for day, found in sorted(seen.items()) if day in days
    ]
    if run.ended_on not in days:
        points.append(Point(len(run.events) - 1, run.ended_on, _sure(seen[run.ended_on])))
    return TurningPoints(run, is_exact=True, runs=0, points=tuple(points))


def _at_dusk(values: ValuesAtDusk, calendar: Calendar, day: int) -> dict[str, float]:
    waiting = [
        (each.action.instance, each.due - day, each.chance, each.action.watches)
        for each in calendar.answers.waiting()
        if isinstance(each.action.instance, (Instance, Table))
    ]
    return dict(values.at(day, calendar.answers.values, waiting))


def _sure(chances: Mapping[str, float]) -> dict[str, Chance]:
    return {name: Chance(value, value, value) for name, value in chances.items()}


# From runs with other luck.


def _sampled(run: Run, runs: int, progress: Progress | None) -> TurningPoints:
    header = run.header
    plan = Plan(Program(run.scenario, header.parameters, header.readings))
    last_of_history = max((event.seq for event in run.events if event.day < 0), default=-1)
    moments = [last_of_history, *(event.seq for event in run.events if event.seq > last_of_history)]
    points = []
    for number, seq in enumerate(moments):
        ends = _ends(run, plan, seq, runs)
        day = run.events[seq].day if seq >= 0 else -1
        points.append(Point(seq, day, _shares(run.scenario.outcomes, ends, runs)))
        if progress is not None:
            progress(number + 1, len(moments))
    done = Counter({run.outcome: 1})
    points.append(
        Point(len(run.events) - 1, run.ended_on, {n: Chance(*[float(done[n])] * 3) for n in run.scenario.outcomes})
    )
    return TurningPoints(run, is_exact=False, runs=runs, points=tuple(points))


def _ends(run: Run, plan: Plan, seq: int, runs: int) -> Counter[str]:
    """How runs end that go on from right after an event with other luck: seeds 1 to `runs` past the run's own."""
    header = run.header
    ends: Counter[str] = Counter()
    for number in range(1, runs + 1):
        calendar = Calendar(
            plan,
            luck=Keyed(header.seed if seq >= 0 else header.seed + number),
            policies=header.policies,
            interventions=header.interventions,
            keep=False,
            other_luck=OtherLuck(seq, Keyed(header.seed + number)) if seq >= 0 else None,
        )
        try:
            ends[calendar.run().outcome] += 1
        except ModelError as error:
            error.add_note(f"in a run that goes on from event {seq} with the luck of seed {header.seed + number}")
            raise
    return ends


def _shares(outcomes: Sequence[str] | Mapping[str, Any], ends: Counter[str], runs: int) -> dict[str, Chance]:
    found = {}
    for name in outcomes:
        share = wilson(ends[name], runs)
        found[name] = Chance(share.share or 0.0, share.low, share.high)
    return found
